import { Note } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { momentText } from "../../parts/time-text.ts";
import { useWords } from "../../words/words.ts";
import type { ProviderHealth } from "./use-providers.ts";

/** How a provider did within the last day, in one line; below it what is wrong now. */
export function HealthLine({ health }: { readonly health: ProviderHealth }) {
  const { providers, language } = useWords();
  const { health: words } = providers;
  const { countries, lastFailure, openedAt, handOverP95Ms } = health;
  const sum = (of: "calls" | "accepted" | "delivered" | "failed" | "converted") =>
    countries.reduce((total, country) => total + country[of], 0);
  const told = (count: number, say: (count: number) => string) => (count > 0 ? say(count) : undefined);
  const day = [
    words.day(sum("calls"), sum("accepted")),
    told(sum("delivered"), words.delivered),
    told(sum("failed"), words.failed),
    told(sum("converted"), words.answered),
    handOverP95Ms === undefined ? undefined : words.speed(handOverP95Ms),
  ];
  return (
    <>
      <p className={styles["soft"]}>
        {countries.length === 0 ? words.none : day.filter(Boolean).join(" · ")}
      </p>
      {openedAt !== undefined && <Note tone="bad">{words.since(momentText(openedAt, language))}</Note>}
      {lastFailure && (
        <p className={styles["soft"]}>
          {words.last(
            words.failures[lastFailure.reason] ?? lastFailure.reason,
            momentText(lastFailure.at, language),
          )}
        </p>
      )}
    </>
  );
}
