import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuditDraft, AuditEventType } from "../../engine/audit/event.ts";
import { isMeant, type Notice, type Webhook, type WebhookStep } from "../../engine/webhooks.ts";
import { addOrganization, audit, newId, epoch as now } from "./fixtures.ts";
import type { OpenedStore } from "./opened.ts";

/** The sender's book, and what the record must tell of a time and of one verification: the same on every store. */
export function describeWebhooks(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: web-hooks`, () => {
    let opened: OpenedStore;
    let store: OpenedStore["store"];
    let home: string;
    beforeEach(async () => {
      opened = await open();
      ({ store } = opened);
      home = await addOrganization(store);
    });
    afterEach(() => opened.close());

    const append = async (type: AuditEventType, more: Partial<AuditDraft> = {}, at = now) => {
      await store.audit.append({ type, organization: home, ...more }, at);
      return store.audit.head();
    };
    const leasedBy = async (owner: string) => {
      const leased = await store.webhooks.lease(owner, now, now + 60_000);
      return leased.map(({ webhook, progress }) => [webhook.id, progress.position]);
    };
    const stepOf = (webhook: Webhook, step: Partial<WebhookStep>): WebhookStep => ({
      organization: home,
      webhook: webhook.id,
      owner: "me",
      from: 0,
      to: 0,
      failingSince: undefined,
      notices: [],
      now,
      ...step,
    });
    const noticed = (notice: Partial<Notice> & { seq: number }): Notice => ({
      state: "delivered",
      tries: 1,
      status: 200,
      at: now,
      ...notice,
    });

    test("a new one begins behind what has happened, and an update leaves its place alone", async () => {
      const head = await append("user.created");
      const webhook = await addWebhook(store, home);
      expect(await leasedBy("me")).toEqual([[webhook.id, head]]);
      await append("user.created");
      await store.settings.webhooks.update(home, webhook.id, { description: "other" }, audit(home));
      expect(await leasedBy("me")).toEqual([[webhook.id, head]]);
      expect(await store.settings.webhooks.find(home, webhook.id)).toEqual({
        ...webhook,
        description: "other",
        updatedAt: expect.any(Number),
      });
    });

    test("a sender records what it holds, from where it stood, and nothing otherwise", async () => {
      const webhook = await addWebhook(store, home);
      const [from] = [...(await store.webhooks.progress(home)).values()].map(({ position }) => position);
      const seq = await append("user.created");
      await leasedBy("me");
      const step = stepOf(webhook, {
        from: from ?? 0,
        to: seq,
        failingSince: now,
        notices: [noticed({ seq, state: "waiting", status: 500, dueAt: now + 5_000 })],
      });
      expect(await store.webhooks.record({ ...step, owner: "another" })).toBe(false);
      expect(await store.webhooks.record({ ...step, from: step.from + 1 })).toBe(false);
      expect(await store.webhooks.open(home, webhook.id, 0)).toEqual([]);
      expect(await store.webhooks.record(step)).toBe(true);
      expect(await store.webhooks.record(step)).toBe(false);
      expect(await store.webhooks.open(home, webhook.id, seq)).toEqual(step.notices);
      expect(await store.webhooks.open("elsewhere", webhook.id, seq)).toEqual([]);
      expect((await store.webhooks.progress(home)).get(webhook.id)).toEqual({
        position: seq,
        failingSince: now,
      });
      const done = { ...step, from: seq, failingSince: undefined, notices: [noticed({ seq, tries: 2 })] };
      expect(await store.webhooks.record(done)).toBe(true);
      expect(await store.webhooks.open(home, webhook.id, seq)).toEqual([]);
      expect(await store.webhooks.open(home, webhook.id, seq - 1)).toEqual(done.notices);
      expect((await store.webhooks.progress(home)).get(webhook.id)).toEqual({ position: seq });
    });

    test("notices are read back with their events, newest first, by state and page", async () => {
      const webhook = await addWebhook(store, home);
      const first = await append("verification.started", { verification: newId() });
      const last = await append("verification.approved", { details: { via: "sms" } });
      const [, from] = (await leasedBy("me"))[0] ?? [];
      const notices = [
        noticed({ seq: first, state: "failed", status: 500, tries: 10 }),
        noticed({ seq: last }),
      ];
      await store.webhooks.record(stepOf(webhook, { from: Number(from), to: last, notices }));
      const read = (before: number, state?: "failed") =>
        store.webhooks.notices(home, webhook.id, { before, limit: 10, state });
      const all = await read(Number.MAX_SAFE_INTEGER);
      expect(all.map(({ notice }) => notice)).toEqual(notices.toReversed());
      expect(all.map(({ event }) => [event.seq, event.type, event.details])).toEqual([
        [last, "verification.approved", { via: "sms" }],
        [first, "verification.started", undefined],
      ]);
      expect((await read(last)).map(({ event }) => event.seq)).toEqual([first]);
      expect((await read(Number.MAX_SAFE_INTEGER, "failed")).map(({ event }) => event.seq)).toEqual([first]);
      expect(await store.webhooks.notices("elsewhere", webhook.id, { before: last, limit: 10 })).toEqual([]);
    });

    test("one event can be repeated, and everything after a place; both are told and on record", async () => {
      const webhook = await addWebhook(store, home);
      const seqs = [await append("user.created"), await append("user.updated")];
      const [, from] = (await leasedBy("me"))[0] ?? [];
      const to = seqs[1] ?? 0;
      const notices = seqs.map((seq) => noticed({ seq }));
      await store.webhooks.record(stepOf(webhook, { from: Number(from), to, notices }));
      const changes: unknown[] = [];
      store.settings.onChange((change) => changes.push(change));
      const replayed = audit(home, "webhook.replayed");
      expect(await store.webhooks.repeat(home, webhook.id, seqs[0] ?? 0, replayed)).toBe(true);
      const [waiting, ...others] = await store.webhooks.open(home, webhook.id, to);
      expect(others).toEqual([]);
      expect(waiting).toMatchObject({ seq: seqs[0], state: "waiting", tries: 0 });
      expect(waiting?.dueAt).toBe(waiting?.at);
      expect(waiting).not.toHaveProperty("status");

      expect(await store.webhooks.rewind(home, webhook.id, seqs[0] ?? 0, replayed)).toBe(true);
      expect((await store.webhooks.progress(home)).get(webhook.id)?.position).toBe(seqs[0]);
      const left = await store.webhooks.notices(home, webhook.id, { before: to + 1, limit: 10 });
      expect(left.map(({ event }) => event.seq)).toEqual([seqs[0]]);
      const change = { organization: home, collection: "webhooks", id: webhook.id };
      expect(changes).toEqual([change, change]);
      expect((await store.audit.after(home, to, 10)).map(({ type }) => type)).toEqual([
        "webhook.replayed",
        "webhook.replayed",
      ]);
      expect(await store.webhooks.repeat("elsewhere", webhook.id, to, replayed)).toBe(false);
      expect(await store.webhooks.rewind("elsewhere", webhook.id, 0, replayed)).toBe(false);
    });

    test("what has ended is forgotten but for the newest of each kind; what waits is not", async () => {
      const webhook = await addWebhook(store, home);
      const [, from] = (await leasedBy("me"))[0] ?? [];
      const states = ["delivered", "failed", "delivered", "waiting", "failed", "delivered"] as const;
      const notices: Notice[] = [];
      for (const state of states) {
        const seq = await append("user.updated");
        notices.push(noticed({ seq, state, ...(state === "waiting" && { dueAt: now }) }));
      }
      const to = notices.at(-1)?.seq ?? 0;
      await store.webhooks.record(stepOf(webhook, { from: Number(from), to, notices }));
      const left = async () =>
        (await store.webhooks.notices(home, webhook.id, { before: to + 1, limit: 10 })).map(
          ({ notice }) => notice.state,
        );
      await store.webhooks.forget(home, webhook.id, 2);
      expect(await left()).toEqual(["delivered", "failed", "waiting", "delivered", "failed"]);
      await store.webhooks.forget(home, webhook.id, 1);
      expect(await left()).toEqual(["delivered", "failed", "waiting"]);
    });

    test("removing one removes its book", async () => {
      const webhook = await addWebhook(store, home);
      const [, from] = (await leasedBy("me"))[0] ?? [];
      const seq = await append("user.created");
      const notices = [noticed({ seq, state: "waiting", dueAt: now })];
      await store.webhooks.record(stepOf(webhook, { from: Number(from), to: seq, notices }));
      expect(await store.settings.webhooks.remove("elsewhere", webhook.id, audit("elsewhere"))).toBe(false);
      expect(await store.settings.webhooks.remove(home, webhook.id, audit(home))).toBe(true);
      expect(await leasedBy("me")).toEqual([]);
      expect(await store.webhooks.open(home, webhook.id, 0)).toEqual([]);
      expect(await store.webhooks.record(stepOf(webhook, { from: seq, to: seq }))).toBe(false);
    });

    test("appends are told with whose events they were, where the store knows", async () => {
      const other = await addOrganization(store);
      const heard: (readonly string[] | undefined)[] = [];
      store.audit.onAppend((_head, organizations) => heard.push(organizations));
      await append("user.created");
      await store.audit.append({ type: "user.created", organization: other }, now);
      for (const [index, organization] of [home, other].entries()) {
        expect(heard[index] ?? [organization]).toContain(organization);
      }
    });

    test("the record is entered at a time, and searched for one verification", async () => {
      const verification = newId();
      const at = Date.UTC(2101, 0, 1);
      const first = await append("verification.started", { verification }, at);
      await append("verification.started", { verification: newId() }, at + 5);
      const note = { details: { note: `"verification":"${verification}"`, verification } };
      await append("user.updated", note, at + 5);
      const last = await append("verification.approved", { verification }, at + 9);
      expect(await store.audit.firstAt(at)).toBe(first);
      expect(await store.audit.firstAt(at + 1)).toBe(first + 1);
      expect(await store.audit.firstAt(at + 10)).toBe(last + 1);
      const named = { member: "verification", id: verification } as const;
      const found = async (organization: string, from: number, until: number) =>
        (await store.audit.naming(organization, named, { from, until })).map(({ seq }) => seq);
      expect(await found(home, 1, last)).toEqual([last, first]);
      expect(await found(home, first + 1, last)).toEqual([last]);
      expect(await found(home, first, last - 1)).toEqual([first]);
      expect(await found("elsewhere", 1, last)).toEqual([]);
      const user = newId();
      const about = await append("user.updated", { user, verification }, at + 10);
      await append("user.updated", { details: { user } }, at + 10);
      await append("user.updated", { user: newId() }, at + 10);
      const range = { from: first, until: about + 2 };
      const ofUser = await store.audit.naming(home, { member: "user", id: user }, range);
      expect(ofUser.map(({ seq }) => seq)).toEqual([about]);
    });

    test("one is meant by type and publication", async () => {
      await append("verification.started", { details: { publication: "p" } });
      const [event] = await store.audit.before(home, Number.MAX_SAFE_INTEGER, 1);
      const meant = (events: readonly AuditEventType[], publication?: string) =>
        event !== undefined && isMeant({ events, publication }, event);
      expect([meant([]), meant(["verification.started"]), meant([], "p")]).toEqual([true, true, true]);
      expect([meant(["user.created"]), meant([], "q")]).toEqual([false, false]);
    });
  });
}

async function addWebhook({ settings }: OpenedStore["store"], organization: string): Promise<Webhook> {
  const webhook: Webhook = {
    id: newId(),
    organization,
    url: "https://example.com/hook",
    events: [],
    enabled: true,
    secret: "sealed",
    createdAt: now,
    updatedAt: now,
  };
  await settings.webhooks.insert(webhook, audit(organization));
  return webhook;
}
