import { describe, expect, test } from "vitest";
import { codeOf, context, newId, typesOf } from "./fixtures.ts";
import { openHot, wrongFor } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** Requests that come again. */
export function describeIdempotency(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: idempotency`, () => {
    const hot = openHot(open);
    const { addPhone, startCommand, start, sent, check } = hot;

    test("idempotency: the same request gets the stored outcome, another one a conflict", async () => {
      const { store, home, now } = hot;
      const phone = await addPhone();
      const idempotency = { key: "key|POST", fingerprint: "f1" };
      const command = startCommand(phone, { idempotency });
      const first = sent(await store.verifications.start(command));
      const again = await store.verifications.start({ ...command, id: newId(now), deliveryId: newId(now) });
      expect(again).toMatchObject({ kind: "started", verification: { id: first.verification.id, sends: 1 } });
      expect(again).not.toHaveProperty("delivery.code");
      const other = { ...command, idempotency: { ...idempotency, fingerprint: "f2" } };
      expect(await codeOf(store.verifications.start(other))).toBe("idempotency_conflict");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ sends: 1 });
    });

    test("idempotency: after the time that a key is held, another request takes it over", async () => {
      const { store, home, now } = hot;
      const { verification } = await start(await addPhone());
      const cancel = (fingerprint: string, at: number, id = verification.id) =>
        store.verifications.cancel({
          ...context(home, at),
          id,
          idempotency: { key: "held", fingerprint, takeOverAfterMs: 20_000 },
        });
      expect(await cancel("f1", now)).toMatchObject({ kind: "canceled" });
      expect(await codeOf(cancel("f2", now + 20_000))).toBe("idempotency_conflict");
      expect(await cancel("f1", now + 20_001)).toMatchObject({ kind: "canceled" });
      expect(await cancel("f2", now + 20_001)).toMatchObject({ kind: "closed" });
      expect(await codeOf(cancel("f1", now + 30_000))).toBe("idempotency_conflict");
    });

    test("idempotency: a repeated check counts once and gives the same receipt", async () => {
      const { store, home } = hot;
      const { verification, code } = await start(await addPhone());
      const wrong = { idempotency: { key: "wrong", fingerprint: "f" } };
      await Promise.all(Array.from({ length: 10 }, () => check(verification, wrongFor(code), wrong)));
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      const right = { idempotency: { key: "right", fingerprint: "f" } };
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => check(verification, code, right)));
      const claims = outcomes.map((one) =>
        one.kind === "approved" ? JSON.stringify(one.claims) : undefined,
      );
      expect(new Set(claims).size).toBe(1);
      expect(claims[0]).toBeDefined();
      expect((await typesOf(store, home)).filter((type) => type === "verification.approved")).toHaveLength(1);
    });
  });
}
