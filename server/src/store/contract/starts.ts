import { describe, expect, test } from "vitest";
import { mostPending } from "../../engine/verification/pending.ts";
import {
  addOrganization,
  audit,
  context,
  eventsOf,
  newAuthenticator,
  newId,
  newUser,
  reasonOf,
  someNumber,
} from "./fixtures.ts";
import { openHot, roomy, type Started, wrongFor } from "./hot.ts";
import { newTestNumber } from "./new-settings.ts";
import type { OpenedStore } from "./opened.ts";

/** What a start opens, joins, replaces and refuses. */
export function describeStarts(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: starts`, () => {
    const hot = openHot(open);
    const { addPhone, sealed, startCommand, start, check, resend } = hot;

    test("start writes the verification and its message; a right answer approves it once", async () => {
      const { store, home, now } = hot;
      const phone = await addPhone();
      const { verification, code, delivery, kind } = await start(phone, { binding: { call: "c1" } });
      expect(kind).toBe("started");
      expect(code).toMatch(/^\d{6}$/);
      expect(delivery).toMatchObject({ verification: verification.id, via: "sms", state: "queued" });
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
      expect(JSON.stringify(verification)).not.toContain(code);
      const outcome = await check(verification, code);
      expect(outcome.kind).toBe("approved");
      expect(outcome).toHaveProperty("claims.verification", verification.id);
      expect(reasonOf(await check(verification, code))).toBe("closed");
      const found = await store.verifications.find(home, verification.id);
      expect(found).toMatchObject({
        status: "approved",
        attempts: 1,
        closedAt: now,
        binding: { call: "c1" },
      });
      // What could check a code or reach a person stays inside the store.
      for (const member of ["mac", "kid", "sealedCode", "destination", "destinationKey", "number", "guard"]) {
        expect(found).not.toHaveProperty(member);
      }
    });

    test(`the latest ${mostPending} purposes of an authenticator are open: a further one ends the oldest`, async () => {
      const { store, home } = hot;
      const phone = await addPhone();
      const begin = async (purpose: string) => {
        hot.now += 1;
        return start(phone, { purpose });
      };
      const { verification: oldest } = await begin("oldest");
      // What is closed makes room.
      for (let made = 0; made < 2 * mostPending; made += 1) {
        const { verification, code } = await begin(`answered-${made}`);
        expect((await check(verification, code)).kind).toBe("approved");
      }
      expect(await store.verifications.find(home, oldest.id)).toMatchObject({ status: "pending" });
      const open: Started[] = [];
      for (let made = 0; made < mostPending; made += 1) open.push(await begin(`open-${made}`));
      expect(await store.verifications.find(home, oldest.id)).toMatchObject({
        status: "canceled",
        reason: "superseded",
      });
      const ended = (await eventsOf(store, home)).filter(({ type }) => type === "verification.canceled");
      expect(ended.map(({ verification }) => verification)).toEqual([oldest.id]);
      const statuses = () =>
        Promise.all(
          open.map(
            async ({ verification }) => (await store.verifications.find(home, verification.id))?.status,
          ),
        );
      expect(new Set(await statuses())).toEqual(new Set(["pending"]));
      // All that are open are on the list by which they end with their person.
      await store.users.remove(home, phone.user.id, audit(home, "user.deleted"));
      expect(new Set(await statuses())).toEqual(new Set(["canceled"]));
    });

    test("an authenticator forgets old purposes, also those of what was moved to it", async () => {
      const { store, home } = hot;
      const user = newUser(home);
      const reached = (kind: "sms" | "email", address: string) => {
        const drafted = newAuthenticator(user, kind, { destinationKey: newId() });
        return {
          ...drafted,
          destination: sealed(home, "authenticators", "destination", drafted.id, address),
        };
      };
      const authenticator = reached("sms", "+4915112345612");
      const others = [reached("email", "ada@example.com")];
      await store.users.insert(user, [authenticator, ...others], audit(home, "user.created"));
      const phone = { user, authenticator };
      for (let made = 0; made <= mostPending; made += 1) {
        hot.now += 60_000;
        const { verification } = await start(phone, { purpose: `transfer-${made}`, via: "email" });
        expect((await resend(verification, { via: "sms" })).kind).toBe("resent");
      }
      const kept = (await store.enrollments.list(home, user.id)).map(
        ({ guard }) => Object.keys(guard?.pending ?? {}).length,
      );
      expect(kept).toHaveLength(2);
      expect(Math.max(...kept)).toBeLessThanOrEqual(mostPending);
    });

    test("a second start is a resend of the same verification; another purpose is another one", async () => {
      const phone = await addPhone();
      const first = await start(phone);
      const second = await start(phone);
      expect(second).toMatchObject({ kind: "resent", verification: { id: first.verification.id, sends: 2 } });
      const other = await start(phone, { purpose: "transfer" });
      expect(other.kind).toBe("started");
      expect(other.verification.id).not.toBe(first.verification.id);
      const quick = await start(phone, { purpose: "quick", policy: { ...roomy, resendDelaysSeconds: [30] } });
      const doubled = await start(phone, {
        purpose: "quick",
        policy: { ...roomy, resendDelaysSeconds: [30] },
      });
      expect(doubled.verification).toMatchObject({ id: quick.verification.id, sends: 1 });
      expect(doubled.delivery).toBeUndefined();
      expect(await resend(quick.verification)).toMatchObject({
        reason: "resend_too_soon",
        retryAfterSeconds: 30,
      });
    });

    test("50 starts at once open one verification", async () => {
      const phone = await addPhone();
      const policy = { ...roomy, resendDelaysSeconds: [30] };
      const started = await Promise.all(Array.from({ length: 50 }, () => start(phone, { policy })));
      expect(new Set(started.map(({ verification }) => verification.id)).size).toBe(1);
      expect(started.filter(({ delivery }) => delivery)).toHaveLength(1);
    });

    test("a verification by destination counts on the destination", async () => {
      const { store, home } = hot;
      const target = {
        destination: "+4915112345612",
        destinationKey: newId(),
        hint: "+49 *** 12",
        number: someNumber,
      };
      const phone = await addPhone();
      const first = await start(phone, { target });
      expect(first.verification).toMatchObject({ hint: target.hint });
      expect(first.verification.user).toBeUndefined();
      expect(JSON.stringify(await store.verifications.find(home, first.verification.id))).not.toContain(
        target.destination,
      );
      expect((await check(first.verification, first.code)).kind).toBe("approved");
    });

    test("a test number has its fixed code and no message, outside production only", async () => {
      const { store, home } = hot;
      const phone = await addPhone("test-key");
      const drafted = newTestNumber(home, "test-key");
      const testNumber = { ...drafted, code: sealed(home, "test_numbers", "code", drafted.id, "424242") };
      await store.settings.testNumbers.insert({ ...testNumber, expiresAt: hot.now + 60_000 }, audit(home));
      const fixed = await start(phone, { production: false });
      expect(fixed.delivery).toBeUndefined();
      expect((await check(fixed.verification, "424242")).kind).toBe("approved");
      expect((await start(phone, { production: true })).delivery).toBeDefined();
      hot.now += 60_000;
      expect((await start(phone, { production: false, purpose: "later" })).delivery).toBeDefined();
    });

    test("API-25: another organization finds, checks, resends and cancels nothing, and nothing is counted", async () => {
      const { store, home, now } = hot;
      const phone = await addPhone();
      const foreign = await addOrganization(store);
      const { verification, code } = await start(phone);
      const theirs = { ...verification, organization: foreign };
      const before = await store.audit.head();
      expect(await store.verifications.find(foreign, verification.id)).toBeUndefined();
      expect(await check(theirs, code)).toEqual({ kind: "unknown" });
      expect(await check(theirs, wrongFor(code))).toEqual({ kind: "unknown" });
      expect(await resend(theirs)).toMatchObject({ kind: "refused", reason: "not_found" });
      expect(await store.verifications.cancel({ ...context(foreign, now), id: verification.id })).toEqual({
        kind: "unknown",
      });
      const planted = startCommand(phone, { organization: foreign });
      expect(await store.verifications.start(planted)).toMatchObject({ reason: "not_found" });
      expect(await store.audit.head()).toBe(before);
      expect(await check({ ...verification, id: newId() }, code)).toEqual({ kind: "unknown" });
      expect(await store.verifications.find(home, verification.id)).toEqual(verification);
      expect((await check(verification, code)).kind).toBe("approved");
    });
  });
}
