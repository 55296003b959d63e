import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "./defaults.ts";
import { authenticatorGuard, destinationGuard, emptyGuard, userGuardPrefix } from "./guards.ts";
import {
  afterFailure,
  afterSuccess,
  appendSend,
  checkWindows,
  delaySeconds,
  isBlocked,
  resendWait,
  sendLog,
} from "./limits.ts";

const start = Date.UTC(2026, 0, 1);
const empty = emptyGuard("org", "d:1");

const limitsArbitrary = fc.array(
  fc.record({ max: fc.integer({ min: 1, max: 6 }), seconds: fc.integer({ min: 1, max: 500 }) }),
  { minLength: 1, maxLength: 3 },
);
const gaps = fc.array(fc.integer({ min: 0, max: 120_000 }), { maxLength: 60 });

describe("sliding windows", () => {
  test("never admit more than max in any window of that length", () => {
    fc.assert(
      fc.property(limitsArbitrary, gaps, (limits, waits) => {
        let guard = empty;
        let now = start;
        const admitted: number[] = [];
        for (const wait of waits) {
          now += wait;
          if (!checkWindows(guard.sends, limits, now).allowed) continue;
          guard = appendSend(guard, limits, now);
          admitted.push(now);
        }
        for (const { max, seconds } of limits) {
          for (const at of admitted) {
            const inside = admitted.filter((other) => other >= at && other < at + seconds * 1000);
            expect(inside.length).toBeLessThanOrEqual(max);
          }
        }
      }),
    );
  });

  test("retryAfterSeconds is enough, and a second less is not", () => {
    fc.assert(
      fc.property(limitsArbitrary, gaps, (limits, waits) => {
        let guard = empty;
        let now = start;
        for (const wait of waits) {
          now += wait;
          const check = checkWindows(guard.sends, limits, now);
          if (check.allowed) {
            guard = appendSend(guard, limits, now);
            continue;
          }
          const { retryAfterSeconds } = check;
          expect(retryAfterSeconds).toBeGreaterThanOrEqual(1);
          expect(checkWindows(guard.sends, limits, now + retryAfterSeconds * 1000).allowed).toBe(true);
          expect(checkWindows(guard.sends, limits, now + (retryAfterSeconds - 1) * 1000).allowed).toBe(false);
        }
      }),
    );
  });

  test("the default: five in ten minutes, then exactly when the first one leaves the window", () => {
    let guard = empty;
    for (let send = 0; send < 5; send += 1) {
      expect(checkWindows(guard.sends, defaultPolicy.sendsPerDestination, start + send * 1000).allowed).toBe(
        true,
      );
      guard = appendSend(guard, defaultPolicy.sendsPerDestination, start + send * 1000);
    }
    expect(checkWindows(guard.sends, defaultPolicy.sendsPerDestination, start + 5000)).toEqual({
      allowed: false,
      retryAfterSeconds: 595,
    });
    expect(checkWindows(guard.sends, defaultPolicy.sendsPerDestination, start + 599_999).allowed).toBe(false);
    expect(checkWindows(guard.sends, defaultPolicy.sendsPerDestination, start + 600_000).allowed).toBe(true);
  });

  test("whole seconds in the log never shorten a window", () => {
    const limits = [{ max: 1, seconds: 60 }];
    const { sends } = appendSend(empty, limits, start + 900);
    expect(checkWindows(sends, limits, start + 60_899).allowed).toBe(false);
    expect(checkWindows(sends, limits, start + 61_000).allowed).toBe(true);
  });

  test("a short window does not make the log forget what a longer one of another app counts", () => {
    let guard = empty;
    for (let send = 0; send < 10; send += 1) {
      guard = appendSend(guard, [{ max: 1, seconds: 60 }], start + send * 3_600_000);
    }
    const later = start + 10 * 3_600_000;
    expect(checkWindows(guard.sends, [{ max: 10, seconds: 86_400 }], later).allowed).toBe(false);
  });

  test("the log is bounded in length and in age", () => {
    const full = { ...empty, sends: Array.from({ length: sendLog.entries }, () => start / 1000) };
    const guard = appendSend(full, [], start + 1000);
    expect(guard.sends).toHaveLength(sendLog.entries);
    expect(guard.sends.at(-1)).toBe(start / 1000 + 1);
    expect(appendSend(guard, [], start + (sendLog.seconds + 1) * 1000).sends).toHaveLength(1);
  });

  test("no limits allow, a limit of zero never does, a clock gone back gives nothing away", () => {
    expect(checkWindows([1, 2, 3], [], start).allowed).toBe(true);
    expect(checkWindows([], [{ max: 0, seconds: 60 }], start).allowed).toBe(false);
    const guard = appendSend(empty, [{ max: 1, seconds: 60 }], start);
    expect(checkWindows(guard.sends, [{ max: 1, seconds: 60 }], start - 3_600_000).allowed).toBe(false);
    const back = appendSend(guard, [], start - 10_000);
    expect(back.sends).toEqual([start / 1000 - 10, start / 1000]);
  });
});

