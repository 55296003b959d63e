import fc from "fast-check";
import { expect, test } from "vitest";
import { addTo, daySlots, hourSlots, type Series, sumOf, waitFor } from "./sending-series.ts";

const start = Date.UTC(2026, 10, 22);
const gaps = fc.array(fc.integer({ min: 0, max: 1_500_000 }), { minLength: 1, maxLength: 80 });

test("never admits more than the limit in any window of the length, and forgets at most a slot late", () => {
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 12 }), (waits, limit) => {
      const admitted: number[] = [];
      let series: Series | undefined;
      let now = start;
      for (const wait of waits) {
        now += wait;
        expect(sumOf(series, hourSlots, now)).toBeGreaterThanOrEqual(
          admitted.filter((at) => at > now - 3600_000).length,
        );
        expect(sumOf(series, hourSlots, now)).toBeLessThanOrEqual(
          admitted.filter((at) => at > now - 3900_000).length,
        );
        const seconds = waitFor(series, 1, limit, hourSlots, now);
        if (seconds > 0) {
          expect(waitFor(series, 1, limit, hourSlots, now + seconds * 1000)).toBe(0);
          continue;
        }
        series = addTo(series, 1, hourSlots, now);
        admitted.push(now);
      }
      for (const at of admitted) {
        const inside = admitted.filter((other) => other >= at && other < at + 3600_000);
        expect(inside.length).toBeLessThanOrEqual(limit);
      }
      expect(series?.values.length ?? 0).toBeLessThanOrEqual(hourSlots.count);
    }),
  );
});

test("a clock that went back counts into the newest slot", () => {
  const later = addTo(undefined, 1, daySlots, start + 7200_000);
  const both = addTo(later, 1, daySlots, start);
  expect(sumOf(both, daySlots, start + 7200_000)).toBe(2);
  expect(both).toEqual({ first: later.first, values: [2] });
});

test("a correction takes back what was counted, never more", () => {
  const charged = addTo(addTo(undefined, 100, daySlots, start), -30, daySlots, start + 1000);
  expect(sumOf(charged, daySlots, start)).toBe(70);
  expect(sumOf(addTo(charged, -500, daySlots, start), daySlots, start)).toBe(0);
  expect(addTo(undefined, -5, daySlots, start).values).toEqual([0]);
});

test("what can never fit waits the whole window", () => {
  expect(waitFor(undefined, 5, 4, hourSlots, start)).toBe(3900);
  expect(waitFor(undefined, 4, 4, hourSlots, start)).toBe(0);
});
