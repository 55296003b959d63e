import type { Timers } from "../engine/tools.ts";
import { createQueue } from "./queue.ts";

/** Work that waits in order and runs a bounded number at a time. */
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
  readonly concurrency: number;
  /** Called after each item, whatever became of it. */
  readonly afterEach: () => void;
  readonly timers: Timers;
}

export function createLane<Item>(tools: LaneTools<Item>): Lane<Item> {
  const queue = createQueue<Item>();
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
    while (running < tools.concurrency && queue.size() > 0) {
      const item = queue.take();
      if (item !== undefined) {
        running += 1;
        tools.run(item).then(ended, ended);
      }
    }
  }

  function ended(): void {
    running -= 1;
    if (queue.size() > 0) {
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
      queue.push(item);
      schedule();
    },
    waiting: () => queue.size(),
    idleWithin: (ms) =>
      running === 0 && queue.size() === 0 ? Promise.resolve() : firstOf(idleListeners, ms, tools.timers),
    empty() {
      const items: Item[] = [];
      for (let item = queue.take(); item !== undefined; item = queue.take()) {
        items.push(item);
      }
      return items;
    },
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
