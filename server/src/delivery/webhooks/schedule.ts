import type { Random } from "../../engine/tools.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** After how long a notice is sent again, once per try that failed; the first try is at once. Ten tries in all. */
const delaysMs: readonly number[] = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** Up to a fifth later, so that what failed together does not come back together. */
const jitterShare = 5;

/** How long to wait after so many tries; undefined: it was the last one. */
export function delayAfter(tries: number, random: Random): number | undefined {
  const delay = delaysMs[tries - 1];
  return delay === undefined ? undefined : delay + random.integer(Math.floor(delay / jitterShare) + 1);
}

/** Too much at once, or something behind it is overloaded: all of it has to wait, not this one notice. */
const slowDown: ReadonlySet<number | undefined> = new Set([429, 502, 504]);

/** So many failures in a row mean that it is down, whatever it says. */
const manyFailures = 5;
const longestPauseMs = 5 * minute;

/** How long a web-hook is left alone after its newest failure; 0: not at all. `failures`: in a row. */
export function pauseAfter(status: number | undefined, failures: number): number {
  if (!slowDown.has(status) && failures < manyFailures) return 0;
  const doublings = slowDown.has(status) ? failures - 1 : failures - manyFailures;
  return Math.min(longestPauseMs, 5 * second * 2 ** Math.min(doublings, 10));
}

/** Nothing has arrived for this long: it is switched off. */
export const givenUpAfterMs: number = 5 * 24 * hour;
