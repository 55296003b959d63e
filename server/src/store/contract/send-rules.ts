import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Authenticator, NumberFacts } from "../../engine/model.ts";
import { defaultPolicy } from "../../engine/policy/defaults.ts";
import type { SendingLayer } from "../../engine/policy/sending.ts";
import {
  type CallingCodeCounts,
  callingCodeKey,
  numberKey,
  type OrganizationCounts,
  organizationKey,
  type PrefixCounts,
  prefixKey,
  sourceKey,
} from "../../engine/policy/sending-counters.ts";
import { daySlots, hourSlots, sumOf } from "../../engine/policy/sending-series.ts";
import type { StartCommand } from "../../engine/store.ts";
import { addOrganization, codeIn, epoch, newId } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";

/** What the send rules count, in the step of what they count: the same on every store. */
export function describeSendRules(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: send rules`, () => {
    let opened: OpenedStore;
    let home: string;
    let foreign: string;
    beforeEach(async () => {
      opened = await open();
      home = await addOrganization(opened.store);
      foreign = await addOrganization(opened.store);
    });
    afterEach(() => opened.close());

    const start = (more: Partial<StartCommand> = {}, sending: SendingLayer = {}) =>
      opened.store.verifications.start({ ...startCommand(home, sending), ...more });
    const countsAt = async <Counts>(key: string, organization = home) =>
      (await opened.store.sending.find(organization, [key]))[0]?.counts as Counts | undefined;
    const sent = async (organization = home) =>
      sumOf(
        (await countsAt<OrganizationCounts>(organizationKey(organization), organization))?.hour,
        hourSlots,
        epoch,
      );

    test("a message is counted where it belongs, and nowhere else", async () => {
      await start({ source: "net.address" });
      await start({ organization: foreign });
      expect(await sent()).toBe(1);
      expect(await sent(foreign)).toBe(1);
      expect(await countsAt(organizationKey(foreign))).toBeUndefined();
      const code = await countsAt<CallingCodeCounts>(callingCodeKey(home, "49"));
      expect(sumOf(code?.countries["DE"]?.day, daySlots, epoch)).toBe(1);
      const prefix = await countsAt<PrefixCounts>(prefixKey(home, "range"));
      expect(prefix?.messages).toEqual([[epoch / 1000, 17]]);
      expect(await countsAt(sourceKey(home, "net"))).toEqual({ messages: [[epoch / 1000, "address"]] });
      const keys = (await opened.store.sending.totals(home)).map(({ key }) => key);
      expect(keys).toEqual([organizationKey(home), callingCodeKey(home, "49")]);
    });

    test("a refusal says its rule in the answer and the record, and counts nothing", async () => {
      expect(await start({}, { smsCountries: ["US"] })).toEqual({
        kind: "refused",
        reason: "send_refused",
        rule: "country_not_allowed",
      });
      expect(await sent()).toBe(0);
      const events = await opened.store.audit.after(home, 0, 100);
      const refused = events.filter(({ type }) => type === "send.refused");
      expect(refused.map(({ details }) => details)).toMatchObject([
        { reason: "country_not_allowed", via: "sms", purpose: "login", country: "DE", callingCode: "+49" },
      ]);
      expect(JSON.stringify(events)).not.toContain("4915112345678");
    });

    test("starts at the same moment never pass a limit together", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          start({ target: phone(index * 100) }, { sendsPerHour: 7, sequentialNumbers: null }),
        ),
      );
      const started = outcomes.filter(({ kind }) => kind === "started");
      expect(started).toHaveLength(7);
      expect(await sent()).toBe(7);
      const rules = outcomes.flatMap((outcome) => (outcome.kind === "refused" ? [outcome.rule] : []));
      expect(new Set(rules)).toEqual(new Set(["organization_cap"]));
    });

    test("of calls to one number asked for at the same moment one is made; its failure frees the number", async () => {
      const call = (purpose: string, now = epoch) =>
        start({ via: "voice", purpose, now }, { voiceCountries: ["DE"] });
      const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => call(`purpose-${index}`)));
      const [first, ...others] = outcomes.filter(({ kind }) => kind === "started");
      expect(others).toEqual([]);
      expect(
        outcomes.filter((outcome) => "rule" in outcome && outcome.rule === "call_in_progress"),
      ).toHaveLength(19);
      expect(await start({ purpose: "text" })).toMatchObject({ kind: "started" });
      if (!first || first.kind === "refused" || !first.delivery) throw new Error("refused");
      await opened.store.outbox.claim([first.delivery.id], "node", epoch);
      await opened.store.outbox.finish({
        ...{ organization: home, delivery: first.delivery.id, verification: first.verification.id },
        ...{ via: "voice", state: "failed", provider: "p", reason: "unanswered", tries: 1, now: epoch },
      });
      expect(await call("next", epoch + 1000)).toMatchObject({ kind: "started" });
      expect(await call("more", epoch + 2000)).toMatchObject({ rule: "call_in_progress" });
      expect(await countsAt(numberKey(home, facts))).toMatchObject({
        calls: [epoch / 1000, epoch / 1000 + 1],
      });
      await opened.store.verifications.expire(epoch + 26 * 3600_000, 10);
      expect(await countsAt(numberKey(home, facts))).toBeUndefined();
    });

    test("the same request twice is one message", async () => {
      const idempotency = { key: "once", fingerprint: "f" };
      await start({ idempotency });
      await start({ idempotency });
      expect(await sent()).toBe(1);
    });

    test("a resend and its counters are one step, and the facts go with the verification", async () => {
      const started = await start({ source: "net.address" });
      if (started.kind === "refused") throw new Error("refused");
      expect(started.verification).not.toHaveProperty("number");
      expect(started.verification).not.toHaveProperty("source");
      const { id } = started.verification;
      const now = epoch + 1000;
      const again = { organization: home, id, deliveryId: newId(), actor: "cli", now };
      expect(await opened.store.verifications.resend(again)).toMatchObject({ kind: "resent" });
      expect(await sent()).toBe(2);
      const source = await countsAt<{ messages: unknown[] }>(sourceKey(home, "net"));
      expect(source?.messages).toHaveLength(2);
    });

    test("a right code is told to country and prefix", async () => {
      const started = await start();
      if (started.kind === "refused" || !started.delivery) throw new Error("refused");
      const outcome = await opened.store.verifications.check({
        organization: home,
        actor: "cli",
        now: epoch + 1000,
        id: started.verification.id,
        candidates: [codeIn(started.delivery, opened.vault)],
        issuer: "i",
      });
      expect(outcome.kind).toBe("approved");
      const code = await countsAt<CallingCodeCounts>(callingCodeKey(home, "49"));
      expect(sumOf(code?.countries["DE"]?.approved, daySlots, epoch)).toBe(1);
      const prefix = await countsAt<PrefixCounts>(prefixKey(home, "range"));
      expect(prefix?.known).toEqual([17]);
    });

    test("what a provider says a message cost takes the place of what was expected, once", async () => {
      const spent = async () =>
        sumOf((await countsAt<OrganizationCounts>(organizationKey(home)))?.daySpend, daySlots, epoch);
      const started = await start({}, { smsPrices: { DE: 75_000 } });
      if (started.kind === "refused" || !started.delivery) throw new Error("refused");
      expect(await spent()).toBe(75_000);
      const { id } = started.delivery;
      await opened.store.outbox.claim([id], "node", epoch);
      const price = { amount: 0.09, currency: "EUR" };
      await opened.store.outbox.finish({
        ...{ organization: home, delivery: id, verification: started.verification.id, via: "sms" },
        ...{ state: "accepted", provider: "p", tries: 1, now: epoch, price },
      });
      expect(await spent()).toBe(90_000);
      const message = { organization: home, verification: started.verification.id, delivery: id };
      await opened.store.outbox.report({ message, state: "delivered", price, now: epoch + 1 });
      expect(await spent()).toBe(90_000);
    });

    test("numbers saved before there were rules get nothing until their facts are known", async () => {
      const user = newId();
      const authenticator: Authenticator = {
        ...{ id: newId(), organization: home, user, kind: "sms", status: "active", hint: "+49 *** **78" },
        ...{ destination: "sealed", destinationKey: "key", createdAt: epoch },
      };
      await opened.store.users.insert(
        { id: user, organization: home, role: "member", policy: {}, createdAt: epoch, updatedAt: epoch },
        [authenticator, { ...authenticator, id: newId(), kind: "totp" }],
        { type: "user.created", organization: home },
      );
      expect(await start({ target: { user } })).toMatchObject({ rule: "number_type_blocked" });
      const [found, ...others] = await opened.store.enrollments.withoutNumber(10);
      expect(found).toEqual(authenticator);
      expect(others).toEqual([]);
      await opened.store.enrollments.noteNumber(authenticator, facts);
      await opened.store.enrollments.noteNumber(authenticator, { ...facts, country: "US" });
      expect(await opened.store.enrollments.withoutNumber(10)).toEqual([]);
      const kept = await opened.store.enrollments.find(home, user, authenticator.id);
      expect(kept?.number).toEqual(facts);
      expect(await start({ target: { user } })).toMatchObject({ kind: "started" });
      await opened.store.enrollments.revoke(
        { organization: home, actor: "cli", now: epoch },
        user,
        authenticator.id,
      );
      const revoked = await opened.store.enrollments.find(home, user, authenticator.id);
      expect(revoked).not.toHaveProperty("number");
      expect(await opened.store.enrollments.withoutNumber(10)).toEqual([]);
    });

    test("what was sent is read back in order, a few rows at a time, and never that of others", async () => {
      const ids = [newId(), newId(), newId()] as const;
      for (const [index, id] of ids.entries()) {
        await start({ id, organization: index === 1 ? foreign : home, purpose: id, source: "net.address" });
      }
      const before = newId(epoch + 1000);
      const page = (after: string) => opened.store.sending.past(home, { after, before }, 2);
      const first = await page(ids[0].slice(0, -12));
      expect(first).toMatchObject({ looked: 2, last: ids[1] });
      expect(first.verifications).toMatchObject([
        { id: ids[0], number: facts, destinationKey: "key", source: "net.address" },
      ]);
      expect(first.verifications[0]?.deliveries).toMatchObject([{ via: "sms" }]);
      expect((await page(ids[1])).verifications.map(({ id }) => id)).toEqual([ids[2]]);
      expect(await page(ids[2])).toEqual({ verifications: [], looked: 0 });
    });

    test("counters that have nothing to say any more are forgotten", async () => {
      await start({ source: "net.address" });
      await opened.store.verifications.expire(epoch + 3 * 3600_000, 10);
      expect(await countsAt(sourceKey(home, "net"))).toBeUndefined();
      expect(await countsAt(prefixKey(home, "range"))).toBeDefined();
      await opened.store.verifications.expire(epoch + 31 * 24 * 3600_000, 10);
      expect(await opened.store.sending.totals(home)).toEqual([]);
      expect(await countsAt(prefixKey(home, "range"))).toBeUndefined();
    });
  });
}

const facts: NumberFacts = {
  country: "DE",
  callingCode: "49",
  type: "mobile",
  prefix: "range",
  position: 17,
};

function phone(position: number) {
  return {
    destination: `+49151123${position}`,
    destinationKey: `key-${position}`,
    hint: "+49 *** **78",
    number: { ...facts, prefix: `range-${position}`, position },
  };
}

function startCommand(organization: string, sending: SendingLayer): StartCommand {
  return {
    organization,
    now: epoch,
    actor: "cli",
    id: newId(),
    deliveryId: newId(),
    via: "sms",
    purpose: "login",
    target: {
      destination: "+4915112345678",
      destinationKey: "key",
      hint: "+49 *** **78",
      number: facts,
    },
    channel: "api",
    fallbackLocale: "en",
    policy: { ...defaultPolicy, sending: { ...defaultPolicy.sending, smsCountries: ["DE"], ...sending } },
    production: true,
  };
}
