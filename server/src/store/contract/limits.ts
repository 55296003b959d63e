import { describe, expect, test } from "vitest";
import { addUser, context, newAuthenticator, newId, reasonOf, typesOf } from "./fixtures.ts";
import { openHot, roomy, wrongFor } from "./hot.ts";
import type { OpenedStore } from "./opened.ts";

/** Failures and sends, counted over verifications. */
export function describeLimits(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: hot path: limits`, () => {
    const hot = openHot(open);
    const { addPhone, sealed, startCommand, start, check, failuresOf } = hot;

    test("failures go on counting over verifications until the authenticator is disabled; an admin enables it", async () => {
      const { store, home, now } = hot;
      const phone = await addPhone();
      const policy = { ...roomy, failureBudget: 5 };
      const first = await start(phone, { policy });
      for (let count = 0; count < 3; count += 1) await check(first.verification, wrongFor(first.code));
      expect(await failuresOf(phone)).toBe(3);
      const second = await start(phone, { policy });
      expect(second.verification.id).not.toBe(first.verification.id);
      for (let count = 0; count < 2; count += 1) await check(second.verification, wrongFor(second.code));
      expect((await check(second.verification, second.code)).kind).toBe("refused");
      const refused = await store.verifications.start(startCommand(phone, { policy }));
      expect(refused).toMatchObject({ kind: "refused", reason: "authenticator_disabled" });
      const { id } = phone.authenticator;
      expect(await store.enrollments.enable(context(home, now), phone.user.id, id)).toBe(true);
      expect(await failuresOf(phone)).toBe(0);
      const third = await start(phone, { policy });
      expect((await check(third.verification, third.code)).kind).toBe("approved");
      expect(await typesOf(store, home)).toEqual(
        expect.arrayContaining(["authenticator.disabled", "authenticator.enabled"]),
      );
    });

    test("success clears the failures; the ladder makes an answer wait", async () => {
      const { store, home } = hot;
      const phone = await addPhone();
      const policy = { ...roomy, failureDelays: [{ failures: 2, seconds: 30 }] };
      const first = await start(phone, { policy });
      await check(first.verification, wrongFor(first.code));
      await check(first.verification, wrongFor(first.code));
      expect(reasonOf(await check(first.verification, first.code))).toBe("throttled");
      expect(await store.verifications.find(home, first.verification.id)).toMatchObject({ attempts: 2 });
      hot.now += 30_000;
      expect((await check(first.verification, first.code)).kind).toBe("approved");
      expect(await failuresOf(phone)).toBe(0);
    });

    test("send windows hold per number, whoever's it is, and come from the record", async () => {
      const { store } = hot;
      const policy = { ...roomy, sendsPerDestination: [{ max: 2, seconds: 600 }] };
      const [one, two] = [await addPhone("shared"), await addPhone("shared")];
      await start(one, { policy });
      await start(two, { policy });
      const refused = await store.verifications.start(startCommand(two, { policy, purpose: "other" }));
      expect(refused).toMatchObject({ kind: "refused", reason: "rate_limited", retryAfterSeconds: 600 });
      hot.now += 600_000;
      expect((await start(two, { policy, purpose: "other" })).kind).toBe("started");
    });

    test("send windows hold per user over all authenticators", async () => {
      const { store } = hot;
      const phone = await addPhone();
      const policy = { ...roomy, sendsPerUser: [{ max: 3, seconds: 3600 }] };
      for (const purpose of ["a", "b", "c"]) await start(phone, { policy, purpose });
      const parallel = await Promise.all(
        ["d", "e", "f"].map((purpose) => store.verifications.start(startCommand(phone, { policy, purpose }))),
      );
      expect(parallel.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused"]);
    });

    test("a new enrollment does not empty the user's send log", async () => {
      const { store, home, now } = hot;
      const user = await addUser(store, home);
      const policy = { ...roomy, sendsPerUser: [{ max: 2, seconds: 3600 }] };
      const kinds: string[] = [];
      for (let count = 0; count < 4; count += 1) {
        const drafted = newAuthenticator(user, "sms", { status: "pending", destinationKey: newId() });
        const authenticator = {
          ...drafted,
          destination: sealed(home, "authenticators", "destination", drafted.id, "+4915112345612"),
        };
        await store.enrollments.begin(authenticator, [], context(home, now));
        const target = { user: user.id, authenticator: authenticator.id };
        const purpose = "countersign.enrollment";
        const command = startCommand({ user, authenticator }, { target, purpose, policy });
        kinds.push((await store.verifications.start(command)).kind);
      }
      expect(kinds).toEqual(["started", "started", "refused", "refused"]);
    });
  });
}
