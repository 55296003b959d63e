import { describe, expect, test } from "vitest";
import type { DeliveryState } from "../model.ts";
import { countCall, judgeCall, type NumberCounts, withoutEndedCall } from "./sending-calls.ts";
import { defaultSending } from "./sending-defaults.ts";
import { addTo, daySlots } from "./sending-series.ts";

const now = Date.UTC(2026, 10, 23, 12);
const second = 1000;
const hour = 3600 * second;
const call = { verification: "v", delivery: "d" };
const rules = { ...defaultSending, callsPerDay: null };

const called = (...times: readonly number[]) =>
  times.reduce<NumberCounts>((counts, at) => countCall(counts, call, at), {});

describe("one call at a time", () => {
  test("from the request until ringing and talking are over, and not a moment longer", () => {
    const judged = (later: number) =>
      judgeCall({ number: called(now), all: undefined }, undefined, rules, now + later);
    expect(judged(0)).toEqual([{ rule: "call_in_progress", retryAfterSeconds: 60 }]);
    expect(judged(59_001)).toEqual([{ rule: "call_in_progress", retryAfterSeconds: 1 }]);
    expect(judged(60 * second)).toEqual([]);
  });

  test("also for a number on the safe list; without the rule never", () => {
    const counts = { number: called(now), all: undefined };
    expect(judgeCall(counts, "safe", rules, now + second)).toHaveLength(1);
    expect(judgeCall(counts, undefined, { ...rules, callSeconds: null }, now + second)).toEqual([]);
  });

  test("a call that was not made or not taken is over; one whose words are heard is not", () => {
    const after = (state: DeliveryState) => {
      const deliveries = [{ id: "d", via: "voice", state, at: now } as const];
      const { number } = withoutEndedCall({ number: called(now) }, { deliveries });
      return judgeCall({ number, all: undefined }, undefined, rules, now + second).length;
    };
    expect([after("failed"), after("dropped")]).toEqual([0, 0]);
    expect([after("queued"), after("accepted"), after("delivered"), after("maybe_sent")]).toEqual([
      1, 1, 1, 1,
    ]);
    const unknown = withoutEndedCall({ number: called(now) }, undefined);
    expect(judgeCall({ ...unknown, all: undefined }, undefined, rules, now + second)).toHaveLength(1);
  });
});

describe("calls a day", () => {
  test("five to one number, and the sixth when the first is a day old", () => {
    const five = called(...[0, 1, 2, 3, 4].map((hours) => now + hours * hour));
    const at = (time: number, listed?: "safe") =>
      judgeCall({ number: five, all: undefined }, listed, rules, time);
    expect(at(now + 5 * hour)).toEqual([{ rule: "calls_daily", retryAfterSeconds: 19 * 3600 }]);
    expect(at(now + 5 * hour, "safe")).toEqual([]);
    expect(at(now + 24 * hour)).toEqual([]);
  });

  test("of the organization, to whatever number", () => {
    const all = addTo(undefined, 500, daySlots, now);
    const judged = judgeCall({ number: undefined, all }, "safe", defaultSending, now + second);
    expect(judged.map(({ rule }) => rule)).toEqual(["calls_daily"]);
    expect(judgeCall({ number: undefined, all }, undefined, rules, now + second)).toEqual([]);
  });
});
