import { describe, expect, test } from "vitest";
import { context, reasonOf, typesOf } from "./fixtures.ts";
import { openHot } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** How verifications end without an answer. */
export function describeEndings(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: endings`, () => {
    const hot = openHot(open);
    const { addPhone, start, check, resend } = hot;

    test("cancel closes once, and nothing can be approved after", async () => {
      const { store, home, now } = hot;
      const { verification, code, delivery } = await start(await addPhone());
      const cancel = () => store.verifications.cancel({ ...context(home, now), id: verification.id });
      const outcomes = await Promise.all(Array.from({ length: 10 }, cancel));
      expect(outcomes.filter(({ kind }) => kind === "canceled")).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === "closed")).toHaveLength(9);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      expect(await resend(verification)).toMatchObject({ reason: "already_closed" });
      expect(await store.outbox.claim([delivery!.id], "node", now)).toEqual([]);
    });

    test("time ends a verification, and a clock set back re-opens nothing", async () => {
      const { verification, code } = await start(await addPhone());
      hot.now += 300_000;
      expect(reasonOf(await check(verification, code))).toBe("expired");
      hot.now -= 200_000;
      expect((await check(verification, code)).kind).toBe("refused");
    });

    test("expire closes what is over, oldest first, and leaves the rest", async () => {
      const { store, home } = hot;
      const old = await start(await addPhone());
      const older = await start(await addPhone());
      hot.now += 200_000;
      const living = await start(await addPhone());
      hot.now += 100_000;
      expect(await store.verifications.expire(hot.now, 100)).toBe(2);
      expect(await store.verifications.expire(hot.now, 100)).toBe(0);
      for (const { verification } of [old, older]) {
        expect(await store.verifications.find(home, verification.id)).toMatchObject({ status: "expired" });
      }
      expect((await check(living.verification, living.code)).kind).toBe("approved");
      expect((await typesOf(store, home)).filter((type) => type === "verification.expired")).toHaveLength(2);
    });
  });
}
