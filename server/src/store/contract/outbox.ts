import { describe, expect, test } from "vitest";
import { addOrganization, newId, typesOf } from "./fixtures.ts";
import { openHot } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** The messages that wait to be sent. */
export function describeOutbox(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: outbox`, () => {
    const hot = openHot(open);
    const { addPhone, start, codeIn } = hot;

    test("outbox: claimed once, left over for others, finished once", async () => {
      const { store, home, now } = hot;
      const { verification, delivery, code } = await start(await addPhone());
      const id = delivery!.id;
      expect((await store.outbox.leftovers("node-a", 10)).map((one) => one.id)).toEqual([id]);
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => store.outbox.claim([id, newId()], "node-a", now)),
      );
      expect(claims.flat()).toHaveLength(1);
      const [claimed] = claims.flat();
      expect(claimed).toEqual({ ...delivery, state: "sending" });
      expect(codeIn(claimed!)).toBe(code);
      expect(await store.outbox.leftovers("node-a", 10)).toEqual([]);
      expect((await store.outbox.leftovers("node-b", 10)).map((one) => one.state)).toEqual(["sending"]);
      const result = {
        organization: home,
        delivery: id,
        verification: verification.id,
        via: "sms",
        state: "accepted",
        provider: "p1",
        tries: 1,
        now: now + 5,
      } as const;
      await store.outbox.finish(result);
      await store.outbox.finish({ ...result, state: "failed" });
      expect(await store.outbox.leftovers("node-b", 10)).toEqual([]);
      expect(await store.verifications.find(home, verification.id)).toMatchObject({
        deliveries: [{ id, state: "accepted", provider: "p1", at: now + 5 }],
      });
      const types = await typesOf(store, home);
      expect(types.filter((type) => type.startsWith("delivery."))).toEqual(["delivery.accepted"]);
    });

    test("outbox: an outcome for another organization's delivery changes nothing", async () => {
      const { store, home, now } = hot;
      const foreign = await addOrganization(store);
      const { verification, delivery } = await start(await addPhone());
      await store.outbox.finish({
        organization: foreign,
        delivery: delivery!.id,
        verification: verification.id,
        via: "sms",
        state: "failed",
        tries: 1,
        now,
      });
      expect(await store.outbox.claim([delivery!.id], "node", now)).toHaveLength(1);
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
    });
  });
}
