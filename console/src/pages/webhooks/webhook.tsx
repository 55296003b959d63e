import { CountersignApiError, type Webhook } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { Facts, Note, Problem } from "../../parts/notes.tsx";
import { Card, Page } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { Actions } from "./actions.tsx";
import { Notices } from "./notices.tsx";
import { Replay } from "./replay.tsx";
import { StateBadge } from "./state-badge.tsx";
import styles from "./webhooks.module.css";
import { lookAgainMs } from "./webhooks.tsx";

/** `/webhooks/:id`: one web-hook, what it was told, and what can be done about it. */
export function WebhookPage() {
  const { id = "" } = useParams();
  const { app, webhooks: words } = useWords();
  const { client } = useSession();
  const found = useQuery({
    queryKey: ["webhooks", id],
    queryFn: ({ signal }) => client.webhooks.get(id, { signal }),
    refetchInterval: (query) => (query.state.error ? false : lookAgainMs),
  });
  const missing = found.error instanceof CountersignApiError && found.error.status === 404;
  return (
    <Page title={words.title} aside={<Link to="/webhooks">{words.back}</Link>}>
      {missing && <Note tone="bad">{words.missing}</Note>}
      {found.error && !missing && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.data && !missing && <Found webhook={found.data} />}
    </Page>
  );
}

function Found({ webhook }: { readonly webhook: Webhook }) {
  const words = useWords();
  const { webhooks, language } = words;
  return (
    <div className={styles["columns"]}>
      <Notices webhook={webhook.id} />
      <div className={styles["form"]}>
        <Card title={webhooks.one} aside={<StateBadge webhook={webhook} />}>
          {webhook.disabledReason !== undefined && (
            <Note tone="bad">{webhooks.ends[webhook.disabledReason]}</Note>
          )}
          {webhook.enabled && webhook.failingSince !== undefined && (
            <Note tone="bad">{webhooks.failingSince(momentText(webhook.failingSince, language))}</Note>
          )}
          <Facts of={factsOf(webhook, words)} />
        </Card>
        <Actions webhook={webhook} />
        <Replay webhook={webhook.id} />
      </div>
    </div>
  );
}

function factsOf(webhook: Webhook, { webhooks, events, language }: Words) {
  const { fields, all } = webhooks;
  const moment = (at: string | undefined) => (at === undefined ? undefined : momentText(at, language));
  const types = webhook.events.map((type) => events[type as keyof typeof events] ?? type);
  return [
    [fields.url, webhook.url],
    [fields.description, webhook.description],
    [fields.events, types.length === 0 ? all : types.join(", ")],
    [fields.publication, webhook.publication],
    [fields.id, <code key="id">{webhook.id}</code>],
    [fields.createdAt, moment(webhook.createdAt)],
    [fields.disabledAt, moment(webhook.disabledAt)],
    [fields.previousSecretUntil, moment(webhook.previousSecretUntil)],
  ] as const;
}
