import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemRandom, timeOrderedId } from "../engine/code/random.ts";
import type { Authenticator, User } from "../engine/model.ts";
import type { CountedAnswer, NoteOutsideCommand, OutsideAnswer } from "../engine/outside.ts";
import { organizationKey } from "../engine/policy/sending-counters.ts";
import type { CheckOutcome, ResendCommand, StartCommand, StartOutcome } from "../engine/store.ts";
import type { OpenedStore } from "./contract.ts";
import { openPolicy, someNumber } from "./contract-number.ts";

/** Ahead of any real clock. Each test has an organization of its own. */
const epoch = Date.UTC(2100, 0, 1);
const newId = (now = epoch) => timeOrderedId(now, systemRandom);
const policy = { ...openPolicy, sendsPerDestination: [], sendsPerUser: [], resendDelaysSeconds: [0] };

type Granted = Exclude<StartOutcome, { kind: "refused" }>;

/** Verifications whose codes a service outside makes, sends and compares: the same on every store. */
export function describeOutsideStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: codes of a service outside`, () => {
    let opened: OpenedStore;
    let home: string;
    let person: { readonly user: User; readonly authenticator: Authenticator };
    let now: number;
    beforeEach(async () => {
      opened = await open();
      now = epoch;
      home = newId();
      const { settings } = opened.store;
      await settings.organizations.insert(
        { id: home, name: home, displayName: "Example", locale: "en", policy: {}, createdAt: epoch },
        { type: "organization.created", organization: home, actor: "cli" },
      );
      person = await addPerson();
    });
    afterEach(() => opened.close());

    async function addPerson() {
      const dates = { createdAt: epoch, updatedAt: epoch };
      const user: User = { id: newId(), organization: home, role: "member", policy: {}, ...dates };
      const authenticator: Authenticator = {
        ...{ id: newId(), organization: home, user: user.id, kind: "sms", status: "active" },
        ...{ hint: "+1 *** **23", destination: "sealed", destinationKey: user.id, number: someNumber },
        createdAt: epoch,
      };
      const told = { type: "user.created", organization: home, actor: "cli" } as const;
      await opened.store.users.insert(user, [authenticator], told);
      return { user, authenticator };
    }

    const context = () => ({ organization: home, actor: "channel:p", now });
    const start = (more: Partial<StartCommand> = {}) =>
      opened.store.verifications.start({
        ...context(),
        ...{ id: newId(now), deliveryId: newId(now), via: "sms", purpose: "login" },
        target: { user: person.user.id, authenticator: person.authenticator.id },
        ...{ channel: "swaig", fallbackLocale: "en", policy, production: false, outside: "signalwire" },
        ...more,
      });
    const granted = (outcome: StartOutcome): Granted => {
      if (outcome.kind === "refused") throw new Error(outcome.reason);
      return outcome;
    };
    const note = (id: string, delivery: string, more: Partial<NoteOutsideCommand> = {}) =>
      opened.store.verifications.outside.note({
        ...{ ...context(), id, delivery, state: "accepted", reference: "ref-1" },
        ...more,
      });
    /** Started, and sent by the service as `reference`. */
    const asked = async (more: Partial<StartCommand> = {}, reference = "ref-1") => {
      const { verification, order } = granted(await start(more));
      await note(verification.id, order!.id, { reference });
      return verification.id;
    };
    const count = (id: string, attempt?: string) =>
      opened.store.verifications.outside.count({ ...context(), id, attempt, issuer: "i" });
    const counted = async (id: string) => {
      const outcome = await count(id);
      if (outcome.kind !== "counted") throw new Error(JSON.stringify(outcome));
      return outcome.counted;
    };
    const settle = (id: string, answer: OutsideAnswer, one: CountedAnswer) =>
      opened.store.verifications.outside.settle({ ...context(), id, counted: one, answer, issuer: "i" });
    const answer = async (id: string, said: OutsideAnswer) => settle(id, said, await counted(id));
    const resend = (id: string, more: Partial<ResendCommand> = {}) =>
      opened.store.verifications.resend({ ...context(), id, deliveryId: newId(now), ...more });
    const find = async (id: string) => (await opened.store.verifications.find(home, id))!;
    const guardOf = async () =>
      (await opened.store.enrollments.list(home, person.user.id)).find(
        ({ authenticator: { id } }) => id === person.authenticator.id,
      )?.guard;
    const events = async () => (await opened.store.audit.after(home, 0, 10_000)).slice(2);
    const typesOf = async () => (await events()).map(({ type }) => type);
    const reasonOf = (outcome: CheckOutcome | Awaited<ReturnType<typeof count>>) =>
      outcome.kind === "refused" ? outcome.reason : outcome.kind;

    describe("a start", () => {
      test("is one like any other, with an order in place of a code and a message", async () => {
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
        const counters = await opened.store.sending.find(home, [organizationKey(home)]);
        expect(JSON.stringify(counters)).not.toBe("[]");
        expect(await events()).toMatchObject([
          { type: "verification.started", verification: verification.id, details: { codes: "signalwire" } },
        ]);
        // Nothing waits to be sent by us, and no code can be checked here.
        expect(await opened.store.outbox.leftovers("another", 10)).toEqual([]);
        const { check } = opened.store.verifications;
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
        const totp = { ...person.authenticator, id: newId(), kind: "email" } as const;
        await opened.store.enrollments.begin(totp, [], context());
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
        const id = newId();
        const place = { organization: home, table: "test_numbers", column: "code", row: id };
        await opened.store.settings.testNumbers.insert(
          {
            ...{ id, organization: home, via: "sms", hint: "h", code: opened.vault.seal(place, "4711") },
            ...{ destinationKey: person.user.id, expiresAt: epoch + 1e9 },
            createdAt: epoch,
          },
          { type: "settings.created", organization: home, actor: "cli" },
        );
        const { verification, order } = granted(await start());
        expect([order, verification.outside]).toEqual([undefined, undefined]);
        const command = { ...context(), id: verification.id, candidates: ["4711"], issuer: "i" };
        expect(reasonOf(await opened.store.verifications.check(command))).toBe("approved");
        expect(granted(await start({ production: true })).order).toBeDefined();
      });
    });

    describe("a resend", () => {
      test("is asked for by who can ask the service, and only the newest code can be right", async () => {
        const id = await asked();
        const late = await counted(id);
        expect(await resend(id)).toMatchObject({ kind: "refused", reason: "sent_outside" });
        const again = granted(await resend(id, { outside: "signalwire" }));
        // Between the order and its outcome no code is known that could be asked for.
        expect(reasonOf(await count(id))).toBe("expired");
        await note(id, again.order!.id, { reference: "ref-2" });
        expect(await count(id)).toMatchObject({ kind: "counted", reference: "ref-2" });
        expect(reasonOf(await settle(id, "right", late))).toBe("wrong");
        expect((await find(id)).status).toBe("pending");
        expect(await find(id)).toMatchObject({ attempts: 2, sends: 2 });
      });

      test("an outcome that comes after the next order brings the old code not back", async () => {
        const { verification, order } = granted(await start());
        const again = granted(await resend(verification.id, { outside: "signalwire" }));
        await note(verification.id, order!.id, { reference: "old" });
        expect(reasonOf(await count(verification.id))).toBe("expired");
        await note(verification.id, again.order!.id, { reference: "new" });
        expect(await count(verification.id)).toMatchObject({ reference: "new" });
        const { deliveries } = await find(verification.id);
        expect(deliveries.map(({ state }) => state)).toEqual(["accepted", "accepted"]);
      });

      test("counts on the same attempts and the same sends, and ends like any other", async () => {
        const id = await asked();
        await answer(id, "wrong");
        for (const _ of [2, 3]) await resend(id, { outside: "signalwire" });
        expect(await resend(id, { outside: "signalwire" })).toMatchObject({ reason: "too_many_sends" });
        expect(await find(id)).toMatchObject({ attempts: 1, sends: 3 });
        now += 300_000;
        expect(await resend(id, { outside: "signalwire" })).toMatchObject({ reason: "already_closed" });
        expect(await opened.store.verifications.expire(now, 10)).toBe(1);
        expect((await find(id)).status).toBe("expired");
      });
    });

    describe("what became of an order", () => {
      test("is recorded with the verification, without the number and without the service's id", async () => {
        const { verification, order } = granted(await start());
        const { id } = verification;
        const failed = {
          state: "failed",
          reference: undefined,
          reason: "rejected",
          providerCode: "422",
        } as const;
        await note(id, order!.id, failed);
        expect((await find(id)).deliveries).toMatchObject([{ state: "failed" }]);
        expect(reasonOf(await count(id))).toBe("expired");
        expect((await events()).at(1)).toMatchObject({
          ...{ type: "delivery.failed", verification: id },
          details: { failure: "rejected", code: "422", codes: "signalwire", via: "sms", delivery: order!.id },
        });
        await note(id, "no such order");
        await note(newId(), order!.id);
        const { note: noteAbroad } = opened.store.verifications.outside;
        await noteAbroad({ ...context(), organization: newId(), id, delivery: order!.id, state: "accepted" });
        expect(await typesOf()).toEqual(["verification.started", "delivery.failed", "attempt.refused"]);
        const accepted = await asked({ purpose: "b" }, "secret-reference");
        await counted(accepted);
        expect(JSON.stringify([await events(), await find(accepted)])).not.toContain("secret-reference");
      });
    });

    describe("an answer", () => {
      test("counts before the service is asked; the right one approves once, clears, and is worth a receipt", async () => {
        const id = await asked({ binding: { call: "c" } });
        await answer(id, "wrong");
        const one = await counted(id);
        expect(await find(id)).toMatchObject({ status: "pending", attempts: 2 });
        expect((await guardOf())?.failures).toBe(2);
        const outcome = await settle(id, "right", one);
        expect(outcome).toMatchObject({
          kind: "approved",
          claims: { verification: id, binding: { call: "c" }, sub: person.user.id, acr: "restricted" },
        });
        expect(await find(id)).toMatchObject({ status: "approved", attempts: 2, closedAt: now });
        expect((await guardOf())?.failures).toBe(0);
        expect(reasonOf(await settle(id, "right", one))).toBe("closed");
        expect(reasonOf(await count(id))).toBe("closed");
        const told = (await typesOf()).filter((type) => !type.startsWith("delivery"));
        expect(told.slice(0, 5)).toEqual([
          ...["verification.started", "attempt.counted", "attempt.refused", "attempt.counted"],
          "verification.approved",
        ]);
      });

      test("with a name is one attempt, also when what was said of it was never learned", async () => {
        const id = await asked();
        expect(reasonOf(await count(id, "turn 1"))).toBe("counted");
        const seen = await find(id);
        for (const _ of [1, 2, 3]) expect(reasonOf(await count(id, "turn 1"))).toBe("unanswered");
        expect([await find(id), (await guardOf())?.failures]).toEqual([seen, 1]);
        const again = await count(id, "turn 2");
        if (again.kind !== "counted") throw new Error(again.kind);
        const first = await settle(id, "right", again.counted);
        expect(await count(id, "turn 2")).toEqual(first);
        expect(await find(id)).toMatchObject({ status: "approved", attempts: 2 });
      });

      test("200 at once, 3 allowed: exactly 3 are shown to the service, and the last answer closes", async () => {
        const id = await asked();
        const outcomes = await Promise.all(Array.from({ length: 200 }, () => count(id)));
        const reasons = outcomes.map(reasonOf);
        expect(reasons.filter((reason) => reason === "counted")).toHaveLength(3);
        expect(reasons.filter((reason) => reason === "exhausted")).toHaveLength(197);
        expect(await find(id)).toMatchObject({ status: "pending", attempts: 3 });
        const one = outcomes.flatMap((outcome) => (outcome.kind === "counted" ? [outcome.counted] : []));
        for (const [index, each] of one.entries()) {
          expect((await find(id)).status).toBe("pending");
          expect(reasonOf(await settle(id, index === 1 ? "unknown" : "wrong", each))).toBe(
            index === 1 ? "unanswered" : "wrong",
          );
        }
        expect(await find(id)).toMatchObject({ status: "denied", reason: "too_many_attempts", attempts: 3 });
        expect((await guardOf())?.failures).toBe(3);
      });

      test("the last one allowed may be right, and 100 right ones are one approval", async () => {
        const id = await asked();
        await answer(id, "wrong");
        const pair = [await counted(id), await counted(id)];
        await settle(id, "wrong", pair[0]!);
        expect((await find(id)).status).toBe("pending");
        const outcomes = await Promise.all(Array.from({ length: 100 }, () => settle(id, "right", pair[1]!)));
        expect(outcomes.filter(({ kind }) => kind === "approved")).toHaveLength(1);
        expect((await typesOf()).filter((type) => type === "verification.approved")).toHaveLength(1);
      });

      test("that is never learned stays counted, and what is over is not asked for again", async () => {
        const id = await asked();
        await counted(id);
        expect(reasonOf(await answer(id, "over"))).toBe("expired");
        expect(reasonOf(await count(id))).toBe("expired");
        const again = granted(await resend(id, { outside: "signalwire" }));
        await note(id, again.order!.id, { reference: "ref-2" });
        expect(reasonOf(await answer(id, "unknown"))).toBe("unanswered");
        expect(reasonOf(await count(id))).toBe("exhausted");
        expect(await find(id)).toMatchObject({ status: "pending", attempts: 3 });
        expect((await guardOf())?.failures).toBe(3);
      });

      test("after the time, of a person who was disabled, of another organization or app: not taken", async () => {
        const id = await asked();
        const one = await counted(id);
        const { count: countAbroad, settle: settleAbroad } = opened.store.verifications.outside;
        const abroad = { ...context(), id, organization: newId(), issuer: "i" };
        expect(await countAbroad(abroad)).toEqual({ kind: "unknown" });
        expect(await countAbroad({ ...context(), id, onlyApp: "another", issuer: "i" })).toEqual({
          kind: "unknown",
        });
        expect(await settleAbroad({ ...abroad, counted: one, answer: "right" })).toEqual({
          kind: "unknown",
        });
        const own = granted(await start({ outside: undefined, purpose: "own" })).verification.id;
        expect(await count(own)).toEqual({ kind: "unknown" });
        expect(await settle(own, "right", one)).toEqual({ kind: "unknown" });

        await opened.store.users.update(home, person.user.id, { disabledAt: now }, audit("user.updated"));
        expect(reasonOf(await count(id))).toBe("disabled");
        expect(reasonOf(await settle(id, "right", one))).toBe("disabled");
        await opened.store.users.update(home, person.user.id, { disabledAt: null }, audit("user.updated"));
        const late = await counted(id);
        now += 300_000;
        expect(reasonOf(await settle(id, "right", late))).toBe("expired");
        expect(reasonOf(await count(id))).toBe("expired");
        expect((await typesOf()).filter((type) => type === "verification.approved")).toEqual([]);
      });
      const audit = (type: "user.updated") => ({ type, organization: home, actor: "cli" });
    });

    describe("the failure budget", () => {
      const tight = { ...policy, failureBudget: 5 };

      test("counts over verifications with those of ours, and closes the authenticator", async () => {
        const id = await asked({ policy: tight });
        for (const _ of [1, 2, 3]) await answer(id, "wrong");
        expect((await find(id)).status).toBe("denied");
        const own = granted(await start({ policy: tight, outside: undefined, purpose: "own" })).verification;
        await opened.store.verifications.check({ ...context(), id: own.id, candidates: ["x"], issuer: "i" });
        const last = await asked({ policy: tight, purpose: "last" });
        const outcome = await answer(last, "wrong");
        expect(outcome).toMatchObject({
          verification: { status: "denied", reason: "authenticator_disabled" },
        });
        expect(await guardOf()).toMatchObject({ failures: 5, disabledAt: now });
        expect(await start({ policy: tight })).toMatchObject({ reason: "authenticator_disabled" });
        expect((await typesOf()).filter((type) => type === "authenticator.disabled")).toHaveLength(1);
      });

      test("the answer that spends it disables at once, and takes that back only if it is right itself", async () => {
        const [first, second] = [
          await asked({ policy: tight, purpose: "a" }),
          await asked({ policy: tight, purpose: "b" }),
        ];
        for (const _ of [1, 2]) await answer(first, "wrong");
        const before = await counted(first);
        await answer(second, "wrong");
        const last = await counted(second);
        expect(last.disabledAt).toBe(now);
        expect(await guardOf()).toMatchObject({ failures: 5, disabledAt: now });
        expect(reasonOf(await count(second))).toBe("disabled");
        // It was counted before, but the authenticator was disabled by another answer.
        expect(reasonOf(await settle(first, "right", before))).toBe("disabled");
        expect(reasonOf(await settle(second, "right", last))).toBe("approved");
        expect(await guardOf()).toMatchObject({ failures: 0 });
        expect(await guardOf()).not.toHaveProperty("disabledAt");
        expect(await typesOf()).toEqual(
          expect.arrayContaining(["authenticator.disabled", "authenticator.enabled"]),
        );
      });

      test("an answer that is never learned leaves it disabled", async () => {
        const id = await asked({ policy: { ...tight, failureBudget: 1 } });
        expect(await answer(id, "unknown")).toMatchObject({
          ...{ reason: "unanswered", verification: { reason: "authenticator_disabled" } },
        });
        expect(await guardOf()).toMatchObject({ failures: 1, disabledAt: now });
      });

      test("the ladder makes the next answer wait", async () => {
        const slow = { ...policy, failureDelays: [{ failures: 1, seconds: 30 }] };
        const id = await asked({ policy: slow });
        await answer(id, "wrong");
        expect(reasonOf(await count(id))).toBe("throttled");
        now += 30_000;
        expect(reasonOf(await answer(id, "right"))).toBe("approved");
        expect(await guardOf()).not.toHaveProperty("blockedUntil");
      });
    });
  });
}
