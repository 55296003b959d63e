import type { AnswerOf } from "@countersign/client";
import { Loader, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { Badge, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { personName } from "../../parts/person-name.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { PublicationChoice } from "./publication-choice.tsx";
import { ruleText, settingText } from "./setting-text.ts";

type SettingsByName = AnswerOf<"policy.explain">["settings"];
type Setting = SettingsByName[string];

const isSending = (name: string) => name.startsWith("sending.");
const isPlain = (name: string) => !isSending(name);

const listed = 200;

/** What holds for a publication and a person, and whose word it is. Both stand in the address. */
export function PolicyExplained() {
  const { app, why } = useWords();
  const { client } = useSession();
  const [search, setSearch] = useSearchParams();
  const user = search.get("user") ?? "";
  const publication = search.get("publication") ?? "";
  const found = useQuery({
    queryKey: ["policy", publication, user],
    queryFn: ({ signal }) =>
      client.policy.explain(
        { ...(publication !== "" && { publication }), ...(user !== "" && { user }) },
        { signal },
      ),
  });
  const choose = (name: string) => (id: string) => {
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (id === "") after.delete(name);
        else after.set(name, id);
        return after;
      },
      { replace: true },
    );
  };
  return (
    <Card title={why.policy.title}>
      <p className={styles["soft"]}>{why.policy.text}</p>
      <PublicationChoice
        label={why.policy.publication}
        none={why.policy.noPublication}
        chosen={publication}
        onChange={choose("publication")}
      />
      <PersonChoice chosen={user} onChange={choose("user")} />
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data && (
        <div className={styles["columns"]}>
          <Settings title={why.policy.plain} settings={found.data.settings} of={isPlain} />
          <Settings title={why.policy.sending} settings={found.data.settings} of={isSending} />
        </div>
      )}
    </Card>
  );
}

interface PersonChoiceProps {
  readonly chosen: string;
  readonly onChange: (id: string) => void;
}

function PersonChoice({ chosen, onChange }: PersonChoiceProps) {
  const { why } = useWords();
  const { client } = useSession();
  const people = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => client.users.list({ limit: listed }, { signal }),
  });
  const known = (people.data?.users ?? []).map((one) => ({ value: one.id, label: personName(one) }));
  // Somebody whose page led here need not be among the first.
  const isMissing = chosen !== "" && !known.some(({ value }) => value === chosen);
  const others = isMissing ? [{ value: chosen, label: chosen }] : [];
  return (
    <>
      <NativeSelect
        label={why.policy.person}
        description={people.data?.next ? why.policy.people : undefined}
        data={[{ value: "", label: why.policy.noPerson }, ...known, ...others]}
        value={chosen}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {people.error && <Problem error={people.error} again={() => void people.refetch()} />}
    </>
  );
}

interface SettingsProps {
  readonly title: string;
  readonly settings: SettingsByName;
  readonly of: (name: string) => boolean;
}

function Settings({ title, settings, of }: SettingsProps) {
  const currency = String(settings["sending.currency"]?.value ?? "EUR");
  return (
    <div>
      <h3>{title}</h3>
      <ul className={styles["list"]}>
        {Object.entries(settings)
          .filter(([name]) => of(name))
          .map(([name, setting]) => (
            <SettingEntry key={name} name={name} setting={setting} currency={currency} />
          ))}
      </ul>
    </div>
  );
}

interface SettingEntryProps {
  readonly name: string;
  readonly setting: Setting;
  readonly currency: string;
}

function SettingEntry({ name, setting, currency }: SettingEntryProps) {
  const words = useWords();
  const { policy } = words.why;
  const { value, decidedBy, candidates, rule } = setting;
  const levelText = (level: string) => policy.levels[level] ?? level;
  return (
    <li className={styles["entry"]} data-setting={name}>
      <div className={styles["line"]}>
        <span className={styles["strong"]}>{policy.settings[name] ?? name}</span>
        <Badge tone={decidedBy === "default" ? "quiet" : "good"}>
          {policy.decided(levelText(decidedBy))}
        </Badge>
      </div>
      <span>{settingText(name, value, currency, words)}</span>
      <span className={styles["soft"]}>
        {ruleText(name, rule, words)} <code>{name}</code>
      </span>
      {candidates.length > 1 && (
        <details>
          <summary>{policy.says}</summary>
          <ul>
            {candidates.map((candidate) => (
              <li key={candidate.level}>
                {levelText(candidate.level)}: {settingText(name, candidate.value, currency, words)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
