/** Timers as an argument: tests drive time themselves. */
export interface Timers {
  /** Calls `run` once after `ms` milliseconds; what it returns goes to `clear`. */
  set(run: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

export const systemTimers: Timers = {
  set: (run, ms) => setTimeout(run, ms),
  clear: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Resolves after `ms`. */
function pause(ms: number, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    timers.set(resolve, ms);
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
