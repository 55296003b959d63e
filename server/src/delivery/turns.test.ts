import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTurns, type Taken } from "./turns.ts";

type Item = readonly [owner: string, number: number];

describe("turns", () => {
  it("go round, each owner's items in their order, and no owner has more out than allowed", () => {
    const turns = createTurns<Item>({ of: ([owner]) => owner, concurrency: 2 });
    for (const number of [1, 2, 3]) turns.push(["a", number]);
    turns.push(["b", 1]);
    const out = [turns.take(), turns.take(), turns.take()];
    expect(out.map((taken) => taken?.item)).toEqual([
      ["a", 1],
      ["b", 1],
      ["a", 2],
    ]);
    expect([turns.take(), turns.size()]).toEqual([undefined, 1]);
    out[1]?.done();
    expect(turns.take()).toBeUndefined();
    out[0]?.done();
    expect([turns.take()?.item, turns.size()]).toEqual([["a", 3], 0]);
  });

  it("lose and repeat nothing, whatever comes and goes", () => {
    const step = fc.oneof(
      fc.record({ push: fc.constantFrom("a", "b", "c") }),
      fc.constant("take" as const),
      fc.constant("done" as const),
      fc.constant("takeAll" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, concurrency) => {
        const turns = createTurns<Item>({ of: ([owner]) => owner, concurrency });
        const [pushed, came]: [Item[], Item[]] = [[], []];
        const out: Taken<Item>[] = [];
        for (const one of steps) {
          if (typeof one === "object") {
            const item = [one.push, pushed.length] as const;
            pushed.push(item);
            turns.push(item);
          } else if (one === "take") {
            const taken = turns.take();
            if (taken) out.push(taken);
            if (taken) came.push(taken.item);
          } else if (one === "done") {
            out.shift()?.done();
          } else {
            came.push(...turns.takeAll());
          }
          const outOf = Map.groupBy(out, ({ item: [owner] }) => owner);
          for (const some of outOf.values()) expect(some.length).toBeLessThanOrEqual(concurrency);
          expect(turns.size()).toBe(pushed.length - came.length);
        }
        for (let open = out.shift(); open; open = out.shift()) open.done();
        for (let next = turns.take(); next; next = turns.take()) {
          came.push(next.item);
          next.done();
        }
        const numbers = came.map(([, number]) => number).sort((a, b) => a - b);
        expect(numbers).toEqual(pushed.map(([, number]) => number));
        for (const owner of ["a", "b", "c"]) {
          const own = came.filter(([whose]) => whose === owner).map(([, number]) => number);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
