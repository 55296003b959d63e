import type { AnswerOf, BodyOf } from "@countersign/client";
import { NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Facts, Note } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { problemsOf, problemWithin } from "../../schema/problems.ts";
import { SettingsForm } from "../../schema/settings-form.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { PublicationChoice } from "./publication-choice.tsx";
import { costText, countryText, numberText } from "./setting-text.ts";

type Asked = BodyOf<"sending.explain">;
type Explained = AnswerOf<"sending.explain">;

const vias: readonly Asked["via"][] = ["sms", "voice"];

/** Whether a message to a number would go, and every rule that says no. */
export function NumberExplained() {
  const words = useWords();
  const { number } = words.why;
  const [to, setTo] = useState("");
  const [via, setVia] = useState<Asked["via"]>("sms");
  const [publication, setPublication] = useState("");
  const [source, setSource] = useState("");
  const { explain, problem } = useExplaining({ to, via, publication, source });
  return (
    <Card title={number.title}>
      <p className={styles["soft"]}>{number.text}</p>
      <SettingsForm
        onSubmit={() => explain.mutate()}
        error={explain.error}
        pending={explain.isPending}
        action={number.action}
      >
        <TextInput
          label={number.to}
          description={number.toHelp}
          error={problem("/to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          inputMode="tel"
          autoComplete="off"
          maxLength={320}
          required
        />
        <NativeSelect
          label={number.via}
          data={vias.map((one) => ({ value: one, label: words.vias[one] ?? one }))}
          value={via}
          onChange={(event) => setVia(vias.find((one) => one === event.currentTarget.value) ?? "sms")}
        />
        <PublicationChoice
          label={number.publication}
          none={number.anybody}
          chosen={publication}
          onChange={setPublication}
        />
        <TextInput
          label={number.source}
          description={number.sourceHelp}
          error={problem("/source")}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value)}
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
        />
      </SettingsForm>
      <div role="status">{explain.data && <Verdict explained={explain.data} />}</div>
    </Card>
  );
}

interface Typed extends Pick<Asked, "to" | "via"> {
  /** Both empty while nothing is chosen or typed. */
  readonly publication: string;
  readonly source: string;
}

function useExplaining({ to, via, publication, source }: Typed) {
  const { schema } = useWords();
  const { client } = useSession();
  const explain = useMutation({
    mutationFn: () =>
      client.sending.explain({
        to,
        via,
        ...(publication !== "" && { publication }),
        ...(source.trim() !== "" && { source: source.trim() }),
      }),
  });
  const problem = (pointer: string) => {
    const found = problemWithin(problemsOf(explain.error), pointer);
    return found && (schema.problems[found] ?? found);
  };
  return { explain, problem };
}

function Verdict({ explained }: { readonly explained: Explained }) {
  const words = useWords();
  const { allowed, refusals } = explained;
  return (
    <div className={styles["stack"]}>
      <Note tone={allowed ? "good" : "bad"}>
        <p className={styles["strong"]}>{verdictText(explained, words)}</p>
        {refusals.length > 0 && (
          <ul>
            {refusals.map(({ rule, help, retryAfterSeconds }) => (
              <li key={rule} data-rule={rule}>
                {words.reasons[rule] ?? help}{" "}
                {retryAfterSeconds !== undefined && afterText(retryAfterSeconds, words)}
              </li>
            ))}
          </ul>
        )}
      </Note>
      <Facts of={factsOf(explained, words)} />
    </div>
  );
}

function verdictText({ allowed, refusals }: Explained, { why: { number } }: Words): string {
  if (!allowed) return number.refused;
  return refusals.length === 0 ? number.allowed : number.watched;
}

function afterText(seconds: number, words: Words): string {
  const minutes = Math.ceil(seconds / 60);
  return words.why.number.after(numberText(minutes, words), minutes);
}

function factsOf({ country, callingCode, type, listed, priceMicros, currency }: Explained, words: Words) {
  const { number } = words.why;
  const place = country === undefined ? undefined : countryText(country, words);
  return [
    [number.facts.country, [place, callingCode].filter(Boolean).join(", ") || undefined],
    [number.facts.type, type && (number.types[type] ?? type)],
    [number.facts.listed, listed && number.lists[listed]],
    [number.facts.price, priceMicros === 0 ? number.noPrice : costText(priceMicros, currency, words)],
  ] as const;
}
