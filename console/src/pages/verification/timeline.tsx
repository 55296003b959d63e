import type { AuditEvent } from "@countersign/client";
import { eventText } from "../../parts/event-text.ts";
import { clockText, laterText, momentText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";
import styles from "./verification.module.css";

/** The steps of one verification, oldest first, each with its time and how long after the beginning it came. */
export function TimelineView({ events }: { readonly events: readonly AuditEvent[] }) {
  const words = useWords();
  const began = events[0]?.at;
  return (
    <ol className={styles["steps"]}>
      {events.map((event) => {
        const { title, to, via, reason, facts, tone } = eventText(event, words);
        const begins = event.type === "verification.started" || event.type === "verification.resent";
        const where = begins ? [via, to] : [];
        return (
          <li key={event.seq} className={styles["step"]} data-tone={tone}>
            <div className={styles["when"]}>
              <time dateTime={event.at} title={momentText(event.at, words.language)}>
                {clockText(event.at, words.language)}
              </time>
              {began !== undefined && event.at !== began && (
                <span>{words.facts.later(laterText(began, event.at, words.language))}</span>
              )}
            </div>
            <strong>{title}</strong>
            {reason !== undefined && <p>{reason}</p>}
            <p className={styles["facts"]}>{[...where, ...facts].filter(Boolean).join(" · ")}</p>
          </li>
        );
      })}
    </ol>
  );
}
