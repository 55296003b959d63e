import { expect, test } from "vitest";
import { watchEventLoopDelay } from "./event-loop-delay.ts";

function watched() {
  let now = 0;
  let tick: () => void = () => undefined;
  const timers = {
    after: () => () => undefined,
    every: (_: number, callback: () => void) => {
      tick = callback;
      return () => undefined;
    },
  };
  const watch = watchEventLoopDelay({ timers, monotonic: { now: () => now } }, () => undefined);
  const fire = (afterMs: number) => {
    now += afterMs;
    tick();
    return watch.delayMs();
  };
  return fire;
}

test("one pause is no load, a loop that stays late is, and it is forgotten by halves", () => {
  const fire = watched();
  expect(fire(50)).toBe(0);
  expect(fire(450)).toBe(0);
  expect(fire(50)).toBe(0);
  expect(fire(450)).toBe(0);
  expect(fire(350)).toBe(300);
  expect(fire(50)).toBe(150);
  expect(fire(50)).toBe(75);
});
