import { describe, expect, test } from "vitest";
import { addUser, codeOf, codesOf, context, epoch, newAuthenticator, newId, typesOf } from "./fixtures.ts";
import { type OpenedColdStore, openCold } from "./opened.ts";

/** Authenticators, from their beginning to their end. */
export function describeEnrollments(name: string, open: () => Promise<OpenedColdStore>): void {
  describe(`${name}: cold verbs: enrollments`, () => {
    const opened = openCold(open);

    test("enrollment: begin, find, list; a second pending one of a kind replaces the first", async () => {
      const { store, home } = opened;
      const user = await addUser(store, home);
      const first = newAuthenticator(user, "totp", {
        status: "pending",
        seed: "v1.sealed",
        totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
        expiresAt: epoch + 600_000,
      });
      await store.enrollments.begin(first, [], context(home));
      expect(await store.enrollments.find(home, user.id, first.id)).toStrictEqual(first);
      const sms = newAuthenticator(user, "sms", {
        status: "pending",
        destination: "v1.x",
        destinationKey: "k",
      });
      await store.enrollments.begin(sms, [], context(home));
      const second = { ...first, id: newId() };
      await store.enrollments.begin(second, [], context(home));
      const active = newAuthenticator(user, "totp");
      await store.enrollments.begin(active, [], context(home));
      await store.enrollments.begin({ ...first, id: newId() }, [], context(home));
      const left = (await store.enrollments.list(home, user.id)).map(({ authenticator }) => authenticator);
      expect(left.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
        "sms pending",
        "totp active",
        "totp pending",
      ]);
      expect(left.find(({ kind }) => kind === "sms")).toStrictEqual(sms);
      const nobody = newAuthenticator({ ...user, id: newId() }, "totp");
      expect(await codeOf(store.enrollments.begin(nobody, [], context(home)))).toBe("not_found");
      expect((await typesOf(store, home)).slice(2)).toEqual([
        "authenticator.enrollment_begun",
        "authenticator.enrollment_begun",
        "authenticator.enrollment_begun",
        "authenticator.added",
        "authenticator.enrollment_begun",
      ]);
    });

    test("enrollment: a new set of recovery codes replaces the old one", async () => {
      const { store, home } = opened;
      const user = await addUser(store, home);
      const other = await addUser(store, home);
      for (const owner of [other, user, user]) {
        const set = newAuthenticator(owner, "recovery_code");
        await store.enrollments.begin(set, codesOf(set), context(home));
      }
      const views = await store.enrollments.list(home, user.id);
      expect(views.map(({ recoveryCodesLeft }) => recoveryCodesLeft)).toEqual([3]);
      expect((await store.enrollments.list(home, other.id))[0]).toMatchObject({ recoveryCodesLeft: 3 });
    });

    test("enrollment: revoking erases what could answer, keeps the row, and cannot be undone", async () => {
      const { store, home } = opened;
      const user = await addUser(store, home);
      const totp = newAuthenticator(user, "totp", {
        seed: "v1.seed",
        destination: "v1.destination",
        destinationKey: "k",
      });
      const set = newAuthenticator(user, "recovery_code");
      await store.enrollments.begin(totp, [], context(home));
      await store.enrollments.begin(set, codesOf(set), context(home));
      expect(await store.enrollments.revoke(context(home), user.id, totp.id)).toBe(true);
      expect(await store.enrollments.revoke(context(home), user.id, set.id)).toBe(true);
      expect(await store.enrollments.revoke(context(home), user.id, totp.id)).toBe(false);
      expect(await store.enrollments.enable(context(home), user.id, totp.id)).toBe(false);
      expect(await store.enrollments.revoke(context(home), user.id, newId())).toBe(false);
      const { seed: _1, destination: _2, destinationKey: _3, ...rest } = totp;
      expect(await store.enrollments.find(home, user.id, totp.id)).toEqual({ ...rest, status: "revoked" });
      const views = await store.enrollments.list(home, user.id);
      expect(views.find(({ recoveryCodesLeft }) => recoveryCodesLeft !== undefined)).toMatchObject({
        recoveryCodesLeft: 0,
      });
      expect(views.every(({ guard }) => guard?.disabledAt !== undefined)).toBe(true);
      expect((await typesOf(store, home)).filter((type) => type === "authenticator.revoked")).toHaveLength(2);
    });
  });
}
