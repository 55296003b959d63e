import { describe, expect, test } from "vitest";
import { newId, reasonOf } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { granted, openOutside } from "./outside-service.ts";

/** Verifications whose codes a service outside makes: what it is asked to send, and what became of that. */
export function describeOutsideResends(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: codes of a service outside: a resend`, () => {
    const outside = openOutside(open);
    const { start, note, asked, resend, count, counted, settle, answer, find } = outside;

    test("is asked for by who can ask the service, and only the newest code can be right", async () => {
      const id = await asked();
      const late = await counted(id);
      expect(await resend(id)).toMatchObject({ kind: "refused", reason: "sent_outside" });
      const again = granted(await resend(id, { outside: "signalwire" }));
      // Between the order and its outcome no code is known that could be asked for.
      expect(reasonOf(await count(id))).toBe("expired");
      await note(id, again.order!.id, { reference: "ref-2" });
      expect(await count(id)).toMatchObject({ kind: "counted", reference: "ref-2" });
      expect(reasonOf(await settle(id, "right", late))).toBe("wrong");
      expect((await find(id)).status).toBe("pending");
      expect(await find(id)).toMatchObject({ attempts: 2, sends: 2 });
    });

    test("an outcome that comes after the next order brings the old code not back", async () => {
      const { verification, order } = granted(await start());
      const again = granted(await resend(verification.id, { outside: "signalwire" }));
      await note(verification.id, order!.id, { reference: "old" });
      expect(reasonOf(await count(verification.id))).toBe("expired");
      await note(verification.id, again.order!.id, { reference: "new" });
      expect(await count(verification.id)).toMatchObject({ reference: "new" });
      const { deliveries } = await find(verification.id);
      expect(deliveries.map(({ state }) => state)).toEqual(["accepted", "accepted"]);
    });

    test("counts on the same attempts and the same sends, and ends like any other", async () => {
      const { store } = outside;
      const id = await asked();
      await answer(id, "wrong");
      for (const _ of [2, 3]) await resend(id, { outside: "signalwire" });
      expect(await resend(id, { outside: "signalwire" })).toMatchObject({ reason: "too_many_sends" });
      expect(await find(id)).toMatchObject({ attempts: 1, sends: 3 });
      outside.now += 300_000;
      expect(await resend(id, { outside: "signalwire" })).toMatchObject({ reason: "already_closed" });
      expect(await store.verifications.expire(outside.now, 10)).toBe(1);
      expect((await find(id)).status).toBe("expired");
    });
  });

  describe(`${name}: codes of a service outside: what became of an order`, () => {
    const outside = openOutside(open);
    const { context, start, note, asked, count, counted, find, events, typesOf } = outside;

    test("is recorded with the verification, without the number and without the service's id", async () => {
      const { store } = outside;
      const { verification, order } = granted(await start());
      const { id } = verification;
      const failed = {
        state: "failed",
        reference: undefined,
        reason: "rejected",
        providerCode: "422",
      } as const;
      await note(id, order!.id, failed);
      expect((await find(id)).deliveries).toMatchObject([{ state: "failed" }]);
      expect(reasonOf(await count(id))).toBe("expired");
      expect((await events()).at(1)).toMatchObject({
        ...{ type: "delivery.failed", verification: id },
        details: { failure: "rejected", code: "422", codes: "signalwire", via: "sms", delivery: order!.id },
      });
      await note(id, "no such order");
      await note(newId(), order!.id);
      const { note: noteAbroad } = store.verifications.outside;
      await noteAbroad({ ...context(), organization: newId(), id, delivery: order!.id, state: "accepted" });
      expect(await typesOf()).toEqual(["verification.started", "delivery.failed", "attempt.refused"]);
      const accepted = await asked({ purpose: "b" }, "secret-reference");
      await counted(accepted);
      expect(JSON.stringify([await events(), await find(accepted)])).not.toContain("secret-reference");
    });
  });
}
