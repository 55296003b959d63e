import type { Timers } from "../engine/tools.ts";

/** Resolves after `milliseconds`. */
function pause(milliseconds: number, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    timers.after(milliseconds, resolve);
  });
}

/** Tries again after each of the delays; undefined when every try failed. The errors themselves are of no use to a caller. */
export async function withRetries<Result>(
  work: () => Promise<Result>,
  delaysMs: readonly number[],
  timers: Timers,
): Promise<{ readonly result: Result } | undefined> {
  for (const delayMs of [...delaysMs, undefined]) {
    try {
      return { result: await work() };
    } catch {
      if (delayMs !== undefined) {
        await pause(delayMs, timers);
      }
    }
  }
  return undefined;
}
