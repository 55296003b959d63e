import type { BodyOf, User } from "@countersign/client";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { type DraftGroup, draftOfAll, valuesOf } from "../../schema/draft.ts";
import { fieldsOf, type Schema } from "../../schema/field.ts";
import { SchemaFields } from "../../schema/schema-fields.tsx";
import { SettingsForm } from "../../schema/settings-form.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";

interface PersonFormProps {
  /** Undefined: a new one. */
  readonly user?: User;
  readonly onSaved: (user: User) => void;
}

/** What is known of a person; of a new one also where messages go. */
export function PersonForm({ user, onSaved }: PersonFormProps) {
  const words = useWords();
  const { form } = words.people;
  const { client } = useSession();
  const fields = useMemo(
    () => fieldsOf(user === undefined ? newSchema(words) : ownSchema(words)),
    [user, words],
  );
  const [draft, setDraft] = useState<DraftGroup>(() => draftOfAll(fields, user ?? {}));
  const save = useMutation({
    mutationFn: () => {
      const values = valuesOf(fields, draft);
      if (user === undefined) return client.users.create(values as BodyOf<"users.create">);
      return client.users.update(user.id, changeOf(user, values));
    },
    onSuccess: onSaved,
  });
  return (
    <SettingsForm
      onSubmit={() => save.mutate()}
      error={save.error}
      pending={save.isPending}
      saved={save.isSuccess && user !== undefined ? form.saved : undefined}
      action={user === undefined ? form.action : form.save}
    >
      <SchemaFields fields={fields} draft={draft} onChange={setDraft} pointer="" />
    </SettingsForm>
  );
}

type Values = Readonly<Record<string, unknown>>;

/** What was emptied is emptied; the role is named only where it changes, since that needs a right of its own. */
function changeOf({ role }: User, { role: wanted = role, ...values }: Values): BodyOf<"users.update"> {
  const emptied = { displayName: null, externalId: null, locale: null };
  return { ...emptied, ...values, ...(wanted !== role && { role: wanted }) } as BodyOf<"users.update">;
}

function ownSchema({ people: { form } }: Words): Schema {
  return {
    properties: {
      displayName: { type: "string", title: form.name },
      externalId: { type: "string", title: form.externalId, description: form.externalIdHelp },
      locale: { type: "string", title: form.locale, description: form.localeHelp },
      role: {
        enum: ["member", "operator", "admin"],
        default: "member",
        title: form.role,
        description: form.roleHelp,
      },
    },
  };
}

function newSchema(words: Words): Schema {
  const { form } = words.people;
  const { displayName, ...others } = ownSchema(words).properties ?? {};
  return {
    properties: {
      ...(displayName && { displayName }),
      email: { type: "string", title: form.email, description: form.emailHelp },
      phone: { type: "string", title: form.phone, description: form.phoneHelp },
      ...others,
    },
  };
}
