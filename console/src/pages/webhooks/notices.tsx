import type { QueryOf, WebhookNotice } from "@countersign/client";
import { Button, Loader, NativeSelect } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { More } from "../../parts/more.tsx";
import { Badge, Problem } from "../../parts/notes.tsx";
import { Card, Empty } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import styles from "./webhooks.module.css";
import { lookAgainMs } from "./webhooks.tsx";

type State = NonNullable<QueryOf<"webhooks.notices">["state"]>;
const states: readonly State[] = ["waiting", "delivered", "failed"];

/** What a web-hook was told, newest first, each with a way to send it again. */
export function Notices({ webhook }: { readonly webhook: string }) {
  const { app, webhooks } = useWords();
  const { notices: words } = webhooks;
  const { client } = useSession();
  const [state, setState] = useState<State>();
  const found = useInfiniteQuery({
    queryKey: ["webhooks", webhook, "notices", state],
    queryFn: ({ pageParam, signal }) =>
      client.webhooks.notices(
        webhook,
        { limit: 25, ...(state && { state }), ...(pageParam !== null && { before: pageParam }) },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: lookAgainMs,
  });
  const shown = found.data?.pages.flatMap(({ notices }) => notices) ?? [];
  const choose = (value: string) => setState(states.find((one) => one === value));
  return (
    <Card
      title={words.title}
      aside={
        <NativeSelect
          aria-label={words.state}
          data={[
            { value: "", label: words.every },
            ...states.map((value) => ({ value, label: words.states[value] })),
          ]}
          value={state ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      }
    >
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data && shown.length === 0 && <Empty title={words.empty} text={words.emptyHelp} />}
      <ul className={styles["list"]}>
        {shown.map((notice) => (
          <NoticeRow key={notice.event} webhook={webhook} notice={notice} />
        ))}
      </ul>
      <More of={found}>{words.more}</More>
    </Card>
  );
}

const tones = { waiting: "quiet", delivered: "good", failed: "bad" } as const;

interface NoticeRowProps {
  readonly webhook: string;
  readonly notice: WebhookNotice;
}

function NoticeRow({ webhook, notice }: NoticeRowProps) {
  const words = useWords();
  const { notices } = words.webhooks;
  const { client } = useSession();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: () => client.webhooks.replay(webhook, { event: notice.event }),
    onSettled: () => queries.invalidateQueries({ queryKey: ["webhooks", webhook] }),
  });
  const { type, at, verification, state } = notice;
  const title = words.events[type as keyof typeof words.events] ?? type;
  return (
    <li className={styles["entry"]} data-state={state} data-event={notice.event}>
      <div className={styles["line"]}>
        <strong>
          {verification === undefined ? title : <Link to={`/verifications/${verification}`}>{title}</Link>}
        </strong>
        <Badge tone={tones[state]}>{notices.states[state]}</Badge>
      </div>
      <time className={styles["soft"]} dateTime={at}>
        {momentText(at, words.language)}
      </time>
      <div className={styles["line"]}>
        <span className={styles["soft"]}>{fateOf(notice, words)}</span>
        <Button
          size="compact-sm"
          variant="default"
          loading={again.isPending}
          aria-label={notices.againOf(title)}
          onClick={() => again.mutate()}
        >
          {notices.again}
        </Button>
      </div>
      {again.error && <Problem error={again.error} />}
    </li>
  );
}

function fateOf({ tries, status, dueAt }: WebhookNotice, { webhooks, language }: Words): string {
  const { notices } = webhooks;
  if (tries === 0) return notices.untried;
  return [
    notices.tries(tries),
    status === undefined ? notices.unanswered : notices.answered(status),
    dueAt && notices.next(momentText(dueAt, language)),
  ]
    .filter(Boolean)
    .join(" · ");
}
