import type { Authenticator } from "@countersign/client";
import { Button, Loader, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Tone } from "../../parts/event-text.ts";
import { Badge, Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card, Empty } from "../../parts/page.tsx";
import { Remove } from "../../parts/remove.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { useMethods, useRefresh } from "./use-people.ts";

interface MethodsProps {
  readonly user: string;
}

/** The methods of one person: which work, how often they failed, and the way out where one was disabled. */
export function Methods({ user }: MethodsProps) {
  const { app, people } = useWords();
  const found = useMethods(user);
  const methods = found.data?.authenticators;
  return (
    <Card title={people.methods.title}>
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {methods?.length === 0 && <Empty title={people.methods.empty} text={people.methods.emptyHelp} />}
      {methods && methods.length > 0 && (
        <ul className={styles["list"]}>
          {methods.map((method) => (
            <Method key={method.id} user={user} method={method} />
          ))}
        </ul>
      )}
    </Card>
  );
}

const tones: Readonly<Record<Authenticator["status"], Tone>> = {
  active: "good",
  pending: "quiet",
  disabled: "bad",
};

interface MethodProps extends MethodsProps {
  readonly method: Authenticator;
}

function Method({ user, method }: MethodProps) {
  const words = useWords();
  const { methods } = words.people;
  const { client } = useSession();
  const refresh = useRefresh(user);
  const kind = words.vias[method.kind] ?? method.kind;
  const name = `${kind}, ${method.label ?? method.hint}`;
  return (
    <li className={styles["entry"]} data-method={method.kind}>
      <div className={styles["line"]}>
        <span className={styles["strong"]}>{kind}</span>
        <Badge tone={tones[method.status]}>{methods.states[method.status]}</Badge>
      </div>
      <span>{[method.label, method.hint].filter(Boolean).join(" · ")}</span>
      <span className={styles["soft"]}>{factsOf(method, words).join(" · ")}</span>
      {method.disabledAt !== undefined && (
        <Note tone="bad">{methods.disabledHelp(momentText(method.disabledAt, words.language))}</Note>
      )}
      {(method.failures > 0 || method.status === "disabled") && (
        <Enable user={user} method={method} name={name} />
      )}
      <Remove
        words={methods.revoke}
        name={name}
        sure={methods.revoke.sure(name)}
        remove={() => client.authenticators.revoke(user, method.id)}
        onRemoved={refresh}
      />
    </li>
  );
}

function factsOf(
  { failures, recoveryCodesLeft, expiresAt, confirmedAt, createdAt }: Authenticator,
  { people: { methods }, language }: Words,
): readonly string[] {
  const age =
    expiresAt === undefined
      ? methods.since(momentText(confirmedAt ?? createdAt, language))
      : methods.until(momentText(expiresAt, language));
  const codes = recoveryCodesLeft === undefined ? [] : [methods.codesLeft(recoveryCodesLeft)];
  return [failures === 0 ? methods.noFailures : methods.failures(failures), ...codes, age];
}

interface EnableProps extends MethodProps {
  /** What buttons of several methods are told apart by. */
  readonly name: string;
}

/** Takes the failures back. The record wants to know why. */
function Enable({ user, method, name }: EnableProps) {
  const { methods } = useWords().people;
  const { client } = useSession();
  const refresh = useRefresh(user);
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState("");
  const enable = useMutation({
    mutationFn: () => client.authenticators.enable(user, method.id, { reason: reason.trim() }),
    onSuccess: refresh,
  });
  const action = method.status === "disabled" ? methods.enable : methods.forgive;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() !== "") enable.mutate();
  };
  if (!asked) {
    return (
      <div>
        <Button variant="default" aria-label={`${action}: ${name}`} onClick={() => setAsked(true)}>
          {action}
        </Button>
      </div>
    );
  }
  return (
    <form className={styles["stack"]} onSubmit={submit}>
      <TextInput
        label={methods.reason}
        description={methods.reasonHelp}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={200}
        autoComplete="off"
        autoFocus
        required
      />
      {enable.error && <Problem error={enable.error} />}
      <div className={styles["row"]}>
        <Button type="submit" loading={enable.isPending}>
          {action}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          {methods.cancel}
        </Button>
      </div>
    </form>
  );
}
