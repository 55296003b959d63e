import { Button, NativeSelect, TextInput } from "@mantine/core";
import { type PointerEvent, useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { keptEvents, shownIn, waitingIn } from "../../live/feed.ts";
import { useLive } from "../../live/live.tsx";
import { Empty, Page } from "../../parts/page.tsx";
import { useWords } from "../../words/words.ts";
import { EventRow } from "./event-row.tsx";
import styles from "./feed.module.css";
import { type FeedFilters, filtersOf, fits, withFilter } from "./filters.ts";

/** `/feed`: events as they happen. It stands still while paused, and while the pointer is over it. */
export function FeedPage() {
  const { feed: words } = useWords();
  const { feed, snapshot } = useLive();
  const [query, setQuery] = useSearchParams();
  const filters = filtersOf(query);
  const [paused, setPaused] = useState(false);
  const [touched, setTouched] = useState(false);

  useEffect(() => {
    if (paused || touched) feed.hold();
    else feed.release();
  }, [feed, paused, touched]);
  useEffect(() => () => feed.release(), [feed]);

  const shown = shownIn(snapshot).filter((event) => fits(event, filters));
  const waiting = waitingIn(snapshot).filter((event) => fits(event, filters)).length;
  const showNew = () => {
    setPaused(false);
    setTouched(false);
    feed.release();
  };
  // A finger that scrolls is no pointer that rests.
  const rests = (event: PointerEvent) => event.pointerType === "mouse" && setTouched(true);

  return (
    <Page title={words.title} text={words.text}>
      <div className={styles["bar"]}>
        <Filters
          filters={filters}
          onChange={(name, value) => setQuery(withFilter(query, name, value), { replace: true })}
        />
        <Button
          variant={paused ? "filled" : "default"}
          onClick={() => (paused ? showNew() : setPaused(true))}
        >
          {paused ? words.resume : words.pause}
        </Button>
      </div>
      <div className={styles["news"]} role="status">
        {paused && <span>{words.paused}</span>}
        {waiting > 0 && (
          <Button size="compact-sm" onClick={showNew}>
            {words.more(waiting)}
          </Button>
        )}
      </div>
      {shown.length === 0 ? (
        <Waiting filters={filters} onClear={() => setQuery({}, { replace: true })} />
      ) : (
        <ol className={styles["events"]} onPointerEnter={rests} onPointerLeave={() => setTouched(false)}>
          {shown.map((event) => (
            <EventRow key={event.seq} event={event} />
          ))}
        </ol>
      )}
      {shown.length >= keptEvents && <p className={styles["kept"]}>{words.kept(keptEvents)}</p>}
    </Page>
  );
}

interface FiltersProps {
  readonly filters: FeedFilters;
  readonly onChange: (name: keyof FeedFilters, value: string) => void;
}

function Filters({ filters, onChange }: FiltersProps) {
  const { events, feed: words } = useWords();
  const types = Object.entries(events).map(([value, label]) => ({ value, label }));
  return (
    <>
      <NativeSelect
        label={words.type}
        data={[{ value: "", label: words.all }, ...types]}
        value={filters.type ?? ""}
        onChange={(event) => onChange("type", event.currentTarget.value)}
      />
      <TextInput
        label={words.verification}
        placeholder={words.verificationHelp}
        value={filters.verification ?? ""}
        onChange={(event) => onChange("verification", event.currentTarget.value)}
        spellCheck={false}
        className={styles["id"] ?? ""}
      />
    </>
  );
}

function Waiting({ filters, onClear }: { readonly filters: FeedFilters; readonly onClear: () => void }) {
  const { feed: words } = useWords();
  const filtered = filters.type !== undefined || filters.verification !== undefined;
  return (
    <div className={styles["empty"]}>
      <Empty title={filtered ? words.emptyFiltered : words.empty} text={words.emptyHelp}>
        {filtered && (
          <Button variant="default" size="compact-sm" onClick={onClear}>
            {words.clear}
          </Button>
        )}
        <Link to="/try">{words.emptyAction}</Link>
      </Empty>
    </div>
  );
}
