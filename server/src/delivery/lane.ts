import type { Timers } from "../engine/tools.ts";
import { createTurns, type Groups } from "./turns.ts";

/** Work that waits in order and runs a bounded number at a time; where it is of several, they take turns. */
export interface Lane<Item> {
  push(item: Item): void;
  waiting(): number;
  /** Resolves when nothing waits and nothing runs, or after `ms`. */
  idleWithin(ms: number): Promise<void>;
  /** Takes out what has not begun. */
  empty(): readonly Item[];
}

export interface LaneTools<Item> {
  readonly run: (item: Item) => Promise<void>;
  /** Of all items together. */
  readonly concurrency: number;
  /** So that one who is slow holds up nobody else; absent: all items are of one. */
  readonly groups?: Groups<Item> | undefined;
  /** Called after each item, whatever became of it. */
  readonly afterEach: () => void;
  readonly timers: Timers;
}

export function createLane<Item>(tools: LaneTools<Item>): Lane<Item> {
  const { concurrency, groups = { of: () => "", concurrency } } = tools;
  const turns = createTurns(groups);
  const idleListeners = new Set<() => void>();
  let running = 0;
  let scheduled = false;

  // Not within `push`: whoever pushes must not wait for the first steps of the work.
  function schedule(): void {
    if (!scheduled) {
      scheduled = true;
      queueMicrotask(pump);
    }
  }

  function pump(): void {
    scheduled = false;
    while (running < concurrency) {
      const taken = turns.take();
      if (taken === undefined) return;
      running += 1;
      const end = (): void => {
        taken.done();
        ended();
      };
      tools.run(taken.item).then(end, end);
    }
  }

  function ended(): void {
    running -= 1;
    if (turns.size() > 0) {
      schedule();
    } else if (running === 0) {
      for (const listener of [...idleListeners]) {
        listener();
      }
    }
    tools.afterEach();
  }

  return {
    push(item) {
      turns.push(item);
      schedule();
    },
    waiting: turns.size,
    idleWithin: (ms) =>
      running === 0 && turns.size() === 0 ? Promise.resolve() : firstOf(idleListeners, ms, tools.timers),
    empty: turns.takeAll,
  };
}

function firstOf(listeners: Set<() => void>, ms: number, timers: Timers): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      stopTimer();
      listeners.delete(end);
      resolve();
    };
    const stopTimer = timers.after(ms, end);
    listeners.add(end);
  });
}
