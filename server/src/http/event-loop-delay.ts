import type { Clock, Timers } from "../engine/tools.ts";

const sampleEveryMs = 50;

/**
 * Measures how late timers fire: the newest lateness, or half of the one before when that was worse. `measured` is called
 * after every measurement, with the time since the one before.
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
  const stop = tools.timers.every(sampleEveryMs, () => {
    const now = tools.monotonic.now();
    delay = Math.max(0, now - expected, delay / 2);
    const sinceMs = now - expected + sampleEveryMs;
    expected = now + sampleEveryMs;
    measured(sinceMs);
  });
  return { delayMs: () => delay, stop };
}
