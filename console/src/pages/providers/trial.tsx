import { Button, NativeSelect } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Note, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import type { Provider } from "./order.ts";

interface TrialProps {
  readonly provider: Provider;
  /** Whether it can be asked without sending a message. */
  readonly probe: boolean;
}

/** Ask the provider, and send a message without a code to an admin: each with its answer. */
export function Trial({ provider, probe }: TrialProps) {
  const { providers, app } = useWords();
  const { trial: words } = providers;
  const { client } = useSession();
  const [person, setPerson] = useState("");
  const people = useQuery({
    queryKey: ["users"],
    queryFn: ({ signal }) => client.users.list({ limit: 200 }, { signal }),
  });
  const admins = people.data?.users.filter(({ role }) => role === "admin") ?? [];
  const admin = person || admins[0]?.id || "";
  const ask = useMutation({ mutationFn: () => client.providers.probe(provider.id) });
  const send = useMutation({ mutationFn: () => client.providers.test(provider.id, { user: admin }) });
  return (
    <Card title={words.title}>
      <p className={styles["soft"]}>{words.help}</p>
      {probe && (
        <>
          <div>
            <Button variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
              {words.probe}
            </Button>
          </div>
          <Answer error={ask.error} answer={ask.data} />
        </>
      )}
      {people.error && <Problem error={people.error} again={() => void people.refetch()} />}
      {people.isPending && <p className={styles["soft"]}>{app.loading}</p>}
      {people.data && admins.length === 0 && <p className={styles["soft"]}>{words.noAdmin}</p>}
      {admins.length > 0 && (
        <>
          <NativeSelect
            label={words.person}
            data={admins.map(({ id, displayName }) => ({ value: id, label: displayName ?? id }))}
            value={admin}
            onChange={(event) => setPerson(event.currentTarget.value)}
          />
          <div>
            <Button variant="default" loading={send.isPending} onClick={() => send.mutate()}>
              {words.send}
            </Button>
          </div>
          <Answer
            error={send.error}
            answer={send.data && { ok: send.data.ok, message: words.sentTo(send.data.message, send.data.to) }}
          />
        </>
      )}
    </Card>
  );
}

interface AnswerProps {
  readonly error: unknown;
  readonly answer: { readonly ok: boolean; readonly message: string } | undefined;
}

function Answer({ error, answer }: AnswerProps) {
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <div role="status">{answer && <Note tone={answer.ok ? "good" : "bad"}>{answer.message}</Note>}</div>
    </>
  );
}
