import { describe, expect, it } from "vitest";
import { manualTimers } from "../../test/http/parts.ts";
import { type AdmissionLimits, createAdmission, type Importance } from "./admission.ts";
import { createParties, type Party } from "./parties.ts";

const limits: AdmissionLimits = {
  maxInFlight: 100,
  maxWaiting: 10,
  maxWaitMs: 100,
  maxEventLoopDelayMs: 200,
};

/** A gate, and what became of everybody who asked for a place, by name. */
function open(more: Partial<AdmissionLimits> = {}) {
  const timers = manualTimers();
  const parties = createParties("prompt");
  let delayMs = 0;
  const admission = createAdmission(
    { ...limits, ...more },
    { eventLoopDelayMs: () => delayMs, monotonic: timers, timers },
  );
  const told: string[] = [];
  const got: string[] = [];
  const ask = (name: string, importance: Importance, label = `${name} ${importance}`): (() => void) => {
    const party = parties.of(name);
    const verdict = admission.enter(party, importance);
    if (verdict === "full") {
      return admission.wait(party, importance, (refusal) => {
        (refusal === undefined ? got : told).push(refusal === undefined ? label : `${label}: ${refusal}`);
        if (refusal === undefined) admission.arrived(party);
      });
    }
    if (verdict === "in") admission.arrived(party);
    (verdict === "in" ? got : told).push(verdict === "in" ? label : `${label}: ${verdict}`);
    return () => undefined;
  };
  const leave = (name: string) => admission.leave(parties.of(name), "arrived");
  const fill = (name: string, importance: Importance, count: number) => {
    for (let one = 0; one < count; one += 1) ask(name, importance);
    got.length = 0;
  };
  const late = (milliseconds: number) => {
    delayMs = milliseconds;
    admission.adapt(50);
  };
  return { admission, parties, timers, told, got, ask, leave, fill, late };
}

describe("who gets the next place", () => {
  it("the most important, then who came first", () => {
    const { ask, leave, fill, got, told, admission } = open();
    fill("a", "check", 100);
    for (const importance of ["settings", "start", "check", "status"] as const) ask("a", importance);
    ask("a", "check", "second check");
    expect([got, admission.waiting]).toEqual([[], 5]);
    // Each kind has room only below its own part of the places: 100, 90, 75, 60.
    for (let left = 0; left < 45; left += 1) leave("a");
    expect(got).toEqual(["a check", "second check", "a status", "a start", "a settings"]);
    expect([told, admission.waiting]).toEqual([[], 0]);
  });

  it("nobody is held back while there is room, however much they ask", () => {
    const { fill, admission, told } = open();
    fill("small", "check", 1);
    fill("greedy", "check", 49);
    expect([admission.inFlight, admission.waiting, told]).toEqual([50, 0, []]);
  });

  it("who has less than their part goes before who has more, whatever is more important", () => {
    const { ask, leave, fill, got } = open();
    fill("greedy", "check", 100);
    ask("greedy", "check");
    ask("small", "start");
    // The start has room below 75; the greedy one would have it at 99, were it alone.
    for (let left = 0; left < 25; left += 1) leave("greedy");
    expect(got).toEqual([]);
    leave("greedy");
    expect(got).toEqual(["small start"]);
  });

  it("a greedy party that is alone again has all places again", () => {
    const { ask, leave, fill, got } = open();
    fill("greedy", "check", 99);
    fill("small", "check", 1);
    ask("greedy", "check");
    leave("greedy");
    expect(got).toEqual([]);
    leave("small");
    expect(got).toEqual(["greedy check"]);
  });

  it("who has less than their part need not wait while a busy server takes fewer", () => {
    const { ask, fill, got, late, admission } = open();
    fill("greedy", "check", 60);
    for (let measured = 0; measured < 20; measured += 1) late(41);
    expect(admission.limit).toBe(25);
    for (let one = 0; one < 15; one += 1) ask("small", "start");
    // Their part is half of 25, and of that three quarters for starts.
    expect(got).toHaveLength(10);
    for (let one = 0; one < 5; one += 1) ask("small", "check");
    expect(got.filter((label) => label === "small check")).toHaveLength(3);
    expect(admission.waiting).toBe(7);
  });

  it("of two that have less than their part, who has fewer", () => {
    const { ask, leave, fill, got } = open();
    fill("greedy", "check", 89);
    fill("b", "check", 10);
    fill("c", "check", 1);
    ask("b", "check");
    ask("c", "check");
    leave("greedy");
    expect(got).toEqual(["c check"]);
  });
});

