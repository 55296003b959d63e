import { expect, it } from "vitest";
import { createParties } from "./parties.ts";
import { createBuckets } from "./rates.ts";
import { createRequestRates } from "./request-rates.ts";

function open() {
  let now = 1_000;
  const shed: string[] = [];
  const keys = createBuckets(3);
  const parties = createParties("prompt");
  const rates = createRequestRates({
    key: { perSecond: 10, burstSeconds: 2 },
    party: { perSecond: 20, burstSeconds: 2 },
    keys,
    metrics: { requestShed: (reason) => void shed.push(reason) },
    monotonic: { now: () => now },
  });
  /** How many of `count` tries were taken. */
  const ask = (count: number, key: string | undefined, party = "acme") =>
    Array.from({ length: count }, () => rates.take(parties.of(party), key)).filter((one) => !one).length;
  return {
    ask,
    shed,
    keys,
    parties,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    now: () => now,
    rates,
  };
}

it("a key has its burst, then its rate", () => {
  const { ask, pass, shed } = open();
  expect(ask(50, "k")).toBe(20);
  expect(new Set(shed)).toEqual(new Set(["key_rate"]));
  pass(100);
  expect(ask(5, "k")).toBe(1);
  pass(500);
  expect(ask(50, "k")).toBe(5);
  pass(3_600_000);
  expect(ask(50, "k")).toBe(20);
});

it("all keys of an organization have its rate together, and other organizations their own", () => {
  const { ask, shed } = open();
  expect([ask(20, "a"), ask(20, "b"), ask(20, "c")]).toEqual([20, 20, 0]);
  expect(new Set(shed)).toEqual(new Set(["organization_rate"]));
  expect(ask(20, "d", "other")).toBe(20);
});

it("what is refused by one takes nothing from the other", () => {
  const { ask, pass } = open();
  ask(20, "a");
  ask(1_000, "a");
  expect(ask(30, "b")).toBe(20);
  // The organization has nothing left; trying costs the third key nothing.
  expect(ask(1_000, "c")).toBe(0);
  pass(1_000);
  expect(ask(30, "c")).toBe(20);
});

it("says when to come back", () => {
  const { rates, parties, ask } = open();
  ask(20, "k");
  expect(rates.take(parties.of("acme"), "k")).toMatchObject({
    code: "rate_limited",
    details: { retryAfterSeconds: 1 },
  });
});

it("forgets who is idle, not who has used up their rate; and never remembers more than it may", () => {
  const { ask, keys, parties, pass, now } = open();
  ask(20, "busy");
  ask(1, "idle", "other");
  pass(100);
  keys.forget(now());
  parties.forget(now());
  expect([keys.size, parties.size]).toEqual([1, 1]);
  expect(ask(5, "busy")).toBe(1);
  pass(60_000);
  keys.forget(now());
  parties.forget(now());
  expect([keys.size, parties.size]).toEqual([0, 0]);
  for (const key of ["a", "b", "c", "d", "e"]) ask(1, key);
  expect(keys.size).toBeLessThanOrEqual(3);
});
