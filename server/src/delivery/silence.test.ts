import { describe, expect, it } from "vitest";
import type { DeliveryResult } from "./provider.ts";
import { createSilence } from "./silence.ts";

function setUp() {
  let now = 1_790_000_000_000;
  const silence = createSilence({ now: () => now });
  const answers: ((result: DeliveryResult) => void)[] = [];
  return {
    isSilent: silence.isSilent,
    pass: (ms: number) => {
      now += ms;
    },
    ask: (count: number) => {
      for (let one = 0; one < count; one += 1) {
        void silence.listen(() => new Promise((resolve) => answers.push(resolve)));
      }
    },
    answer: async (place: number, result: DeliveryResult) => {
      answers[place]?.(result);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("a silent provider", () => {
  it.each([
    [1, 60_000, false],
    [2, 60_000, false],
    [3, 1_999, false],
    [3, 2_000, true],
    [15, 1_999, false],
    [16, 499, false],
    [16, 500, true],
  ])("is one with %i messages that wait for %i ms: %s", (count, ms, expected) => {
    const { ask, pass, isSilent } = setUp();
    ask(count);
    pass(ms);
    expect(isSilent()).toBe(expected);
  });

  it("is one no more after a yes, however late, or a prompt no; only what comes later counts", async () => {
    for (const [ms, result] of [
      [4_000, { ok: true }],
      [1_999, { ok: false, reason: "throttled" }],
    ] as const) {
      const { ask, pass, answer, isSilent } = setUp();
      ask(16);
      pass(ms);
      expect(isSilent()).toBe(true);
      await answer(8, result);
      expect(isSilent()).toBe(false);
      ask(3);
      pass(2_000);
      expect(isSilent()).toBe(true);
    }
  });

  it("stays one when its messages end without an answer", async () => {
    const { ask, pass, answer, isSilent } = setUp();
    ask(20);
    pass(1_000);
    // Settings may hold a shorter time limit.
    for (const place of [5, 6]) await answer(place, { ok: false, reason: "ambiguous" });
    expect(isSilent()).toBe(true);
    pass(4_000);
    for (let place = 7; place < 20; place += 1) await answer(place, { ok: false, reason: "ambiguous" });
    await answer(0, { ok: false, reason: "ambiguous" });
    expect(isSilent()).toBe(true);
    for (const place of [1, 2]) await answer(place, { ok: false, reason: "unreachable" });
    expect(isSilent()).toBe(false);
  });
});
