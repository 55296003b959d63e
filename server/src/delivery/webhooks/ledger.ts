import type { AuditEvent } from "../../engine/audit/event.ts";
import { isMeant, type Notice, type Webhook } from "../../engine/webhooks.ts";

/** One event to be sent now. */
export interface Job {
  readonly seq: number;
  /** How often it was sent before. */
  readonly tries: number;
  /** Absent: it has to be read from the record again. */
  readonly event?: AuditEvent | undefined;
}

/** What one web-hook has been told, in memory: how far the record was read, what is under way, what waits, what has to be kept. */
export interface Ledger {
  /** The record has been read up to here. */
  readTo(): number;
  /** Whether more of the record should be read. */
  hasRoom(): boolean;
  /** Events read after `readTo`, in their order. */
  accept(events: readonly AuditEvent[]): void;
  /** Whether something is to be sent now. */
  hasDue(now: number): boolean;
  /** Takes out what is due; the longest overdue repetition first. */
  next(now: number): Job | undefined;
  /** As if it had not been taken. */
  putBack(job: Job, now: number): void;
  /** What became of it. */
  settle(notice: Notice): void;
  /** When the next repetition is due. */
  dueAt(): number | undefined;
  /** What has to be kept now; undefined: nothing that is worth a write. */
  step(least: number): LedgerStep | undefined;
  /** It was kept. */
  kept(step: LedgerStep): void;
  /** It could not be kept. */
  notKept(step: LedgerStep): void;
}

export interface LedgerStep {
  readonly from: number;
  readonly to: number;
  readonly notices: readonly Notice[];
}

/** Read ahead at most. */
const longestQueue = 200;
/** With so many waiting nothing more is begun: the record keeps the rest at no cost. */
const mostWaiting = 1_000;

interface Waiting {
  readonly tries: number;
  readonly dueAt: number;
}

/** `open`: the notices that wait, and those behind `position`, which need not be sent as if they were new. */
export function createLedger(
  webhook: Pick<Webhook, "events" | "publication">,
  position: number,
  open: readonly Notice[],
): Ledger {
  const waiting = new Map<number, Waiting>();
  const ahead = new Set<number>();
  for (const { seq, tries, dueAt } of open) {
    if (dueAt !== undefined) waiting.set(seq, { tries, dueAt });
    if (seq > position) ahead.add(seq);
  }
  let kept = position;
  let readTo = position;
  let queue: AuditEvent[] = [];
  let settled: Notice[] = [];
  /** First tries that have neither arrived nor failed. */
  const begun = new Set<number>();

  const reach = () =>
    Math.min(readTo, (queue[0]?.seq ?? Number.POSITIVE_INFINITY) - 1, ...[...begun].map((seq) => seq - 1));
  const overdue = (now: number) => {
    let found: (Waiting & { readonly seq: number }) | undefined;
    for (const [seq, one] of waiting) {
      if (one.dueAt <= now && (found === undefined || one.dueAt < found.dueAt)) found = { seq, ...one };
    }
    return found;
  };

  return {
    readTo: () => readTo,
    hasRoom: () => queue.length < longestQueue / 2 && waiting.size < mostWaiting,
    accept(events) {
      queue.push(...events.filter((event) => !ahead.delete(event.seq) && isMeant(webhook, event)));
      readTo = events.at(-1)?.seq ?? readTo;
    },
    hasDue: (now) => queue.length > 0 || overdue(now) !== undefined,
    next(now) {
      const repetition = overdue(now);
      if (repetition !== undefined) {
        waiting.delete(repetition.seq);
        return { seq: repetition.seq, tries: repetition.tries };
      }
      const event = queue.shift();
      if (event === undefined) return undefined;
      begun.add(event.seq);
      return { seq: event.seq, tries: 0, event };
    },
    putBack({ seq, tries, event }, now) {
      if (begun.delete(seq) && event !== undefined) queue = [event, ...queue].sort((a, b) => a.seq - b.seq);
      else waiting.set(seq, { tries, dueAt: now });
    },
    settle(notice) {
      begun.delete(notice.seq);
      settled.push(notice);
      if (notice.dueAt !== undefined) waiting.set(notice.seq, { tries: notice.tries, dueAt: notice.dueAt });
    },
    dueAt() {
      let soonest: number | undefined;
      for (const { dueAt } of waiting.values()) soonest = Math.min(soonest ?? dueAt, dueAt);
      return soonest;
    },
    step(least) {
      const to = reach();
      if (settled.length === 0 && to - kept < least) return undefined;
      const notices = settled;
      settled = [];
      return { from: kept, to, notices };
    },
    kept(step) {
      kept = step.to;
    },
    notKept(step) {
      settled = [...step.notices, ...settled];
    },
  };
}
