import { Button, NativeSelect, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import styles from "../../parts/page.module.css";
import { type DraftGroup, draftOfAll, valuesOf } from "../../schema/draft.ts";
import { fieldsOf, type Schema } from "../../schema/field.ts";
import { SchemaFields } from "../../schema/schema-fields.tsx";
import { SettingsForm } from "../../schema/settings-form.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { policySchema, withPolicy } from "./policy-fields.ts";
import type { Channel, Publication } from "./use-publications.ts";

interface PublicationFormProps {
  /** Id of the app. */
  readonly app: string;
  readonly channels: readonly Channel[];
  /** Undefined: a new one. */
  readonly publication?: Publication | undefined;
  readonly onSaved: (publication: Publication) => void;
}

/** Members of a publication that stand below its name. */
const elsewhere = ["settings", "policy"];

/** Everything that is set for a publication; its own settings by the schema of its channel. */
export function PublicationForm({ app, channels, publication, onSaved }: PublicationFormProps) {
  const { form } = useWords().publications;
  const { client } = useSession();
  const state = usePublicationDraft({ channels, publication });
  const save = useMutation({
    mutationFn: () => {
      if (publication !== undefined) return client.publications.update(app, publication.id, state.body());
      return client.publications.create(app, { ...state.body(), channel: state.channel });
    },
    onSuccess: onSaved,
  });
  return (
    <SettingsForm
      onSubmit={() => save.mutate()}
      error={save.error}
      pending={save.isPending}
      saved={save.isSuccess && publication !== undefined ? form.saved : undefined}
      action={publication === undefined ? form.add : form.save}
      aside={
        <Button variant="default" component={Link} to="/publications">
          {form.cancel}
        </Button>
      }
    >
      <SchemaFields
        fields={state.ownFields}
        draft={state.own}
        onChange={state.setOwn}
        pointer=""
        elsewhere={elsewhere}
      />
      {publication === undefined && <ChannelChoice state={state} />}
      <Switch
        label={form.mfa}
        description={form.mfaHelp}
        checked={state.mfa}
        onChange={(event) => state.setMfa(event.currentTarget.checked)}
      />
      <h2>{form.settings(state.title)}</h2>
      {state.fields.length === 0 && <p className={styles["soft"]}>{form.noSettings}</p>}
      <SchemaFields
        key={state.channel}
        fields={state.fields}
        draft={state.settings}
        onChange={state.setSettings}
        pointer="/settings"
      />
      <h2>{form.policy}</h2>
      <p className={styles["soft"]}>{form.policyHelp}</p>
      <SchemaFields
        fields={state.policyFields}
        draft={state.policy}
        onChange={state.setPolicy}
        pointer="/policy"
      />
    </SettingsForm>
  );
}

function ChannelChoice({ state }: { readonly state: ReturnType<typeof usePublicationDraft> }) {
  const { form } = useWords().publications;
  return (
    <NativeSelect
      label={form.channel}
      description={form.channelHelp}
      data={state.choices.map(({ channel, title }) => ({ value: channel, label: title }))}
      value={state.channel}
      onChange={(event) => state.choose(event.currentTarget.value)}
      required
    />
  );
}

function usePublicationDraft({
  channels,
  publication,
}: Pick<PublicationFormProps, "channels" | "publication">) {
  const words = useWords();
  const { form, channels: titles } = words.publications;
  const choices = [...channels, { channel: "api", title: titles["api"] ?? "api", settings: {} } as const];
  const ownFields = useMemo(
    () => fieldsOf({ required: ["name"], properties: { name: { type: "string", title: form.name } } }),
    [form],
  );
  const policyFields = useMemo(() => fieldsOf(policySchema(words)), [words]);
  const [channel, setChannel] = useState<Publication["channel"]>(
    publication?.channel ?? channels[0]?.channel ?? "api",
  );
  const chosen = choices.find((one) => one.channel === channel);
  const schema = chosen?.settings;
  const fields = useMemo(() => fieldsOf((schema ?? {}) as Schema), [schema]);
  const [own, setOwn] = useState<DraftGroup>(() => draftOfAll(ownFields, publication ?? {}));
  const [mfa, setMfa] = useState(publication?.mfa ?? true);
  // What was filled in for one channel stays while another one is looked at: many settings are alike.
  const [settings, setSettings] = useState<DraftGroup>(() => draftOfAll(fields, publication?.settings ?? {}));
  const [policy, setPolicy] = useState<DraftGroup>(() => draftOfAll(policyFields, publication?.policy ?? {}));
  const choose = (value: string) => {
    const found = choices.find((one) => one.channel === value);
    if (found !== undefined) setChannel(found.channel);
  };
  const body = () => {
    const { name = "" } = valuesOf(ownFields, own) as { readonly name?: string };
    const change = valuesOf(policyFields, policy);
    return {
      name,
      mfa,
      policy: withPolicy(publication?.policy ?? {}, change),
      settings: valuesOf(fields, settings),
    };
  };
  return {
    ...{ choices, channel, choose, title: chosen?.title ?? channel, ownFields, own, setOwn, mfa, setMfa },
    ...{ fields, settings, setSettings, policyFields, policy, setPolicy, body },
  };
}
