import { describe, expect, it } from "vitest";
import type { Random } from "../tools.ts";
import { firstIdAt, systemRandom, timeOfId, timeOrderedId } from "./random.ts";
import { seededRandom } from "./seeded-random.ts";

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("timeOrderedId", () => {
  it("only grows over 100,000 ids, inside a millisecond and when the clock steps back", () => {
    let before = "";
    for (let count = 0; count < 100_000; count += 1) {
      // 25 ids a millisecond, and every 10,000 ids the clock is an hour behind where it was.
      const now = 1_700_000_000_000 + Math.floor(count / 25) - 3_600_000 * Math.floor(count / 10_000);
      const id = timeOrderedId(now, systemRandom);
      if (!(id > before && version7.test(id))) expect.fail(`${id} after ${before}`);
      before = id;
    }
  });

  it("goes on when one millisecond has no numbers left", () => {
    const random = seededRandom("overflow");
    const ids = Array.from({ length: 20_000 }, () => timeOrderedId(5, random));
    expect(ids).toEqual([...new Set(ids)].sort());
    expect(timeOfId(ids.at(-1) ?? "")).toBeGreaterThan(5);
    expect(timeOfId(ids.at(-1) ?? "")).toBeLessThanOrEqual(5 + 20_000 / 2048);
  });

  it("starts afresh, at the clock's own time, in each millisecond", () => {
    const random = seededRandom("fresh");
    for (const now of [0, 1, 1_700_000_000_000, 1_700_000_000_000.9 + 1, 2 ** 48 - 1]) {
      expect(timeOfId(timeOrderedId(now, random))).toBe(Math.floor(now));
    }
  });

  it("has 62 bits that follow the source alone", () => {
    const ones: Random = { integer: () => 0, bytes: (length) => new Uint8Array(length).fill(0xff) };
    const zeros: Random = { integer: () => 0, bytes: (length) => new Uint8Array(length) };
    expect(timeOrderedId(1, ones)).toBe("00000000-0001-77ff-bfff-ffffffffffff");
    expect(timeOrderedId(1, zeros)).toBe("00000000-0001-7000-8000-000000000000");
    expect(timeOrderedId(1, zeros)).toBe("00000000-0001-7001-8000-000000000000");
  });

  it("repeats with the same seed", () => {
    const draw = () => {
      const random = seededRandom("again");
      return [7, 7, 9, 8].map((now) => timeOrderedId(now, random));
    };
    expect(draw()).toEqual(draw());
  });
});

describe("timeOfId", () => {
  it("reads the example of RFC 9562 appendix A.6", () => {
    expect(timeOfId("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")).toBe(1_645_557_742_000);
  });

  it.each([
    "",
    "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
    "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
    "x17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
  ])("is NaN for %j", (text) => {
    expect(timeOfId(text)).toBeNaN();
  });
});

describe("firstIdAt", () => {
  it("parts the ids before a millisecond from those inside it", () => {
    const before = timeOrderedId(999, seededRandom("before"));
    const inside = timeOrderedId(1000, seededRandom("inside"));
    expect([inside, firstIdAt(1000), before].sort()).toEqual([before, firstIdAt(1000), inside]);
    expect(timeOfId(firstIdAt(1000))).toBe(1000);
    expect(firstIdAt(-5)).toBe(firstIdAt(0));
  });
});

describe("systemRandom", () => {
  it("never hands out the same bytes twice, in or beyond the pool", () => {
    const drawn = [8, 16, 20, 512, 513, 4096].flatMap((length) =>
      Array.from({ length: 500 }, () => {
        const bytes = systemRandom.bytes(length);
        expect(bytes).toHaveLength(length);
        return Buffer.from(bytes.subarray(0, 8)).toString("hex");
      }),
    );
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("gives bytes that their owner may change", () => {
    const first = systemRandom.bytes(32);
    const copy = first.slice();
    for (let count = 0; count < 1000; count += 1) systemRandom.bytes(32).fill(0);
    expect(first).toEqual(copy);
  });

  it("stays below the limit", () => {
    const drawn = new Set(Array.from({ length: 1000 }, () => systemRandom.integer(3)));
    expect([...drawn].sort()).toEqual([0, 1, 2]);
  });
});
