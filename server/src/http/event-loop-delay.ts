import type { Clock, Timers } from "../engine/tools.ts";

const sampleEveryMs = 50;

/**
 * Measures how late timers fire: what the last two have in common, so that one pause (code compiled for the first time, memory
 * collected) is no load; and half of the value before when that was worse. `measured` is called after every measurement, with
 * the time since the one before.
 */
export function watchEventLoopDelay(
  tools: { readonly timers: Timers; readonly monotonic: Clock },
  measured: (sinceMs: number) => void,
): {
  readonly delayMs: () => number;
  readonly stop: () => void;
} {
  let expected = tools.monotonic.now() + sampleEveryMs;
  let delay = 0;
  let latenessBefore = 0;
  const stop = tools.timers.every(sampleEveryMs, () => {
    const now = tools.monotonic.now();
    const lateness = Math.max(0, now - expected);
    delay = Math.max(Math.min(lateness, latenessBefore), delay / 2);
    latenessBefore = lateness;
    const sinceMs = now - expected + sampleEveryMs;
    expected = now + sampleEveryMs;
    measured(sinceMs);
  });
  return { delayMs: () => delay, stop };
}
