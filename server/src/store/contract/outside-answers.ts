import { describe, expect, test } from "vitest";
import { audit, newId, reasonOf } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { granted, openOutside } from "./outside-service.ts";

/** Verifications whose codes a service outside compares: answers. */
export function describeOutsideAnswers(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: codes of a service outside: an answer`, () => {
    const outside = openOutside(open);
    const { context, start, note, asked, resend, count, counted, settle, answer, find, guardOf, typesOf } =
      outside;

    test("counts before the service is asked; the right one approves once, clears, and is worth a receipt", async () => {
      const { now, person } = outside;
      const id = await asked({ binding: { call: "c" } });
      await answer(id, "wrong");
      const one = await counted(id);
      expect(await find(id)).toMatchObject({ status: "pending", attempts: 2 });
      expect((await guardOf())?.failures).toBe(2);
      const outcome = await settle(id, "right", one);
      expect(outcome).toMatchObject({
        kind: "approved",
        claims: { verification: id, binding: { call: "c" }, sub: person.user.id, acr: "restricted" },
      });
      expect(await find(id)).toMatchObject({ status: "approved", attempts: 2, closedAt: now });
      expect((await guardOf())?.failures).toBe(0);
      expect(reasonOf(await settle(id, "right", one))).toBe("closed");
      expect(reasonOf(await count(id))).toBe("closed");
      const told = (await typesOf()).filter((type) => !type.startsWith("delivery"));
      expect(told.slice(0, 5)).toEqual([
        ...["verification.started", "attempt.counted", "attempt.refused", "attempt.counted"],
        "verification.approved",
      ]);
    });

    test("with a name is one attempt, also when what was said of it was never learned", async () => {
      const id = await asked();
      expect(reasonOf(await count(id, "turn 1"))).toBe("counted");
      const seen = await find(id);
      for (const _ of [1, 2, 3]) expect(reasonOf(await count(id, "turn 1"))).toBe("unanswered");
      expect([await find(id), (await guardOf())?.failures]).toEqual([seen, 1]);
      const again = await count(id, "turn 2");
      if (again.kind !== "counted") throw new Error(again.kind);
      const first = await settle(id, "right", again.counted);
      expect(await count(id, "turn 2")).toEqual(first);
      expect(await find(id)).toMatchObject({ status: "approved", attempts: 2 });
    });

    test("200 at once, 3 allowed: exactly 3 are shown to the service, and the last answer closes", async () => {
      const id = await asked();
      const outcomes = await Promise.all(Array.from({ length: 200 }, () => count(id)));
      const reasons = outcomes.map(reasonOf);
      expect(reasons.filter((reason) => reason === "counted")).toHaveLength(3);
      expect(reasons.filter((reason) => reason === "exhausted")).toHaveLength(197);
      expect(await find(id)).toMatchObject({ status: "pending", attempts: 3 });
      const one = outcomes.flatMap((outcome) => (outcome.kind === "counted" ? [outcome.counted] : []));
      for (const [index, each] of one.entries()) {
        expect((await find(id)).status).toBe("pending");
        expect(reasonOf(await settle(id, index === 1 ? "unknown" : "wrong", each))).toBe(
          index === 1 ? "unanswered" : "wrong",
        );
      }
      expect(await find(id)).toMatchObject({ status: "denied", reason: "too_many_attempts", attempts: 3 });
      expect((await guardOf())?.failures).toBe(3);
    });

    test("the last one allowed may be right, and 100 right ones are one approval", async () => {
      const id = await asked();
      await answer(id, "wrong");
      const pair = [await counted(id), await counted(id)];
      await settle(id, "wrong", pair[0]!);
      expect((await find(id)).status).toBe("pending");
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => settle(id, "right", pair[1]!)));
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
      expect((await typesOf()).filter((type) => type === "verification.approved")).toHaveLength(1);
    });

    test("that is never learned stays counted, and what is over is not asked for again", async () => {
      const id = await asked();
      await counted(id);
      expect(reasonOf(await answer(id, "over"))).toBe("expired");
      expect(reasonOf(await count(id))).toBe("expired");
      const again = granted(await resend(id, { outside: "signalwire" }));
      await note(id, again.order!.id, { reference: "ref-2" });
      expect(reasonOf(await answer(id, "unknown"))).toBe("unanswered");
      expect(reasonOf(await count(id))).toBe("exhausted");
      expect(await find(id)).toMatchObject({ status: "pending", attempts: 3 });
      expect((await guardOf())?.failures).toBe(3);
    });

    test("after the time, of a person who was disabled, of another organization or app: not taken", async () => {
      const { store, home, person } = outside;
      const id = await asked();
      const one = await counted(id);
      const { count: countAbroad, settle: settleAbroad } = store.verifications.outside;
      const abroad = { ...context(), id, organization: newId(), issuer: "i" };
      expect(await countAbroad(abroad)).toEqual({ kind: "unknown" });
      expect(await countAbroad({ ...context(), id, onlyApp: "another", issuer: "i" })).toEqual({
        kind: "unknown",
      });
      expect(await settleAbroad({ ...abroad, counted: one, answer: "right" })).toEqual({
        kind: "unknown",
      });
      const own = granted(await start({ outside: undefined, purpose: "own" })).verification.id;
      expect(await count(own)).toEqual({ kind: "unknown" });
      expect(await settle(own, "right", one)).toEqual({ kind: "unknown" });

      await store.users.update(
        home,
        person.user.id,
        { disabledAt: outside.now },
        audit(home, "user.updated"),
      );
      expect(reasonOf(await count(id))).toBe("disabled");
      expect(reasonOf(await settle(id, "right", one))).toBe("disabled");
      await store.users.update(home, person.user.id, { disabledAt: null }, audit(home, "user.updated"));
      const late = await counted(id);
      outside.now += 300_000;
      expect(reasonOf(await settle(id, "right", late))).toBe("expired");
      expect(reasonOf(await count(id))).toBe("expired");
      expect((await typesOf()).filter((type) => type === "verification.approved")).toEqual([]);
    });
  });
}
