import type { AnswerOf } from "@countersign/client";
import { Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Badge, Problem } from "../../parts/notes.tsx";
import styles from "../../parts/page.module.css";
import { Card } from "../../parts/page.tsx";
import { momentText } from "../../parts/time-text.ts";
import { useSession } from "../../session/session.tsx";
import { useWords, type Words } from "../../words/words.ts";
import { costText, countryText, numberText } from "./setting-text.ts";

type Overview = AnswerOf<"sending.get">;

const lookAgainMs = 10_000;

/** What was sent to telephones, how much of the limits that is, and where new numbers get nothing for now. */
export function Counters() {
  const { app, why } = useWords();
  const { client } = useSession();
  const found = useQuery({
    queryKey: ["sending"],
    queryFn: ({ signal }) => client.sending.get({ signal }),
    refetchInterval: (query) => (query.state.error ? false : lookAgainMs),
  });
  const mode = found.data && (
    <Badge tone={found.data.enforce === "block" ? "good" : "quiet"}>
      {why.counters.modes[found.data.enforce]}
    </Badge>
  );
  return (
    <Card title={why.counters.title} aside={mode}>
      {found.isPending && <Loader aria-label={app.loading} />}
      {found.error && <Problem error={found.error} again={() => void found.refetch()} />}
      {found.data && <Found overview={found.data} />}
    </Card>
  );
}

function Found({ overview }: { readonly overview: Overview }) {
  const words = useWords();
  const { counters } = words.why;
  const { hour, day, countries, blockedPrefixes, currency } = overview;
  return (
    <>
      <Span title={counters.hour} totals={hour} currency={currency} />
      <Span title={counters.day} totals={day} currency={currency} />
      <h3 className={styles["soft"]}>{counters.places}</h3>
      {countries.length === 0 && <p className={styles["soft"]}>{counters.none}</p>}
      <ul className={styles["list"]}>
        {countries.map((place) => (
          <li key={`${place.callingCode} ${place.country}`} className={styles["entry"]}>
            <div className={styles["line"]}>
              <span className={styles["strong"]}>{placeText(place, words)}</span>
              <span>{counters.messages(numberText(place.sends, words), place.sends)}</span>
            </div>
            <span className={styles["soft"]}>
              {counters.judged(
                numberText(place.judged.approved, words),
                numberText(place.judged.sends, words),
              )}
            </span>
            {place.blockedUntil !== undefined && (
              <span>{counters.blocked(momentText(place.blockedUntil, words.language))}</span>
            )}
          </li>
        ))}
        {blockedPrefixes.map((place) => (
          <li key={place.id} className={styles["entry"]}>
            {counters.prefix(placeText(place, words), momentText(place.blockedUntil, words.language))}
          </li>
        ))}
      </ul>
    </>
  );
}

function placeText(
  { country, callingCode }: { readonly country: string; readonly callingCode: string },
  words: Words,
) {
  return `${countryText(country, words)} ${callingCode}`;
}

interface SpanProps {
  readonly title: string;
  readonly totals: Overview["day"];
  readonly currency: string;
}

/** Messages and their cost within one span of time, beside their limits. */
function Span({ title, totals, currency }: SpanProps) {
  const words = useWords();
  const { sends, sendsLimit, spentMicros, spendLimitMicros } = totals;
  const cost = (micros: number) => costText(micros, currency, words);
  const messages = (count: number) => words.why.counters.messages(numberText(count, words), count);
  return (
    <div>
      <span className={styles["strong"]}>{title}</span>
      <Used used={sends} limit={sendsLimit} text={messages} title={title} />
      {(spentMicros > 0 || spendLimitMicros !== null) && (
        <Used used={spentMicros} limit={spendLimitMicros} text={cost} title={title} />
      )}
    </div>
  );
}

interface UsedProps {
  readonly used: number;
  readonly limit: number | null;
  readonly text: (count: number) => string;
  readonly title: string;
}

function Used({ used, limit, text, title }: UsedProps) {
  const words = useWords();
  const { counters } = words.why;
  if (limit === null) return <div>{counters.noLimit(text(used))}</div>;
  const said = counters.of(text(used), text(limit));
  return (
    <div>
      <div>{said}</div>
      <progress className={styles["meter"]} max={limit} value={used} aria-label={`${title}: ${said}`} />
    </div>
  );
}
