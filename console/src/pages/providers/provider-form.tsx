import { Button, Checkbox, Switch } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import styles from "../../parts/page.module.css";
import { type DraftGroup, draftOfAll, valuesOf } from "../../schema/draft.ts";
import { fieldsOf, type Schema } from "../../schema/field.ts";
import { problemsOf, problemWithin } from "../../schema/problems.ts";
import { SchemaFields } from "../../schema/schema-fields.tsx";
import { SettingsForm } from "../../schema/settings-form.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import type { Provider } from "./order.ts";
import { asksBeside, type ProviderKind } from "./use-providers.ts";

interface ProviderFormProps {
  readonly kind: ProviderKind;
  /** Undefined: a new one. */
  readonly provider?: Provider | undefined;
  /** Where a new one goes in the order. */
  readonly position?: number;
  readonly onSaved: (provider: Provider) => void;
}

/** Members of a provider that stand below its name. */
const elsewhere = ["vias", "settings", "besideSimulated"];

/** Everything that is set for a provider; its own settings by the schema of its kind. */
export function ProviderForm({ kind, provider, position = 0, onSaved }: ProviderFormProps) {
  const words = useWords();
  const { form, beside } = words.providers;
  const state = useProviderDraft({ kind, provider, position });
  const { client } = useSession();
  const save = useMutation({
    mutationFn: () => {
      const { kind: _, ...change } = state.body();
      if (provider === undefined) return client.providers.create({ ...change, kind: kind.kind });
      return client.providers.update(provider.id, { ...change, countries: change.countries ?? null });
    },
    onSuccess: onSaved,
  });
  const asked = asksBeside(save.error);
  return (
    <SettingsForm
      onSubmit={() => save.mutate()}
      error={save.error}
      pending={save.isPending}
      saved={save.isSuccess && provider !== undefined ? form.saved : undefined}
      action={provider === undefined ? form.add : form.save}
      aside={
        <Button variant="default" component={Link} to="/providers">
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
      <Vias kind={kind} chosen={state.vias} onChange={state.setVias} error={save.error} />
      <Switch
        label={form.enabled}
        checked={state.enabled}
        onChange={(event) => state.setEnabled(event.currentTarget.checked)}
      />
      <SchemaFields
        fields={state.fields}
        draft={state.settings}
        onChange={state.setSettings}
        pointer="/settings"
      />
      {(asked || state.besideSimulated) && (
        <Checkbox
          label={beside.check}
          description={beside.text}
          checked={state.besideSimulated}
          onChange={(event) => state.setBesideSimulated(event.currentTarget.checked)}
        />
      )}
    </SettingsForm>
  );
}

function useProviderDraft({
  kind,
  provider,
  position,
}: Pick<ProviderFormProps, "kind" | "provider" | "position">) {
  const words = useWords();
  const ownFields = useMemo(() => fieldsOf(ownSchema(words)), [words]);
  const fields = useMemo(() => fieldsOf(kind.settings as Schema), [kind]);
  const [own, setOwn] = useState<DraftGroup>(() =>
    draftOfAll(ownFields, provider ?? { name: kind.title, position }),
  );
  const [vias, setVias] = useState<readonly string[]>(provider?.vias ?? kind.vias);
  const [enabled, setEnabled] = useState(provider?.enabled ?? true);
  const [settings, setSettings] = useState<DraftGroup>(() => draftOfAll(fields, provider?.settings ?? {}));
  const [besideSimulated, setBesideSimulated] = useState(false);
  const body = () => {
    const {
      name = "",
      position: place = provider?.position ?? position ?? 0,
      countries,
    } = valuesOf(ownFields, own) as {
      readonly name?: string;
      readonly position?: number;
      readonly countries?: readonly string[];
    };
    return {
      name,
      kind: kind.kind,
      position: place,
      vias: kind.vias.filter((via) => vias.includes(via)),
      enabled,
      ...(countries && { countries: countries.map((country) => country.toUpperCase()) }),
      settings: valuesOf(fields, settings),
      ...(besideSimulated && { besideSimulated }),
    };
  };
  return {
    ...{ ownFields, own, setOwn, fields, settings, setSettings, vias, setVias },
    ...{ enabled, setEnabled, besideSimulated, setBesideSimulated, body },
  };
}

/** What every provider has. */
function ownSchema({ providers: { form } }: Words): Schema {
  return {
    required: ["name"],
    properties: {
      name: { type: "string", title: form.name, description: form.nameHelp },
      countries: {
        type: "array",
        items: { type: "string" },
        title: form.countries,
        description: form.countriesHelp,
      },
      position: { type: "integer", title: form.place, description: form.placeHelp },
    },
  };
}

interface ViasProps {
  readonly kind: ProviderKind;
  readonly chosen: readonly string[];
  readonly onChange: (vias: readonly string[]) => void;
  readonly error: unknown;
}

function Vias({ kind, chosen, onChange, error }: ViasProps) {
  const { providers, vias } = useWords();
  return (
    <Checkbox.Group
      label={providers.form.vias}
      value={[...chosen]}
      onChange={onChange}
      error={problemWithin(problemsOf(error), "/vias")}
      required
    >
      <div className={styles["row"]}>
        {kind.vias.map((via) => (
          <Checkbox key={via} value={via} label={vias[via]} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
