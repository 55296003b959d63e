import type { RetainedKind } from "../../engine/retention.ts";
import type { WriterParts } from "./execute.ts";

type Counts = Partial<Record<RetainedKind, number>>;

interface Kept {
  scrubbedTo: string;
  erasedTo: number;
  /** The day (UTC, days since the epoch) that the counts are of. */
  day: number;
  counts: Record<string, Counts>;
}

/**
 * How far retention came and what it removed today, in one row of `meta`, written in the step that it tells of. It is read anew
 * for every step: the one before may have been rolled back.
 */
export interface RetentionLedger {
  /** Id of the last verification whose destination was forgotten. */
  scrubbedTo: string;
  /** Number of the last audit event whose details were erased. */
  erasedTo: number;
  /** Begins a step; when a day is over, each organization's record is told of it first. */
  open(now: number): void;
  count(kind: RetainedKind, organization: string): void;
  save(): void;
}

const dayMs = 86_400_000;

export function createLedger({
  connection,
  audit,
}: Pick<WriterParts, "connection" | "audit">): RetentionLedger {
  const select = connection.prepare<unknown[], { value: string }>(
    "SELECT value FROM meta WHERE name = 'retention'",
  );
  const replace = connection.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('retention', ?)");
  let text = "";
  let kept: Kept = { scrubbedTo: "", erasedTo: 0, day: 0, counts: {} };

  function tell(now: number): void {
    for (const [organization, counts] of Object.entries(kept.counts)) {
      audit.append({ type: "retention.applied", organization, actor: "system", details: counts }, now);
    }
  }

  return {
    get scrubbedTo() {
      return kept.scrubbedTo;
    },
    set scrubbedTo(id) {
      kept.scrubbedTo = id;
    },
    get erasedTo() {
      return kept.erasedTo;
    },
    set erasedTo(seq) {
      kept.erasedTo = seq;
    },
    open: (now) => {
      const day = Math.floor(now / dayMs);
      text = select.get()?.value ?? "";
      kept = text === "" ? { scrubbedTo: "", erasedTo: 0, day, counts: {} } : JSON.parse(text);
      if (kept.day === day) return;
      tell(now);
      kept = { ...kept, day, counts: {} };
    },
    count: (kind, organization) => {
      const counts = kept.counts[organization] ?? {};
      counts[kind] = (counts[kind] ?? 0) + 1;
      kept.counts[organization] = counts;
    },
    save: () => {
      const changed = JSON.stringify(kept);
      if (changed !== text) replace.run(changed);
    },
  };
}
