import type { BodyOf } from "@countersign/client";
import { NativeSelect, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { problemsOf, problemWithin } from "../../schema/problems.ts";
import { SettingsForm } from "../../schema/settings-form.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { useRefresh } from "./use-people.ts";

type Kind = BodyOf<"authenticators.create">["kind"];

const kinds: readonly Kind[] = ["sms", "voice", "email"];

/** One more number or address, without asking the person. */
export function Vouch({ user }: { readonly user: string }) {
  const words = useWords();
  const { vouch } = words.people;
  const { client } = useSession();
  const refresh = useRefresh(user);
  const [kind, setKind] = useState<Kind>("sms");
  const [to, setTo] = useState("");
  const [label, setLabel] = useState("");
  const add = useMutation({
    mutationFn: () =>
      client.authenticators.create(user, { kind, to, ...(label.trim() !== "" && { label: label.trim() }) }),
    onSuccess: async () => {
      setTo("");
      setLabel("");
      await refresh();
    },
  });
  const problem = (pointer: string) => {
    const found = problemWithin(problemsOf(add.error), pointer);
    return found && (words.schema.problems[found] ?? found);
  };
  return (
    <Card title={vouch.title}>
      <p className={styles["soft"]}>{vouch.text}</p>
      <SettingsForm
        onSubmit={() => add.mutate()}
        error={add.error}
        pending={add.isPending}
        saved={add.isSuccess ? vouch.added : undefined}
        action={vouch.action}
      >
        <NativeSelect
          label={vouch.kind}
          data={kinds.map((one) => ({ value: one, label: words.vias[one] ?? one }))}
          value={kind}
          onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? "sms")}
        />
        <TextInput
          label={vouch.to}
          description={vouch.toHelp}
          error={problem("/to")}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          maxLength={320}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <TextInput
          label={vouch.label}
          error={problem("/label")}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          maxLength={64}
          autoComplete="off"
        />
      </SettingsForm>
    </Card>
  );
}
