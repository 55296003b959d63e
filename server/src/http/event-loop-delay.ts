import type { Clock, Timers } from "../engine/tools.ts";

const sampleEveryMs = 50;

/**
 * Measures how late timers fire: the newest lateness, or half of the one before when that was worse. `measured` is called
 * after every measurement.
 */
export function watchEventLoopDelay(
  tools: { readonly timers: Timers; readonly monotonic: Clock },
  measured: () => void,
): {
  readonly delayMs: () => number;
  readonly stop: () => void;
} {
  let expected = tools.monotonic.now() + sampleEveryMs;
  let delay = 0;
  const stop = tools.timers.every(sampleEveryMs, () => {
    const now = tools.monotonic.now();
    delay = Math.max(0, now - expected, delay / 2);
    expected = now + sampleEveryMs;
    measured();
  });
  return { delayMs: () => delay, stop };
}
