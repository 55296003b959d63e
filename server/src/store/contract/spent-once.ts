import { describe, expect, test } from "vitest";
import { hotp, totpStep } from "../../engine/code/totp.ts";
import {
  addOrganization,
  addUser,
  codesOf,
  context,
  newAuthenticator,
  newId,
  reasonOf,
  typesOf,
} from "./fixtures.ts";
import { openHot, type Phone } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

const codeAt = (secret: Uint8Array, time: number) => hotp(secret, totpStep(time, 30), 6, "SHA1");

/** Receipts, time steps and recovery codes: spent by exactly one caller. */
export function describeSpentOnce(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: what is spent once`, () => {
    const hot = openHot(open);
    const { sealed, start, check } = hot;

    async function addTotp(status: "pending" | "active"): Promise<Phone & { readonly secret: Uint8Array }> {
      const { store, home, now } = hot;
      const user = await addUser(store, home);
      const drafted = newAuthenticator(user, "totp", {
        status,
        totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
        ...(status === "pending" && { expiresAt: now + 600_000 }),
      });
      const secret = Buffer.from("12345678901234567890");
      const authenticator = { ...drafted, seed: sealed(home, "authenticators", "seed", drafted.id, secret) };
      await store.enrollments.begin(authenticator, [], context(home, now));
      return { user, authenticator, secret };
    }

    test("a receipt is consumed by exactly one caller", async () => {
      const { store, home, now } = hot;
      const command = {
        ...context(home, now),
        receiptId: newId(now),
        verification: newId(now),
        issuedAt: now,
        expiresAt: now + 60_000,
      };
      const burnt = await Promise.all(
        Array.from({ length: 50 }, () => store.verifications.consumeReceipt(command)),
      );
      expect(burnt.filter(Boolean)).toHaveLength(1);
      expect((await typesOf(store, home)).filter((type) => type === "receipt.consumed")).toHaveLength(1);
    });

    test("an authenticator app is confirmed once, and its code is spent with it", async () => {
      const { store, home } = hot;
      const { user, authenticator, secret } = await addTotp("pending");
      const confirm = (candidate: string) =>
        store.enrollments.confirm({
          ...context(home, hot.now),
          user: user.id,
          id: authenticator.id,
          candidates: [candidate],
          issuer: "https://mfa.example",
        });
      const code = codeAt(secret, hot.now);
      expect((await confirm(codeAt(secret, hot.now + 600_000))).kind).toBe("refused");
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => confirm(code)));
      expect(outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(1);
      expect(await store.enrollments.find(home, user.id, authenticator.id)).toMatchObject({
        status: "active",
        confirmedAt: hot.now,
      });
      const phone = { user, authenticator };
      const { verification } = await start(phone, { via: "totp" });
      expect(reasonOf(await check(verification, code))).toBe("replayed");
      hot.now += 60_000;
      expect((await check(verification, codeAt(secret, hot.now))).kind).toBe("approved");
    });

    test("a time step is accepted once, over verifications and at once", async () => {
      const { now } = hot;
      const totp = await addTotp("active");
      const code = codeAt(totp.secret, now);
      const started = await Promise.all(
        ["a", "b", "c"].map((purpose) => start(totp, { via: "totp", purpose })),
      );
      const outcomes = await Promise.all(started.map(({ verification }) => check(verification, code)));
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
    });

    test("a recovery code is spent by exactly one of many", async () => {
      const { store, home, now } = hot;
      const user = await addUser(store, home);
      const set = newAuthenticator(user, "recovery_code");
      await store.enrollments.begin(set, codesOf(set), context(home, now));
      const phone = { user, authenticator: set };
      const started = await Promise.all(
        ["a", "b", "c", "d"].map((purpose) => start(phone, { via: "recovery_code", purpose })),
      );
      const first = started[0]!.verification;
      const stored = await store.enrollments.recoveryCodeFor(home, first.id, 2);
      expect(stored).toEqual(codesOf(set)[1]);
      expect(await store.enrollments.recoveryCodeFor(home, first.id, 9)).toBeUndefined();
      expect(
        await store.enrollments.recoveryCodeFor(await addOrganization(store), first.id, 2),
      ).toBeUndefined();
      const recovery = { selector: 2, hash: stored!.hash };
      const outcomes = await Promise.all(
        started.map(({ verification }) => check(verification, "", { candidates: [], recovery })),
      );
      expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
      expect((await store.enrollments.list(home, user.id))[0]).toMatchObject({ recoveryCodesLeft: 2 });
    });
  });
}
