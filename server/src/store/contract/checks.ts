import { describe, expect, test } from "vitest";
import type { Conversation } from "../../engine/conversations.ts";
import { audit, context, newId, reasonOf, typesOf } from "./fixtures.ts";
import { openHot, wrongFor } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** How answers are counted and compared. */
export function describeChecks(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: checks`, () => {
    const hot = openHot(open);
    const { addPhone, startCommand, start, check, resend } = hot;

    test("200 wrong answers at once, 3 allowed: exactly 3 are evaluated, and then the right one is refused", async () => {
      const { store, home } = hot;
      const { verification, code } = await start(await addPhone());
      const outcomes = await Promise.all(
        Array.from({ length: 200 }, () => check(verification, wrongFor(code))),
      );
      const reasons = outcomes.map(reasonOf);
      expect(reasons.filter((reason) => reason === "wrong")).toHaveLength(3);
      expect(reasons.filter((reason) => reason === "closed")).toHaveLength(197);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      expect(await store.verifications.find(home, verification.id)).toMatchObject({
        status: "denied",
        attempts: 3,
      });
    });

    test("100 right answers at once: exactly one approval", async () => {
      const { store, home } = hot;
      const { verification, code } = await start(await addPhone());
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => check(verification, code)));
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
      expect((await typesOf(store, home)).filter((type) => type === "verification.approved")).toHaveLength(1);
    });

    test("two readings of one answer are one attempt", async () => {
      const { store, home } = hot;
      const { verification, code } = await start(await addPhone());
      await check(verification, wrongFor(code), { candidates: [wrongFor(code), wrongFor(code, 2)] });
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      expect((await check(verification, code, { candidates: [wrongFor(code), code] })).kind).toBe("approved");
    });

    test("a named answer is counted once, whatever it is, and the right one keeps its receipt", async () => {
      const { store, home } = hot;
      const { verification, code } = await start(await addPhone());
      const answer = (attempt: string, candidate: string) => check(verification, candidate, { attempt });
      const first = await Promise.all([answer("a", "000000"), answer("a", "000001"), answer("a", code)]);
      expect(first.map((outcome) => outcome.kind === "refused" && outcome.reason)).toEqual(
        Array(3).fill("wrong"),
      );
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 1 });
      // Another surface's answer has no name, and is one more.
      await check(verification, "000002");
      expect(await answer("a", code)).toMatchObject({ kind: "refused", reason: "wrong" });
      expect(await store.verifications.find(home, verification.id)).toMatchObject({ attempts: 2 });
      const [approved, ...again] = await Promise.all([
        answer("b", code),
        answer("b", code),
        answer("b", "000000"),
      ]);
      expect(approved).toMatchObject({ kind: "approved", claims: { jti: verification.id } });
      for (const outcome of again) expect(outcome).toEqual(approved);
      expect(await answer("c", code)).toMatchObject({ kind: "refused", reason: "closed" });
    });

    test("what a dialogue says to the right answer is written with its approval, and with nothing else", async () => {
      const { store, home, now } = hot;
      const conversation: Conversation = {
        id: `cv_${newId(now)}`,
        organization: home,
        publication: "publication",
        channel: "chat",
        externalId: "chat-1",
        version: 1,
        state: "asked",
        createdAt: now,
        updatedAt: now,
        expiresAt: now + 900_000,
      };
      await store.conversations.save(conversation, []);
      const passed = { ...conversation, version: 2, state: "passed", path: "success" };
      const event = { type: "conversation.ended", organization: home } as const;
      const whenApproved = { conversation: passed, events: [event] };
      const ends = async () =>
        (await store.audit.after(home, 0, 1000)).filter(({ type }) => type === event.type).length;

      const one = await start(await addPhone());
      await check(one.verification, "000000", { whenApproved });
      expect(await store.conversations.find(home, conversation.id)).toEqual(conversation);
      expect(await ends()).toBe(0);
      const approved = await check(one.verification, one.code, { whenApproved, attempt: "turn" });
      expect(approved).toMatchObject({ kind: "approved", kept: true });
      expect(await store.conversations.find(home, conversation.id)).toEqual(passed);
      expect(await ends()).toBe(1);
      // The same again, and another turn that came first: the approval stands, and nothing is written.
      const again = await check(one.verification, one.code, { whenApproved, attempt: "turn" });
      expect(again).toMatchObject({ kind: "approved" });
      expect(again).not.toHaveProperty("kept");
      const other = await start(await addPhone());
      const late = await check(other.verification, other.code, { whenApproved });
      expect(late).toMatchObject({ kind: "approved" });
      expect(late).not.toHaveProperty("kept");
      expect(await store.conversations.find(home, conversation.id)).toEqual(passed);
      expect(await store.conversations.save({ ...passed, version: 3 }, [])).toBe(true);
      expect(await ends()).toBe(1);
    });

    test("what is revoked or removed can no longer be approved", async () => {
      const { store, home, now } = hot;
      const revoked = await addPhone();
      const first = await start(revoked);
      await store.enrollments.revoke(context(home, now), revoked.user.id, revoked.authenticator.id);
      expect((await check(first.verification, first.code)).kind).toBe("refused");
      expect((await resend(first.verification)).kind).toBe("refused");
      const removed = await addPhone();
      const second = await start(removed);
      const third = await start(removed, { purpose: "other" });
      await store.users.remove(home, removed.user.id, audit(home, "user.deleted"));
      for (const { verification, code } of [second, third]) {
        expect(reasonOf(await check(verification, code))).toBe("closed");
        expect(await store.verifications.find(home, verification.id)).toMatchObject({ status: "canceled" });
      }
      expect(await store.verifications.start(startCommand(removed))).toMatchObject({ reason: "not_found" });
    });
  });
}
