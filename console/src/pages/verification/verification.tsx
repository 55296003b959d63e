import { CountersignApiError, type Verification } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { closingReason } from "../../parts/event-text.ts";
import { Badge, Facts, Note, Problem } from "../../parts/notes.tsx";
import { Card, Page } from "../../parts/page.tsx";
import { toneOfStatus } from "../../parts/status-tone.ts";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { TimelineView } from "./timeline.tsx";
import { type Timeline, useTimeline } from "./use-timeline.ts";
import styles from "./verification.module.css";

/** `/verifications/:id`: everything that happened to one, and why. */
export function VerificationPage() {
  const { id = "" } = useParams();
  const { app, verification: words } = useWords();
  const { client } = useSession();
  const timeline = useTimeline(id);
  const found = useQuery({
    queryKey: ["verification", id],
    queryFn: ({ signal }) => client.verifications.get(id, { signal }),
  });
  const missing = found.error instanceof CountersignApiError && found.error.status === 404;
  return (
    <Page title={words.title}>
      {missing && <Note tone="bad">{words.missing}</Note>}
      {found.error && !missing && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.data && <Found verification={found.data} timeline={timeline} />}
    </Page>
  );
}

function Found({
  verification,
  timeline,
}: {
  readonly verification: Verification;
  readonly timeline: Timeline;
}) {
  const words = useWords();
  const { status } = verification;
  return (
    <div className={styles["columns"]}>
      <Card
        title={words.verification.timeline}
        aside={<Badge tone={toneOfStatus(status)}>{words.statuses[status]}</Badge>}
      >
        <Note tone={toneOfStatus(status)}>
          <strong>{words.verification.summary}: </strong>
          {shortly(status, closingReason(timeline.events), words)}{" "}
          {status === "pending" && (
            <Link to={`/try?verification=${verification.id}`}>{words.verification.continue}</Link>
          )}
        </Note>
        {timeline.error !== undefined && <Problem error={timeline.error} />}
        {timeline.events.length === 0 && timeline.error === undefined && (
          <p role="status">{words.verification.loading}</p>
        )}
        <TimelineView events={timeline.events} />
      </Card>
      <Card>
        <Facts of={factsOf(verification, words)} />
      </Card>
    </div>
  );
}

function shortly(
  status: Verification["status"],
  reason: string | undefined,
  { verification }: Words,
): string {
  return verification.inShort[`${status}_${reason}`] ?? verification.inShort[status] ?? "";
}

function factsOf(verification: Verification, words: Words) {
  const { fields, of, assurances } = words.verification;
  const { id, via, to, purpose, binding, attempts, maxAttempts, sends, maxSends } = verification;
  const moment = (at: string | undefined) => (at === undefined ? undefined : momentText(at, words.language));
  const bound = [binding?.action, binding?.amount, binding?.call].filter((part) => part !== undefined);
  return [
    [fields.id, <code key="id">{id}</code>],
    [fields.via, words.vias[via] ?? via],
    [fields.to, to],
    [fields.purpose, purpose],
    [fields.binding, bound.length === 0 ? undefined : bound.join(" · ")],
    [fields.attempts, of(attempts, maxAttempts)],
    [fields.sends, of(sends, maxSends)],
    [fields.assurance, assurances[verification.assurance]],
    [fields.createdAt, moment(verification.createdAt)],
    [fields.expiresAt, moment(verification.expiresAt)],
    [fields.closedAt, moment(verification.closedAt)],
  ] as const;
}
