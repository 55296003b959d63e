import type { Clock, Timers } from "./engine/tools.ts";

/** The machine's own time, handed to everything that asks for time. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds that never go back, for measuring. */
export const monotonicClock: Clock = { now: () => performance.now() };

/** Gives back what starting took and nothing needs any more, where the launcher lets a thread do so (`bin/memory.mjs`). */
export function giveMemoryBack(): void {
  globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
}

/** The process's own timers; none of them keeps the process alive. */
export const systemTimers: Timers = {
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
  every(milliseconds, callback) {
    const timer = setInterval(callback, milliseconds).unref();
    return () => clearInterval(timer);
  },
};
