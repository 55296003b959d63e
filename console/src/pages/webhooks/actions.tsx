import type { Webhook } from "@countersign/client";
import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { Note, Problem } from "../../parts/notes.tsx";
import { Card } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { Secret } from "./secret.tsx";
import styles from "./webhooks.module.css";

/** Try it, switch it, change its secret, remove it. */
export function Actions({ webhook }: { readonly webhook: Webhook }) {
  const words = useWords();
  const { actions } = words.webhooks;
  const { trial, change, rotate } = useVerbs(webhook);
  if (rotate.data !== undefined) {
    const until = momentText(rotate.data.previousSecretUntil, words.language);
    return <Secret secret={rotate.data.secret} until={until} onDone={rotate.reset} />;
  }
  const error = trial.error ?? change.error ?? rotate.error;
  return (
    <Card title={actions.title}>
      <div role="status">{trial.data && <Trial {...trial.data} />}</div>
      {error && <Problem error={error} />}
      <div className={styles["row"]}>
        <Button loading={trial.isPending} onClick={() => trial.mutate()}>
          {actions.test}
        </Button>
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate(!webhook.enabled)}>
          {webhook.enabled ? actions.off : actions.on}
        </Button>
        <Button variant="default" loading={rotate.isPending} onClick={() => rotate.mutate()}>
          {actions.rotate}
        </Button>
      </div>
      {!webhook.enabled && <p className={styles["help"]}>{actions.onHelp}</p>}
      <Remove id={webhook.id} />
    </Card>
  );
}

function useVerbs({ id }: Webhook) {
  const { client } = useSession();
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["webhooks"] });
  const trial = useMutation({ mutationFn: () => client.webhooks.test(id) });
  const change = useMutation({
    mutationFn: (enabled: boolean) => client.webhooks.update(id, { enabled }),
    onSettled,
  });
  const rotate = useMutation({ mutationFn: () => client.webhooks.rotate(id, {}), onSettled });
  return { trial, change, rotate };
}

function Trial({ ok, status }: { readonly ok: boolean; readonly status?: number }) {
  const { actions } = useWords().webhooks;
  if (status === undefined) return <Note tone="bad">{actions.silent}</Note>;
  return ok ? (
    <Note tone="good">{actions.passed(status)}</Note>
  ) : (
    <Note tone="bad">{actions.failed(status)}</Note>
  );
}

/** Asked twice, in the place of the button. */
function Remove({ id }: { readonly id: string }) {
  const { actions } = useWords().webhooks;
  const { client } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.webhooks.delete(id),
    onSuccess: async () => {
      await navigate("/webhooks");
      queries.removeQueries({ queryKey: ["webhooks", id] });
      await queries.invalidateQueries({ queryKey: ["webhooks"], exact: true });
    },
  });
  if (!asked) {
    return (
      <div>
        <Button variant="subtle" onClick={() => setAsked(true)}>
          {actions.remove}
        </Button>
      </div>
    );
  }
  return (
    <Note tone="bad">
      <p>{actions.sure}</p>
      {remove.error && <Problem error={remove.error} />}
      <div className={styles["row"]}>
        <Button autoFocus loading={remove.isPending} onClick={() => remove.mutate()}>
          {actions.really}
        </Button>
        <Button variant="default" onClick={() => setAsked(false)}>
          {actions.keep}
        </Button>
      </div>
    </Note>
  );
}
