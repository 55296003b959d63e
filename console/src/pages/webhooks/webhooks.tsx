import type { Webhook } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { Problem } from "../../parts/notes.tsx";
import { Card, Empty, Page } from "../../parts/page.tsx";
import { useSession } from "../../session/session.tsx";
import { useWords } from "../../words/words.ts";
import { Add, type Added } from "./add.tsx";
import { Secret } from "./secret.tsx";
import { StateBadge } from "./state-badge.tsx";
import styles from "./webhooks.module.css";

/** How often a page about web-hooks looks again: what arrives there makes no event. */
export const lookAgainMs = 5_000;

/** `/webhooks`: who outside is told of events, and a form for one more. */
export function WebhooksPage() {
  const { app, webhooks: words } = useWords();
  const { client } = useSession();
  const queries = useQueryClient();
  const [added, setAdded] = useState<Added>();
  const found = useQuery({
    queryKey: ["webhooks"],
    queryFn: ({ signal }) => client.webhooks.list({ limit: 200 }, { signal }),
    refetchInterval: lookAgainMs,
  });
  const show = (one: Added) => {
    setAdded(one);
    void queries.invalidateQueries({ queryKey: ["webhooks"] });
  };
  return (
    <Page title={words.title} text={words.text}>
      <div className={styles["columns"]}>
        <Card title={words.list}>
          {found.isPending && <Loader aria-label={app.loading} />}
          {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
          {found.data && <List webhooks={found.data.webhooks} />}
        </Card>
        {added === undefined ? (
          <Add onAdded={show} />
        ) : (
          <Secret secret={added.secret} onDone={() => setAdded(undefined)} />
        )}
      </div>
    </Page>
  );
}

function List({ webhooks }: { readonly webhooks: readonly Webhook[] }) {
  const { webhooks: words } = useWords();
  if (webhooks.length === 0) return <Empty title={words.empty} text={words.emptyHelp} />;
  return (
    <ul className={styles["list"]}>
      {webhooks.map((webhook) => (
        <li key={webhook.id} className={styles["entry"]}>
          <div className={styles["line"]}>
            <Link to={`/webhooks/${webhook.id}`} className={styles["url"] ?? ""}>
              {webhook.url}
            </Link>
            <StateBadge webhook={webhook} />
          </div>
          {webhook.description !== undefined && <span>{webhook.description}</span>}
          <span className={styles["soft"]}>
            {webhook.events.length === 0 ? words.all : words.some(webhook.events.length)}
          </span>
        </li>
      ))}
    </ul>
  );
}
