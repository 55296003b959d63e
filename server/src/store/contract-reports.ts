import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codeFields } from "../engine/code/digest.ts";
import { systemRandom, timeOrderedId } from "../engine/code/random.ts";
import type { DeliveryOutcome, FailOver, ReportCommand, StoredCall } from "../engine/outbox.ts";
import { defaultPolicy, serverCeiling } from "../engine/policy/defaults.ts";
import type { Policy } from "../engine/policy/policy.ts";
import type { StartCommand } from "../engine/store.ts";
import type { OpenedStore } from "./contract.ts";

/** Ahead of any real clock. */
const now = Date.UTC(2100, 0, 1);
const newId = (at = now) => timeOrderedId(at, systemRandom);
const day = 24 * 3600 * 1000;

/** What providers say afterwards, what is sent instead, and the scripts of calls: the same on every store. */
export function describeReportStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: reports`, () => {
    let opened: OpenedStore;
    let store: OpenedStore["store"];
    let home: string;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
      home = await addOrganization(store);
    });
    afterEach(() => opened.close());

    async function start(policy: Partial<Policy> = {}, more: Partial<StartCommand> = {}) {
      const outcome = await store.verifications.start({
        organization: home,
        id: newId(),
        deliveryId: newId(),
        now,
        actor: "cli",
        via: "sms",
        purpose: "login",
        channel: "api",
        target: {
          destination: "+12025550123",
          destinationKey: newId(),
          hint: "+1 *** **23",
          number: { country: "US", callingCode: "1", prefix: newId(), type: "mobile", position: 1 },
        },
        fallbackLocale: "en",
        policy: { ...defaultPolicy, sending: serverCeiling.sending, ...policy },
        production: false,
        ...more,
      });
      if (outcome.kind !== "started" || !outcome.delivery) throw new Error(JSON.stringify(outcome));
      return { id: outcome.verification.id, delivery: outcome.delivery };
    }

    async function handOver(
      { id, delivery }: Awaited<ReturnType<typeof start>>,
      more: Partial<DeliveryOutcome> = {},
    ) {
      await store.outbox.claim([delivery.id], "node", now);
      const reference = { provider: "provider-1", reference: `ref-${delivery.id}` };
      await store.outbox.finish({
        organization: home,
        delivery: delivery.id,
        verification: id,
        via: delivery.via,
        state: "accepted",
        provider: "first",
        tries: 1,
        reference,
        now,
        ...more,
      });
      return reference;
    }

    const report = (message: ReportCommand["message"], state: ReportCommand["state"], more = {}) =>
      store.outbox.report({ message, state, now: now + 1000, ...more });
    const deliveriesOf = async (id: string) =>
      (await store.verifications.find(home, id))?.deliveries.map(({ state }) => state);
    const eventsOf = async (type: string) =>
      (await store.audit.after(home, 0, 1000)).filter((event) => event.type === type);

    test("is noted once: on the verification, and in the record", async () => {
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
      const started = await start();
      const message = { organization: home, verification: started.id, delivery: started.delivery.id };
      expect(await report(message, "delivered")).toMatchObject({ kind: "changed" });
      await handOver(started);
      expect(await deliveriesOf(started.id)).toEqual(["delivered"]);
      const foreign = await addOrganization(store);
      expect(await report({ ...message, organization: foreign }, "failed")).toEqual({ kind: "unchanged" });
    });

    test("is taken for a week, also after the verification is closed", async () => {
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

    describe("a proved failure", () => {
      const names = { sms: ["first", "second", "third"], voice: ["caller"] };
      const failOver = (providers: FailOver["providers"] = names) => ({
        failOver: { deliveryId: newId(now + 1), providers },
      });

      test("WHK-07: is made good by each other provider at most once, with no wait", async () => {
        const started = await start({ maxSends: 10 });
        let message = await handOver(started);
        const skipped: (readonly string[] | undefined)[] = [];
        for (const [index, provider] of ["first", "second", "third"].entries()) {
          const outcome = await report(message, "failed", failOver());
          if (outcome.kind !== "changed") throw new Error("unchanged");
          skipped.push(outcome.instead?.skip);
          if (outcome.instead === undefined) break;
          const next = names.sms[index + 1];
          expect(outcome.instead).toMatchObject({ verification: started.id, state: "queued" });
          message = await handOver({ id: started.id, delivery: outcome.instead }, { provider: next! });
          expect(await report({ ...message }, "accepted")).toEqual({ kind: "unchanged" });
          expect(provider).not.toBe(next);
        }
        expect(skipped).toEqual([["first"], ["first", "second"], undefined]);
        expect(await deliveriesOf(started.id)).toEqual(["failed", "failed", "failed"]);
        expect(await store.verifications.find(home, started.id)).toMatchObject({ sends: 3 });
        expect(await eventsOf("verification.resent")).toMatchObject([
          { actor: "system", details: { insteadOf: "first" } },
          { actor: "system", details: { insteadOf: "first, second" } },
        ]);
      });

      test("WHK-07: reported again and again sends once", async () => {
        const started = await start({ maxSends: 10 });
        const message = await handOver(started);
        const outcomes = await Promise.all(
          Array.from({ length: 10 }, () => report(message, "failed", failOver())),
        );
        expect(outcomes.filter((one) => one.kind === "changed" && one.instead)).toHaveLength(1);
        expect(await deliveriesOf(started.id)).toEqual(["failed", "queued"]);
      });

      test("WHK-07: sends nothing above the cap, and the record says why", async () => {
        const started = await start({ maxSends: 1 });
        const message = await handOver(started);
        const outcome = await report(message, "failed", failOver());
        expect(outcome).toMatchObject({ kind: "changed" });
        expect(outcome).not.toHaveProperty("instead");
        expect(await deliveriesOf(started.id)).toEqual(["failed"]);
        expect(await eventsOf("send.refused")).toMatchObject([{ details: { reason: "too_many_sends" } }]);
      });

      test("the code that then arrives is right, and the one before is not", async () => {
        const started = await start();
        const before = codeIn(started.delivery);
        const message = await handOver(started);
        const outcome = await report(message, "failed", failOver());
        if (outcome.kind !== "changed" || !outcome.instead) throw new Error("nothing instead");
        const code = codeIn(outcome.instead);
        const check = (candidate: string) =>
          store.verifications.check({
            organization: home,
            id: started.id,
            now: now + 2000,
            actor: "cli",
            candidates: [candidate],
            issuer: "https://mfa.example.com",
          });
        if (code !== before) expect(await check(before)).toMatchObject({ kind: "refused" });
        expect(await check(code)).toMatchObject({ kind: "approved" });
      });

      test.each<[string, (started: { id: string }) => Promise<unknown>, object]>([
        ["without being asked to", async () => undefined, { failOver: undefined }],
        ["of a number that nobody reaches", async () => undefined, { reason: "invalid_recipient" }],
        ["where no other provider is", async () => undefined, failOver({ sms: ["first"] })],
        [
          "where no other carries this kind of message",
          async () => undefined,
          failOver({ voice: ["caller"] }),
        ],
        ["after the code's time", async () => undefined, { now: now + 400_000 }],
        [
          "of a closed verification",
          ({ id }) => store.verifications.cancel({ organization: home, id, now, actor: "cli" }),
          {},
        ],
        [
          "of a message before the newest",
          ({ id }) =>
            store.verifications.resend({
              organization: home,
              id,
              deliveryId: newId(now + 1),
              now: now + 120_000,
              actor: "cli",
            }),
          {},
        ],
      ])("%s: sends nothing", async (_, prepare, more) => {
        const started = await start({ maxSends: 10 });
        const message = await handOver(started);
        await prepare(started);
        const sent = (await deliveriesOf(started.id))?.length;
        const outcome = await report(message, "failed", { ...failOver(), ...more });
        expect(outcome).toMatchObject({ kind: "changed" });
        expect(outcome).not.toHaveProperty("instead");
        expect(await deliveriesOf(started.id)).toHaveLength(sent ?? 0);
      });
    });

    describe("call scripts", () => {
      const scriptOf = (started: { id: string; delivery: { id: string } }): StoredCall => ({
        id: "ab".repeat(32),
        organization: home,
        provider: "provider-1",
        verification: started.id,
        delivery: started.delivery.id,
        script: "v1.kid.sealed",
        expiresAt: now + 300_000,
      });
      const voice = async () => {
        const started = await start({}, { via: "voice" });
        const call = scriptOf(started);
        await store.calls.keep(call, now);
        return { started, call };
      };

      test("WHK-08: are handed out to exactly one", async () => {
        const { call } = await voice();
        expect(await store.calls.find(call.id, now)).toEqual(call);
        expect(await store.calls.find(call.id, now)).toEqual(call);
        const taken = await Promise.all(Array.from({ length: 8 }, () => store.calls.take(call.id, now)));
        expect(taken.filter(Boolean)).toEqual([call]);
        expect(await store.calls.find(call.id, now)).toBeUndefined();
      });

      test("WHK-08: are not there after their time, after the answer, nor for another token", async () => {
        const { call, started } = await voice();
        expect(await store.calls.find("cd".repeat(32), now)).toBeUndefined();
        expect(await store.calls.take(call.id, call.expiresAt)).toBeUndefined();
        expect(await store.calls.find(call.id, call.expiresAt - 1)).toEqual(call);
        await store.verifications.cancel({ organization: home, id: started.id, now, actor: "cli" });
        expect(await store.calls.find(call.id, now)).toBeUndefined();
        expect(await store.calls.take(call.id, now)).toBeUndefined();
      });

      test("go when their call failed, and with the sweep", async () => {
        const failed = await voice();
        await handOver(failed.started, { state: "failed", reference: undefined });
        expect(await store.calls.find(failed.call.id, now)).toBeUndefined();
        const swept = await voice();
        await store.verifications.expire(now + 300_000, 10);
        expect(await store.calls.find(swept.call.id, now)).toBeUndefined();
      });
    });

    function codeIn(delivery: { readonly id: string; readonly code: string; readonly verification: string }) {
      const place = { organization: home, table: "deliveries", column: "code", row: delivery.id };
      const code = Buffer.from(opened.vault.open(place, delivery.code)).toString();
      expect(codeFields(home, delivery.verification, code)).toContain(code);
      return code;
    }
  });
}

async function addOrganization(store: OpenedStore["store"]): Promise<string> {
  const id = newId();
  const organization = { id, name: id, displayName: "Example", locale: "en", policy: {}, createdAt: now };
  await store.settings.organizations.insert(organization, { type: "organization.created", organization: id });
  return id;
}
