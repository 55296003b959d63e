import type { Clock, Timers } from "../engine/tools.ts";

const sampleEveryMs = 50;

/** Measures how late timers fire: the newest lateness, or half of the one before when that was worse. */
export function watchEventLoopDelay(tools: { readonly timers: Timers; readonly monotonic: Clock }): {
  readonly delayMs: () => number;
  readonly stop: () => void;
} {
  let expected = tools.monotonic.now() + sampleEveryMs;
  let delay = 0;
  const stop = tools.timers.every(sampleEveryMs, () => {
    const now = tools.monotonic.now();
    delay = Math.max(0, now - expected, delay / 2);
    expected = now + sampleEveryMs;
  });
  return { delayMs: () => delay, stop };
}
