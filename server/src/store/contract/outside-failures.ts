import { describe, expect, test } from "vitest";
import { reasonOf } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { granted, openOutside, policy } from "./outside-service.ts";

/** Verifications whose codes a service outside compares: the failures of an authenticator. */
export function describeOutsideFailures(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: codes of a service outside: the failure budget`, () => {
    const outside = openOutside(open);
    const { context, start, asked, count, counted, settle, answer, find, guardOf, typesOf } = outside;
    const tight = { ...policy, failureBudget: 5 };

    test("counts over verifications with those of ours, and closes the authenticator", async () => {
      const { store, now } = outside;
      const id = await asked({ policy: tight });
      for (const _ of [1, 2, 3]) await answer(id, "wrong");
      expect((await find(id)).status).toBe("denied");
      const own = granted(await start({ policy: tight, outside: undefined, purpose: "own" })).verification;
      await store.verifications.check({ ...context(), id: own.id, candidates: ["x"], issuer: "i" });
      const last = await asked({ policy: tight, purpose: "last" });
      const outcome = await answer(last, "wrong");
      expect(outcome).toMatchObject({
        verification: { status: "denied", reason: "authenticator_disabled" },
      });
      expect(await guardOf()).toMatchObject({ failures: 5, disabledAt: now });
      expect(await start({ policy: tight })).toMatchObject({ reason: "authenticator_disabled" });
      expect((await typesOf()).filter((type) => type === "authenticator.disabled")).toHaveLength(1);
    });

    test("the answer that spends it disables at once, and takes that back only if it is right itself", async () => {
      const { now } = outside;
      const [first, second] = [
        await asked({ policy: tight, purpose: "a" }),
        await asked({ policy: tight, purpose: "b" }),
      ];
      for (const _ of [1, 2]) await answer(first, "wrong");
      const before = await counted(first);
      await answer(second, "wrong");
      const last = await counted(second);
      expect(last.disabledAt).toBe(now);
      expect(await guardOf()).toMatchObject({ failures: 5, disabledAt: now });
      expect(reasonOf(await count(second))).toBe("disabled");
      // It was counted before, but the authenticator was disabled by another answer.
      expect(reasonOf(await settle(first, "right", before))).toBe("disabled");
      expect(reasonOf(await settle(second, "right", last))).toBe("approved");
      expect(await guardOf()).toMatchObject({ failures: 0 });
      expect(await guardOf()).not.toHaveProperty("disabledAt");
      expect(await typesOf()).toEqual(
        expect.arrayContaining(["authenticator.disabled", "authenticator.enabled"]),
      );
    });

    test("an answer that is never learned leaves it disabled", async () => {
      const { now } = outside;
      const id = await asked({ policy: { ...tight, failureBudget: 1 } });
      expect(await answer(id, "unknown")).toMatchObject({
        ...{ reason: "unanswered", verification: { reason: "authenticator_disabled" } },
      });
      expect(await guardOf()).toMatchObject({ failures: 1, disabledAt: now });
    });

    test("the ladder makes the next answer wait", async () => {
      const slow = { ...policy, failureDelays: [{ failures: 1, seconds: 30 }] };
      const id = await asked({ policy: slow });
      await answer(id, "wrong");
      expect(reasonOf(await count(id))).toBe("throttled");
      outside.now += 30_000;
      expect(reasonOf(await answer(id, "right"))).toBe("approved");
      expect(await guardOf()).not.toHaveProperty("blockedUntil");
    });
  });
}
