import { createQueue, type Queue } from "./queue.ts";

/** Whose an item is, and how many of one owner may be out at once. */
export interface Groups<Item> {
  readonly of: (item: Item) => string;
  readonly concurrency: number;
}

export interface Taken<Item> {
  readonly item: Item;
  /** Called once, when the item is done: its place is free again. */
  done(): void;
}

/** A queue of groups: the items of each in order, the groups by turns. */
export interface Turns<Item> {
  push(item: Item): void;
  /** Undefined: nothing waits, or all whose items wait have as many out as they may. */
  take(): Taken<Item> | undefined;
  size(): number;
  /** Takes out all that wait, whoever's they are. */
  takeAll(): readonly Item[];
}

interface Group<Item> {
  readonly name: string;
  readonly queue: Queue<Item>;
  out: number;
  /** It stands in the row of those that have an item and a place for it. */
  isInRow: boolean;
}

export function createTurns<Item>({ of, concurrency }: Groups<Item>): Turns<Item> {
  const groups = new Map<string, Group<Item>>();
  let row = createQueue<Group<Item>>();
  let size = 0;

  function groupOf(item: Item): Group<Item> {
    const name = of(item);
    const known = groups.get(name);
    if (known) return known;
    const group = { name, queue: createQueue<Item>(), out: 0, isInRow: false };
    groups.set(name, group);
    return group;
  }

  function lineUp(group: Group<Item>): void {
    if (group.isInRow || group.queue.size() === 0 || group.out >= concurrency) return;
    group.isInRow = true;
    row.push(group);
  }

  return {
    push(item) {
      const group = groupOf(item);
      group.queue.push(item);
      size += 1;
      lineUp(group);
    },
    take() {
      const group = row.take();
      const item = group?.queue.take();
      if (group === undefined || item === undefined) return undefined;
      group.isInRow = false;
      group.out += 1;
      size -= 1;
      lineUp(group);
      return {
        item,
        done() {
          group.out -= 1;
          lineUp(group);
          if (group.out === 0 && group.queue.size() === 0) groups.delete(group.name);
        },
      };
    },
    size: () => size,
    takeAll() {
      const items: Item[] = [];
      for (const group of groups.values()) {
        for (let item = group.queue.take(); item !== undefined; item = group.queue.take()) items.push(item);
        group.isInRow = false;
        if (group.out === 0) groups.delete(group.name);
      }
      row = createQueue();
      size = 0;
      return items;
    },
  };
}