describe("failures", () => {
  test("the default ladder, and disabled at the twentieth", () => {
    let guard = emptyGuard("org", "a:u:1");
    const waits: number[] = [];
    for (let failure = 1; failure <= 20; failure += 1) {
      guard = afterFailure(guard, defaultPolicy, start);
      waits.push(((guard.blockedUntil ?? start) - start) / 1000);
      expect(guard.disabledAt).toBe(failure < 20 ? undefined : start);
    }
    expect(waits).toEqual([
      0, 0, 0, 0, 0, 0, 0, 30, 30, 60, 60, 300, 300, 300, 1800, 1800, 1800, 3600, 3600, 3600,
    ]);
  });

  test("success clears count and wait, not a disabling; a wait ends at its time", () => {
    const guard = { ...empty, failures: 9, blockedUntil: start + 1, disabledAt: start, lastStep: 7 };
    expect(isBlocked(guard, start)).toBe(true);
    expect(isBlocked(guard, start + 1)).toBe(false);
    expect(afterSuccess(guard)).toEqual({ ...guard, failures: 0, blockedUntil: undefined });
    expect(isBlocked(empty, start)).toBe(false);
  });

  test("a failure never shortens a wait nor moves the time of a disabling", () => {
    const guard = { ...empty, failures: 8, blockedUntil: start + 99_000_000, disabledAt: start - 5 };
    const next = afterFailure(
      guard,
      { failureBudget: 1, failureDelays: [{ failures: 1, seconds: 1 }] },
      start,
    );
    expect(next.blockedUntil).toBe(start + 99_000_000);
    expect(next.disabledAt).toBe(start - 5);
  });

  test("an unsorted ladder is read by its numbers", () => {
    const ladder = [
      { failures: 10, seconds: 60 },
      { failures: 5, seconds: 30 },
    ];
    expect([4, 5, 9, 10, 11].map((failures) => delaySeconds(ladder, failures))).toEqual([0, 30, 30, 60, 60]);
  });
});

describe("resend waits", () => {
  const rules = { resendDelaysSeconds: [30, 60, 120] };
  test("the n-th send waits the n-th delay, the last one repeats", () => {
    expect([0, 1, 2, 3, 4].map((sends) => resendWait(rules, sends, start, start))).toEqual([
      0, 30, 60, 120, 120,
    ]);
    expect(resendWait(rules, 1, start, start + 29_001)).toBe(1);
    expect(resendWait(rules, 1, start, start + 30_000)).toBe(0);
  });
  test("nothing sent yet, or no delays: at once", () => {
    expect(resendWait(rules, 0, undefined, start)).toBe(0);
    expect(resendWait({ resendDelaysSeconds: [] }, 3, start, start)).toBe(0);
  });
});

test("guard keys tell users, authenticators and destinations apart", () => {
  expect(authenticatorGuard("u1", "x").startsWith(userGuardPrefix("u1"))).toBe(true);
  expect(authenticatorGuard("u11", "x").startsWith(userGuardPrefix("u1"))).toBe(false);
  expect(destinationGuard("u1:x").startsWith(userGuardPrefix("u1"))).toBe(false);
});
