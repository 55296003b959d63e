import { describe, expect, test } from "vitest";
import { addOrganization, epoch } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { openSent } from "./sent-messages.ts";

const now = epoch;
const day = 24 * 3600 * 1000;

/** What providers say of messages afterwards. */
export function describeReports(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: reports`, () => {
    const sent = openSent(open);
    const { start, handOver, report, deliveriesOf, eventsOf } = sent;

    test("is noted once: on the verification, and in the record", async () => {
      const { store, home } = sent;
      const started = await start();
      const message = await handOver(started);
      const price = { amount: 0.075, currency: "EUR" };
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => report(message, "delivered", { price, providerCode: "0" })),
      );
      const kinds = outcomes.map(({ kind }) => kind).sort();
      expect(kinds).toEqual(["changed", ...Array(19).fill("unchanged")]);
      expect(outcomes.find(({ kind }) => kind === "changed")).toEqual({
        kind: "changed",
        organization: home,
        verification: started.id,
        delivery: started.delivery.id,
        provider: "first",
        state: "delivered",
      });
      expect(await store.verifications.find(home, started.id)).toMatchObject({
        status: "pending",
        deliveries: [{ id: started.delivery.id, state: "delivered", provider: "first", at: now + 1000 }],
      });
      const events = await eventsOf("delivery.delivered");
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({
        verification: started.id,
        details: {
          delivery: started.delivery.id,
          provider: "first",
          code: "0",
          price: 0.075,
          currency: "EUR",
        },
      });
    });

    test("only goes forward: neither after an end, nor back, nor by another provider, nor of nobody's message", async () => {
      const started = await start();
      const message = await handOver(started);
      expect(await report(message, "accepted")).toEqual({ kind: "unchanged" });
      expect(await report({ ...message, provider: "provider-2" }, "failed")).toEqual({ kind: "unknown" });
      expect(await report({ ...message, reference: "another" }, "failed")).toEqual({ kind: "unknown" });
      expect(await deliveriesOf(started.id)).toEqual(["accepted"]);
      expect(await report(message, "failed", { reason: "rejected" })).toMatchObject({ kind: "changed" });
      expect(await report(message, "delivered")).toEqual({ kind: "unchanged" });
      expect(await report(message, "accepted")).toEqual({ kind: "unchanged" });
      expect(await deliveriesOf(started.id)).toEqual(["failed"]);
      expect(await eventsOf("delivery.failed")).toMatchObject([{ details: { failure: "rejected" } }]);
      expect(await eventsOf("delivery.delivered")).toEqual([]);
    });

    test("by our own id may come before the hand-over is recorded, which does not undo it", async () => {
      const { store, home } = sent;
      const started = await start();
      const message = { organization: home, verification: started.id, delivery: started.delivery.id };
      expect(await report(message, "delivered")).toMatchObject({ kind: "changed" });
      await handOver(started);
      expect(await deliveriesOf(started.id)).toEqual(["delivered"]);
      const foreign = await addOrganization(store);
      expect(await report({ ...message, organization: foreign }, "failed")).toEqual({ kind: "unchanged" });
    });

    test("is taken for a week, also after the verification is closed", async () => {
      const { store, home } = sent;
      const started = await start();
      const message = await handOver(started);
      await store.verifications.cancel({ organization: home, id: started.id, now, actor: "cli" });
      expect(await report(message, "delivered", { now: now + 6 * day })).toMatchObject({ kind: "changed" });
      const late = await start();
      const lateMessage = await handOver(late);
      expect(await report(lateMessage, "delivered", { now: now + 7 * day })).toEqual({ kind: "unknown" });
      await store.verifications.expire(now + 8 * day, 100);
      // Forgotten for good: not even a clock set back finds it.
      expect(await report(lateMessage, "delivered", { now })).toEqual({ kind: "unknown" });
    });
  });
}
