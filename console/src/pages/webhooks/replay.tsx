import { Button, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Note, Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import styles from "./webhooks.module.css";

/** Everything since a time, again. The time is the reader's own. */
export function Replay({ webhook }: { readonly webhook: string }) {
  const { replay: words } = useWords().webhooks;
  const { client } = useSession();
  const queries = useQueryClient();
  const [since, setSince] = useState("");
  const replay = useMutation({
    mutationFn: () => client.webhooks.replay(webhook, { since: new Date(since).toISOString() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["webhooks", webhook] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replay.mutate();
  };
  return (
    <Card title={words.title}>
      <p className={styles["help"]}>{words.text}</p>
      <form className={styles["form"]} onSubmit={submit}>
        <TextInput
          type="datetime-local"
          label={words.since}
          value={since}
          onChange={(event) => setSince(event.currentTarget.value)}
          required
        />
        {replay.error && <Problem error={replay.error} />}
        <div>
          <Button type="submit" variant="default" loading={replay.isPending}>
            {words.action}
          </Button>
        </div>
        <div role="status">{replay.isSuccess && <Note tone="good">{words.done}</Note>}</div>
      </form>
    </Card>
  );
}
