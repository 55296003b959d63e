import { describe, expect, test } from "vitest";
import { organizationKey } from "../../engine/policy/sending-counters.ts";
import { epoch, newId, reasonOf } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";
import { granted, openOutside, policy } from "./outside-service.ts";

/** Verifications whose codes a service outside makes: how they start. */
export function describeOutsideStarts(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: codes of a service outside: a start`, () => {
    const outside = openOutside(open);
    const { context, start, asked, count, find, guardOf, events, typesOf } = outside;

    test("is one like any other, with an order in place of a code and a message", async () => {
      const { store, home, person } = outside;
      const outcome = granted(await start({ binding: { call: "c" }, conversation: "cv" }));
      const { verification, order } = outcome;
      expect(outcome).not.toHaveProperty("delivery");
      expect(order).toEqual({
        ...{ id: verification.deliveries[0]!.id, via: "sms", ttlSeconds: 300, destination: "sealed" },
        destinationAt: { table: "authenticators", row: person.authenticator.id },
      });
      expect(verification).toMatchObject({
        ...{ status: "pending", sends: 1, attempts: 0, outside: { service: "signalwire" } },
        deliveries: [{ state: "maybe_sent" }],
      });
      expect(await find(verification.id)).toEqual(verification);
      expect((await guardOf())?.sends).toHaveLength(1);
      const counters = await store.sending.find(home, [organizationKey(home)]);
      expect(JSON.stringify(counters)).not.toBe("[]");
      expect(await events()).toMatchObject([
        { type: "verification.started", verification: verification.id, details: { codes: "signalwire" } },
      ]);
      // Nothing waits to be sent by us, and no code can be checked here.
      expect(await store.outbox.leftovers("another", 10)).toEqual([]);
      const { check } = store.verifications;
      for (const candidates of [["123456"], [""], ["ref-1"], []]) {
        const told = await check({ ...context(), id: verification.id, candidates, issuer: "i" });
        expect(reasonOf(told)).toBe("checked_outside");
      }
      expect(await find(verification.id)).toEqual(verification);
    });

    test("told again by its key has no order: it is sent once", async () => {
      const idempotency = { key: "once", fingerprint: "f" };
      const first = granted(await start({ idempotency }));
      const again = granted(await start({ idempotency }));
      expect(again.verification.id).toBe(first.verification.id);
      expect([first.order === undefined, again.order === undefined]).toEqual([false, true]);
    });

    test("goes through policy and send rules, which count it and refuse it", async () => {
      const once = { ...policy, sendsPerUser: [{ max: 1, seconds: 600 }] };
      await start({ policy: once, purpose: "a" });
      expect(await start({ policy: once, purpose: "b" })).toMatchObject({ reason: "rate_limited" });
      const nowhere = { ...policy, sending: { ...policy.sending, smsCountries: ["DE"] } };
      expect(await start({ policy: nowhere, purpose: "b" })).toMatchObject({ rule: "country_not_allowed" });
      const daily = { ...policy, sending: { ...policy.sending, sendsPerDay: 1 } };
      expect(await start({ policy: daily, purpose: "b" })).toMatchObject({ rule: "organization_cap" });
      expect(await start({ policy: { ...policy, vias: ["voice"] } })).toMatchObject({
        reason: "method_not_allowed_by_policy",
      });
      expect(await typesOf()).toEqual([
        "verification.started",
        ...Array.from({ length: 4 }, () => "send.refused"),
      ]);
    });

    test("is only for telephones", async () => {
      const { store, person } = outside;
      const totp = { ...person.authenticator, id: newId(), kind: "email" } as const;
      await store.enrollments.begin(totp, [], context());
      const target = { user: person.user.id, authenticator: totp.id };
      expect(await start({ via: "email", target })).toMatchObject({
        reason: "method_not_allowed_by_policy",
      });
    });

    test("and one of ours never take each other for a resend", async () => {
      const id = await asked();
      const own = granted(await start({ outside: undefined }));
      expect([own.kind, own.order, own.delivery?.verification]).toEqual([
        "started",
        undefined,
        own.verification.id,
      ]);
      expect(await find(id)).toMatchObject({ status: "canceled", reason: "superseded" });
      expect(reasonOf(await count(id))).toBe("closed");
      const back = granted(await start());
      expect([back.kind, back.order === undefined]).toEqual(["started", false]);
      expect((await find(own.verification.id)).status).toBe("canceled");
      expect(granted(await start()).kind).toBe("resent");
    });

    test("of a test number asks nobody outside: its fixed code is ours", async () => {
      const { store, home, person } = outside;
      const id = newId();
      const place = { organization: home, table: "test_numbers", column: "code", row: id };
      await store.settings.testNumbers.insert(
        {
          ...{ id, organization: home, via: "sms", hint: "h", code: outside.vault.seal(place, "4711") },
          ...{ destinationKey: person.user.id, expiresAt: epoch + 1e9 },
          createdAt: epoch,
        },
        { type: "settings.created", organization: home, actor: "cli" },
      );
      const { verification, order } = granted(await start());
      expect([order, verification.outside]).toEqual([undefined, undefined]);
      const command = { ...context(), id: verification.id, candidates: ["4711"], issuer: "i" };
      expect(reasonOf(await store.verifications.check(command))).toBe("approved");
      expect(granted(await start({ production: true })).order).toBeDefined();
    });
  });
}
