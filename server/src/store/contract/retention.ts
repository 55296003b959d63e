import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultPolicy } from "../../engine/policy/defaults.ts";
import type { RetentionRules } from "../../engine/retention.ts";
import type { StartCommand } from "../../engine/store.ts";
import { addOrganization, newId, epoch as now, openPolicy, someNumber } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";

const hour = 3_600_000;
const day = 24 * hour;
const rules: RetentionRules = {
  destinationsMs: day,
  verificationsMs: 30 * day,
};

/** What is forgotten, when, and in which portions: the same on every store. */
export function describeRetention(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: retention`, () => {
    let opened: OpenedStore;
    let home: string;
    beforeEach(async () => {
      opened = await open();
      home = await addOrganization(opened.store, { name: "Example" });
    });
    afterEach(() => opened.close());

    const start = async (at: number, more: Partial<StartCommand> = {}) => {
      const outcome = await opened.store.verifications.start({
        organization: home,
        id: newId(at),
        deliveryId: newId(at),
        now: at,
        actor: "cli",
        via: "sms",
        purpose: "login",
        channel: "api",
        target: { destination: "sealed", destinationKey: newId(), hint: "+1 *** **23", number: someNumber },
        binding: { call: "call of a person" },
        source: "digest",
        fallbackLocale: "en",
        policy: { ...defaultPolicy, ...openPolicy },
        production: false,
        ...more,
      });
      if (outcome.kind !== "started") throw new Error(JSON.stringify(outcome));
      return outcome.verification.id;
    };
    const closeAll = (at: number) => opened.store.verifications.expire(at, 1000);
    const find = (id: string) => opened.store.verifications.find(home, id);
    const step = (at: number, limit = 1000) => opened.store.retention.step(rules, limit, at);
    const stepWithDetails = (at: number) =>
      opened.store.retention.step({ ...rules, auditDetailsMs: 400 * day }, 1000, at);

    test("a closed verification forgets where its code went, then all of itself; a pending one nothing", async () => {
      const old = await start(now);
      await closeAll(now + hour);
      const young = await start(now + day);
      expect((await step(now + day)).removed).toEqual({});
      expect(await find(old)).toMatchObject({ hint: "+1 *** **23", binding: { call: "call of a person" } });

      expect((await step(now + day + hour)).removed).toEqual({ destinations: 1 });
      const emptied = await find(old);
      expect(emptied).toMatchObject({ hint: "", status: "expired", sends: 1, channel: "api" });
      expect(emptied).not.toHaveProperty("binding");
      expect((await step(now + day + hour)).removed).toEqual({});

      // The server stood still: what the sweep has not closed is left alone, and what comes behind it waits.
      expect((await step(now + 9 * day)).removed).toEqual({ guards: 2 });
      expect(await find(young)).toMatchObject({ hint: "+1 *** **23", status: "pending" });
      await closeAll(now + 9 * day);
      expect((await step(now + 9 * day)).removed).toEqual({ destinations: 1 });

      expect((await step(now + 30 * day + hour)).removed).toMatchObject({ verifications: 1 });
      expect(await find(old)).toBeUndefined();
      expect(await find(young)).toMatchObject({ status: "expired" });
    });

    test("one that lives longer than a policy allows holds nothing up, and is forgotten after its own end", async () => {
      const policy = { ...defaultPolicy, ...openPolicy };
      const long = await start(now, {
        policy,
        terms: {
          surface: "signalwire",
          codeLength: 6,
          maxAttempts: 3,
          codeTtlSeconds: 6 * 86_400,
          codeAlphabet: "digits",
          text: "Your code",
          publicId: "5f0c1b9a-2f3e-4d21-9a77-0c1d2e3f4a5b",
        },
      });
      const short = await start(now + 1000);
      await closeAll(now + hour);
      expect((await step(now + 2 * day)).removed).toEqual({ destinations: 1 });
      expect(await find(short)).toMatchObject({ hint: "" });
      expect(await find(long)).toMatchObject({ hint: "+1 *** **23", status: "pending" });
      await closeAll(now + 6 * day + 1000);
      expect((await step(now + 6 * day + hour)).removed).toEqual({});
      expect((await step(now + 7 * day + hour)).removed).toEqual({ destinations: 1 });
      expect(await find(long)).toMatchObject({ hint: "", status: "expired" });
    });

    test("a step looks at no more rows than it may, and the next one goes on", async () => {
      const ids = [];
      for (let index = 0; index < 7; index += 1) ids.push(await start(now + index));
      await closeAll(now + hour);
      const portions = [];
      for (;;) {
        const { removed, more } = await step(now + 2 * day, 3);
        portions.push(removed.destinations ?? 0);
        if (!more) break;
      }
      expect(portions.slice(0, 3)).toEqual([3, 3, 1]);
      for (const id of ids) expect(await find(id)).toMatchObject({ hint: "" });
    });

    test("a guard with failures stays, however old it is", async () => {
      const tried = await start(now);
      const wrong = { organization: home, actor: "cli", issuer: "test", candidates: ["x"] };
      await opened.store.verifications.check({ ...wrong, id: tried, now: now + 1000 });
      await start(now);
      await closeAll(now + hour);
      expect((await step(now + 20 * day)).removed).toEqual({ destinations: 2, guards: 1 });
    });

    test("details of old events are erased and the events stay; the day's work is told on the next", async () => {
      const old = await start(now);
      await closeAll(now + hour);
      await stepWithDetails(now + 2 * day);
      await stepWithDetails(now + 3 * day);
      const [told] = await opened.store.audit.before(home, Number.MAX_SAFE_INTEGER, 1);
      expect(told).toMatchObject({ type: "retention.applied", details: { destinations: 1 } });
      const young = await start(now + 399 * day);

      const startedEvents = async () =>
        (await opened.store.audit.after(home, 0, 100)).filter(({ type }) => type === "verification.started");
      expect(await startedEvents()).toMatchObject([{ verification: old }, { verification: young }]);
      const { removed } = await stepWithDetails(now + 401 * day);
      expect(removed.audit_details).toBeGreaterThanOrEqual(2);
      const [erased, kept] = await startedEvents();
      expect(erased).toEqual({
        seq: expect.any(Number),
        at: now,
        type: "verification.started",
        organization: home,
      });
      expect(kept).toMatchObject({ verification: young });
    });
  });
}
