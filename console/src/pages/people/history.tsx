import { Loader } from "@mantine/core";
import { More } from "../../parts/more.tsx";
import { Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";
import { EventRow } from "../feed/event-row.tsx";
import feed from "../feed/feed.module.css";
import { useHistory } from "./use-people.ts";

/** What the record says of one person; each verification leads to its own page. */
export function HistoryCard({ user }: { readonly user: string }) {
  const words = useWords();
  const { history } = words.people;
  const found = useHistory(user);
  const { events = [] } = found.data ?? {};
  const oldest = events.at(-1)?.at;
  return (
    <Card title={history.title}>
      <p className={styles["soft"]}>{history.text}</p>
      {found.isPending && <Loader aria-label={words.app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data && events.length === 0 && <p className={styles["soft"]}>{history.none}</p>}
      {events.length > 0 && (
        <ol className={feed["events"]}>
          {events.map((event) => (
            <EventRow key={event.seq} event={event} day="shown" />
          ))}
        </ol>
      )}
      {found.data && (
        <div className={styles["row"]}>
          <span className={styles["soft"]} role="status">
            {!found.hasNextPage && history.begin}
            {found.hasNextPage && oldest !== undefined && history.back(momentText(oldest, words.language))}
          </span>
          <More of={found} size="compact-sm">
            {history.more}
          </More>
        </div>
      )}
    </Card>
  );
}
