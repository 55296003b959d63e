import type { AuditEvent } from "@countersign/client";
import { Link } from "react-router";
import { eventText } from "../../parts/event-text.ts";
import { clockText, dayText, momentText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";
import styles from "./feed.module.css";

interface EventRowProps {
  readonly event: AuditEvent;
  /** Where a list reaches back over days, the day is shown. */
  readonly day?: "shown";
}

/** One event of the feed, or of what happened to a person. */
export function EventRow({ event, day }: EventRowProps) {
  const words = useWords();
  const { title, to, via, reason, facts, tone } = eventText(event, words);
  const where = [via, to].filter((part) => part !== undefined).join(" · ");
  return (
    <li className={styles["event"]} data-tone={tone} data-type={event.type}>
      <time className={styles["time"]} dateTime={event.at} title={momentText(event.at, words.language)}>
        {clockText(event.at, words.language)}
        {day === "shown" && <span className={styles["day"]}>{dayText(event.at, words.language)}</span>}
      </time>
      <div className={styles["what"]}>
        <div className={styles["line"]}>
          <strong>{title}</strong>
          <code className={styles["type"]}>{event.type}</code>
        </div>
        {where !== "" && <span>{where}</span>}
        {reason !== undefined && <span className={styles["reason"]}>{reason}</span>}
        <span className={styles["facts"]}>
          {[...facts, event.actor && words.feed.by(event.actor)].filter(Boolean).join(" · ")}
        </span>
      </div>
      {event.verification !== undefined && (
        <Link
          className={styles["link"]}
          to={`/verifications/${event.verification}`}
          title={event.verification}
          aria-label={`${event.verification.slice(-8)}: ${words.feed.details}`}
        >
          {event.verification.slice(-8)}
        </Link>
      )}
    </li>
  );
}
