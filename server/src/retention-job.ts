import type { RetainedKind, RetentionRules } from "./engine/retention.ts";
import type { Store } from "./engine/store.ts";
import type { Clock, Timers } from "./engine/tools.ts";
import type { Metrics } from "./http/metrics.ts";

export interface RetentionJobParts {
  readonly store: Pick<Store, "retention">;
  readonly rules: RetentionRules;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly metrics: Pick<Metrics, "retained">;
}

export interface RetentionJob {
  start(): void;
  /** Begins nothing more; resolves when what was begun is done. */
  close(): Promise<void>;
}

/** Rows of one commit: a few milliseconds of the writer. */
const stepRows = 500;
/** Between two steps while there is more to do, so that requests pass; and when there is not. */
const busyMs = 50;
const idleMs = 60_000;

/** Forgets in the background what is over, in small steps between the requests. */
export function createRetentionJob(parts: RetentionJobParts): RetentionJob {
  const { store, rules, clock, timers, metrics } = parts;
  let running: Promise<void> = Promise.resolve();
  let stop: () => void = () => undefined;
  let closed = false;

  async function step(): Promise<void> {
    let wait = idleMs;
    try {
      const { removed, more } = await store.retention.step(rules, stepRows, clock.now());
      for (const [kind, rows] of Object.entries(removed)) metrics.retained(kind as RetainedKind, rows);
      if (more) wait = busyMs;
    } catch {
      // A store that is full or closing refuses; the next step finds the same rows.
    }
    plan(wait);
  }

  function plan(wait: number): void {
    if (closed) return;
    stop = timers.after(wait, () => {
      running = step();
    });
  }

  return {
    start: () => plan(busyMs),
    close: async () => {
      closed = true;
      stop();
      await running;
    },
  };
}

const hourMs = 3_600_000;

/** The rules as the configuration gives them. */
export function retentionRules(config: {
  readonly keepDestinationsHours: number;
  readonly keepVerificationsDays: number;
  readonly keepAuditDetailsDays: number;
}): RetentionRules {
  const { keepDestinationsHours, keepVerificationsDays, keepAuditDetailsDays } = config;
  return {
    destinationsMs: keepDestinationsHours * hourMs,
    verificationsMs: keepVerificationsDays * 24 * hourMs,
    auditDetailsMs: keepAuditDetailsDays === 0 ? undefined : keepAuditDetailsDays * 24 * hourMs,
  };
}
