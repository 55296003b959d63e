import { describe, expect, test } from "vitest";
import type { Policy } from "../../engine/policy/policy.ts";
import { reasonOf } from "./fixtures.ts";
import { openHot, roomy, type Started, wrongFor } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** What a resend keeps and what it makes new. */
export function describeResends(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: resends`, () => {
    const hot = openHot(open);
    const { addPhone, start, sent, check, resend, failuresOf } = hot;

    test("a resend keeps the counters, and only the newest code is right", async () => {
      const { store, home } = hot;
      const phone = await addPhone();
      const first = await start(phone);
      await check(first.verification, wrongFor(first.code));
      const again = await untilAnotherCode(first.code, async () => sent(await resend(first.verification)), 2);
      expect(again.verification).toMatchObject({ id: first.verification.id, attempts: 1 });
      expect(reasonOf(await check(again.verification, first.code))).toBe("wrong");
      expect(await failuresOf(phone)).toBe(2);
      expect((await check(again.verification, again.code)).kind).toBe("approved");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ attempts: 3 });
    });

    test("resend: same repeats the living code; sends are counted to their end", async () => {
      const phone = await addPhone();
      const policy: Policy = { ...roomy, resend: "same", maxSends: 2 };
      const first = await start(phone, { policy });
      const second = sent(await resend(first.verification));
      expect(second.code).toBe(first.code);
      expect(await resend(first.verification)).toMatchObject({ kind: "refused", reason: "too_many_sends" });
      expect(second.verification).toMatchObject({ sends: 2 });
    });
  });
}

/** A new code equals the old one once in a million; then it is asked for again, `most` times at most. */
async function untilAnotherCode(code: string, send: () => Promise<Started>, most: number): Promise<Started> {
  let started = await send();
  for (let count = 1; count < most && started.code === code; count += 1) started = await send();
  return started;
}
