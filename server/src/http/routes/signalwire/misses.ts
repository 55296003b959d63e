import type { Clock } from "../../../engine/tools.ts";

/** Look-ups of ids that nobody has, per project. */
export interface Misses {
  /** Notes one more. Seconds to wait when there were too many lately; undefined: the ordinary answer. */
  note(project: string): number | undefined;
}

export interface MissesTools {
  readonly clock: Clock;
  /** Told once when it begins and then at most once an hour, with how many there were since the last time. */
  readonly warn: (project: string, misses: number) => void;
}

const windowMs = 60_000;
const mostPerWindow = 100;
const quietMs = 3_600_000;

interface Count {
  readonly begins: number;
  readonly misses: number;
  readonly sinceWarning: number;
  readonly warnedAt?: number | undefined;
}

/**
 * A brake and a bell for somebody who tries ids: there is nothing to hit among 2^122, but the noise is to be seen, once. Kept in
 * memory per node, since it protects no limit. Only answers that would be 404 turn into 429: whoever sends made-up ids with
 * the project's own form keeps nobody else from verifying.
 */
export function createMisses({ clock, warn }: MissesTools): Misses {
  // As many as there are projects: only after a login is anything noted.
  const counts = new Map<string, Count>();
  return {
    note: (project) => {
      const now = clock.now();
      const count = noted(counts.get(project), now);
      const over = count.misses > mostPerWindow;
      const quiet = count.warnedAt === undefined || now - count.warnedAt >= quietMs;
      if (over && quiet) {
        warn(project, count.sinceWarning);
        counts.set(project, { ...count, sinceWarning: 0, warnedAt: now });
      } else {
        counts.set(project, count);
      }
      return over ? Math.max(1, Math.ceil((count.begins + windowMs - now) / 1000)) : undefined;
    },
  };
}

function noted(before: Count | undefined, now: number): Count {
  const same = before !== undefined && now >= before.begins && now - before.begins < windowMs;
  return {
    begins: same ? before.begins : now,
    misses: same ? before.misses + 1 : 1,
    sinceWarning: (before?.sinceWarning ?? 0) + 1,
    warnedAt: before?.warnedAt,
  };
}