describe("waiting", () => {
  it("ends after its time, for each by itself, and the queue goes on", () => {
    const { ask, fill, leave, timers, told, got } = open();
    fill("a", "check", 100);
    ask("a", "check", "first");
    timers.advance(60);
    ask("a", "check", "second");
    timers.advance(39);
    expect(told).toEqual([]);
    timers.advance(1);
    expect(told).toEqual(["first: waited"]);
    timers.advance(59);
    leave("a");
    expect(got).toEqual(["second"]);
    timers.advance(1_000);
    expect(told).toHaveLength(1);
  });

  it("who went away takes no place", () => {
    const { ask, fill, leave, got, admission } = open();
    fill("a", "check", 100);
    const stop = ask("gone", "check");
    ask("b", "check");
    stop();
    stop();
    expect(admission.waiting).toBe(1);
    leave("a");
    expect(got).toEqual(["b check"]);
    expect(admission.inFlight).toBe(100);
  });

  it("a full queue refuses at once, unless somebody in it has to give way", () => {
    const { ask, fill, told, admission } = open();
    fill("a", "check", 100);
    for (let one = 0; one < 8; one += 1) ask("a", "check");
    ask("a", "start");
    ask("a", "settings");
    ask("a", "settings", "one more");
    expect(told.splice(0)).toEqual(["one more: queue_full"]);
    ask("a", "check", "more important");
    expect(told.splice(0)).toEqual(["a settings: displaced"]);
    ask("small", "settings", "of another party");
    expect(told.splice(0)).toEqual(["a start: displaced"]);
    for (let one = 0; one < 20; one += 1) ask("small", "check");
    // Five and five: neither takes more from the other. What small itself has waits behind its checks.
    const displaced = told.filter((line) => line.endsWith("displaced"));
    expect(displaced).toEqual([
      "more important: displaced",
      ...Array.from({ length: 3 }, () => "a check: displaced"),
      "of another party: displaced",
    ]);
    expect(admission.waiting).toBe(10);
  });

  it("never holds more than allowed, and counts come out even, whatever happens", () => {
    const { ask, leave, admission, parties, timers, got, late } = open();
    let drawn = 1;
    const draw = (count: number) => {
      drawn = (drawn * 48_271) % 2_147_483_647;
      return drawn % count;
    };
    const kinds = ["check", "status", "start", "settings"] as const;
    const inside: string[] = [];
    const stops: (() => void)[] = [];
    for (let step = 0; step < 20_000; step += 1) {
      const name = `p${draw(5)}`;
      const before = got.length;
      if (draw(3) > 0) stops.push(ask(name, kinds[draw(4)]!, name));
      else if (inside.length > 0) leave(inside.splice(draw(inside.length), 1)[0]!);
      if (draw(20) === 0) stops.splice(draw(stops.length + 1), 1)[0]?.();
      if (draw(50) === 0) timers.advance(draw(120));
      if (draw(500) === 0) late(draw(2) * 100);
      inside.push(...got.slice(before));
      expect(admission.waiting).toBeLessThanOrEqual(10);
      expect(admission.inFlight).toBe(inside.length);
      expect(admission.inFlight).toBeLessThanOrEqual(100);
    }
    timers.advance(1_000);
    inside.splice(0, inside.length, ...inside);
    for (const name of inside.splice(0)) leave(name);
    expect([admission.inFlight, admission.waiting]).toEqual([0, 0]);
    parties.forget(timers.now());
    expect(parties.size).toBe(0);
    // As when nobody had been there: one alone fills all places, thus nobody else counts as present.
    late(0);
    for (let step = 0; step < 20; step += 1) late(0);
    for (let one = 0; one < 100; one += 1) ask("alone", "check");
    expect(admission.inFlight).toBe(100);
  });
});

describe("a late event loop", () => {
  it("lets in fewer, down to a quarter, and more again when it has caught up", () => {
    const { late, admission, ask, fill, leave, got } = open();
    for (let measured = 0; measured < 20; measured += 1) late(41);
    expect(admission.limit).toBe(25);
    // They stay a short time: as many have left as are there.
    fill("a", "check", 25);
    for (let left = 0; left < 25; left += 1) leave("a");
    fill("a", "check", 25);
    ask("a", "check");
    expect(got).toEqual([]);
    late(40);
    expect([admission.limit, got]).toEqual([30, ["a check"]]);
    for (let left = 0; left < 26; left += 1) leave("a");
    for (let measured = 0; measured < 20; measured += 1) late(0);
    expect(admission.limit).toBe(100);
  });

  it("and so does a store that lets requests stay, but nothing that waits for somebody outside", () => {
    const { late, admission, fill } = open();
    fill("a", "check", 12);
    late(0);
    expect(admission.limit).toBe(100);
    fill("a", "check", 1);
    // None of them left in 50 ms.
    late(0);
    expect(admission.limit).toBe(75);
    const slow = open();
    const turn = createParties("may_wait").of("channels a");
    for (let one = 0; one < 50; one += 1) slow.admission.enter(turn, "check");
    slow.late(0);
    expect(slow.admission.limit).toBe(100);
  });

  it("beyond its limit takes checks only", () => {
    const { late, ask, told, got } = open();
    late(201);
    for (const importance of ["settings", "start", "status", "check"] as const) ask("a", importance);
    expect(told).toEqual(["a settings: late", "a start: late", "a status: late"]);
    expect(got).toEqual(["a check"]);
  });
});

it("requests without their bodies take no place beyond a few", () => {
  const { admission, parties, ask, got } = open({ maxInFlight: 60 });
  const slow: Party = parties.of("slow");
  for (let one = 0; one < 200; one += 1) expect(admission.enter(slow, "check")).toBe("in");
  expect(slow.inFlight).toBe(200);
  ask("a", "check");
  expect(got).toEqual(["a check"]);
  // The bodies come after all: now they hold places.
  for (let one = 0; one < 200; one += 1) admission.arrived(slow);
  ask("a", "check", "no room");
  expect([got.length, admission.waiting]).toEqual([1, 1]);
  for (let one = 0; one < 200; one += 1) admission.leave(slow, "arrived");
  expect(got).toContain("no room");
});
