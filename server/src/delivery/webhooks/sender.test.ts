import { Webhook as Verifier } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AuditDraft, AuditEvent, AuditEventType } from "../../engine/audit/event.ts";
import { eventId } from "../../engine/audit/view.ts";
import type { SettingsChange } from "../../engine/collection.ts";
import type { Place } from "../../engine/tools.ts";
import type { LeasedWebhook, Notice, Webhook, WebhookStep } from "../../engine/webhooks.ts";
import { OutboundError, type OutboundRequest, type OutboundResponse } from "../provider.ts";
import { newWebhookSecret, rotatedSecret, sealWebhookSecret } from "./secret.ts";
import { createWebhookSender, type WebhookSender, type WebhookSenderOptions } from "./sender.ts";

const begin = 1_790_000_000_000;
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** Time that stands still until a test moves it; the verifier, which asks the system, sees the same. */
function createTime() {
  let now = begin;
  let pending: { at: number; run: () => void; everyMs?: number }[] = [];
  const add = (timer: { at: number; run: () => void; everyMs?: number }) => {
    pending.push(timer);
    return () => {
      pending = pending.filter((entry) => entry !== timer);
    };
  };
  const set = (to: number) => {
    now = to;
    vi.setSystemTime(now);
  };
  set(now);
  return {
    clock: { now: () => now },
    timers: {
      after: (ms: number, run: () => void) => add({ at: now + ms, run }),
      every: (ms: number, run: () => void) => add({ at: now + ms, run, everyMs: ms }),
    },
    async advance(ms: number): Promise<void> {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = pending.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        set(Math.max(now, due.at));
        if (due.everyMs === undefined) pending = pending.filter((entry) => entry !== due);
        else due.at += due.everyMs;
        due.run();
        await settle();
      }
      set(end);
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const vault = {
  seal: (place: Place, text: string | Uint8Array) => `${place.row}/${place.column}/${String(text)}`,
  open: (place: Place, sealed: string) => {
    const prefix = `${place.row}/${place.column}/`;
    if (!sealed.startsWith(prefix)) throw new Error("sealed for another place");
    return Buffer.from(sealed.slice(prefix.length));
  },
};

/** The record and the sender's book in memory, by the same rules as a real store. */
function createStore() {
  const events: AuditEvent[] = [];
  const webhooks = new Map<string, Webhook>();
  const book = new Map<string, { position: number; failingSince: number | undefined; owner?: string }>();
  const notices = new Map<string, Map<number, Notice>>();
  const appended: ((seq: number, organizations?: readonly string[]) => void)[] = [];
  const changed: ((change: SettingsChange) => void)[] = [];
  const failures = { record: 0, after: 0 };
  const failing = (kind: keyof typeof failures) => {
    if (failures[kind] === 0) return;
    failures[kind] -= 1;
    throw new Error("disk full");
  };
  const tell = (id: string) => {
    for (const listener of changed) listener({ organization: "acme", collection: "webhooks", id });
  };
  const append = (draft: Partial<AuditDraft>) => {
    const event: AuditEvent = {
      type: "verification.started",
      organization: "acme",
      ...draft,
      seq: events.length + 1,
      at: Date.now(),
    };
    events.push(event);
    for (const listener of appended) listener(event.seq, [event.organization]);
    return event;
  };
  const change = (id: string, more: Partial<Webhook>) => {
    webhooks.set(id, { ...webhooks.get(id)!, ...more, updatedAt: Date.now() });
    tell(id);
  };
  return {
    events,
    webhooks,
    book,
    failures,
    append,
    change,
    noticesOf: (id: string) => [...(notices.get(id)?.values() ?? [])].sort((a, b) => a.seq - b.seq),
    add(webhook: Webhook) {
      webhooks.set(webhook.id, webhook);
      book.set(webhook.id, { position: events.length, failingSince: undefined });
      notices.set(webhook.id, new Map());
      tell(webhook.id);
    },
    repeat(id: string, seq: number) {
      notices.get(id)?.set(seq, { seq, state: "waiting", tries: 0, at: Date.now(), dueAt: Date.now() });
      tell(id);
    },
    rewind(id: string, position: number) {
      book.get(id)!.position = position;
      for (const seq of notices.get(id)?.keys() ?? []) if (seq > position) notices.get(id)?.delete(seq);
      tell(id);
    },
    port: {
      audit: {
        after: async (organization: string, seq: number, limit: number) => {
          failing("after");
          return events
            .filter((event) => event.organization === organization && event.seq > seq)
            .slice(0, limit);
        },
        onAppend: (listener: (typeof appended)[number]) => void appended.push(listener),
      },
      webhooks: {
        lease: async (owner: string): Promise<readonly LeasedWebhook[]> =>
          [...webhooks.values()].map((webhook) => {
            const progress = book.get(webhook.id)!;
            progress.owner = owner;
            return { webhook, progress: { ...progress } };
          }),
        release: async () => undefined,
        open: async (_organization: string, id: string, position: number) =>
          [...(notices.get(id)?.values() ?? [])].filter(
            ({ seq, dueAt }) => dueAt !== undefined || seq > position,
          ),
        record: async (step: WebhookStep) => {
          failing("record");
          const progress = book.get(step.webhook);
          if (progress?.owner !== step.owner || progress.position !== step.from) return false;
          progress.position = step.to;
          progress.failingSince = step.failingSince;
          for (const notice of step.notices) notices.get(step.webhook)?.set(notice.seq, notice);
          return true;
        },
        forget: async () => undefined,
      },
      settings: {
        webhooks: {
          update: async (_organization: string, id: string, more: object, audit: AuditDraft) => {
            change(id, more);
            append(audit);
            return webhooks.get(id);
          },
        },
        onChange: (listener: (change: SettingsChange) => void) => void changed.push(listener),
      } as unknown as WebhookSenderOptions["store"]["settings"],
    },
  };
}

interface Call {
  readonly url: string;
  readonly at: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Answer = Partial<OutboundResponse> | OutboundError | "hang" | Promise<Partial<OutboundResponse>>;

/** The other side: what was sent, and what it answers. */
function createReceiver() {
  const calls: Call[] = [];
  let answer: (call: Call) => Answer = () => ({ status: 200 });
  let open = 0;
  let mostOpen = 0;
  const fetch = async (url: string, request: OutboundRequest): Promise<OutboundResponse> => {
    const call = { url, at: Date.now(), headers: { ...request.headers }, body: request.body ?? "" };
    calls.push(call);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    const given = answer(call);
    try {
      if (given === "hang") {
        await new Promise((_resolve, reject) => {
          request.signal?.addEventListener("abort", () => reject(new OutboundError("timeout", true, "late")));
        });
      }
      if (given instanceof OutboundError) throw given;
      return { status: 200, headers: {}, body: "", ...(await (given as Partial<OutboundResponse>)) };
    } finally {
      open -= 1;
    }
  };
  return {
    calls,
    fetch,
    mostOpen: () => mostOpen,
    ids: () => calls.map(({ headers }) => headers["webhook-id"]),
    answers: (next: typeof answer) => {
      answer = next;
    },
  };
}

let time: ReturnType<typeof createTime>;
let store: ReturnType<typeof createStore>;
let receiver: ReturnType<typeof createReceiver>;
let senders: WebhookSender[] = [];
let drawn = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  time = createTime();
  store = createStore();
  receiver = createReceiver();
  senders = [];
  drawn = 0;
});
afterEach(async () => {
  const closing = Promise.all(senders.map((sender) => sender.close(0)));
  await time.advance(0);
  await closing;
  vi.useRealTimers();
});

const random = {
  /** 0: no jitter; 1: as much as there is. */
  integer: (limit: number) => (drawn === 0 ? 0 : limit - 1),
  bytes: (length: number) => new Uint8Array(length).fill(length),
};
const secret = newWebhookSecret({ ...random, bytes: (length) => new Uint8Array(length).fill(1) });

function webhookOf(id: string, more: Partial<Webhook> = {}): Webhook {
  return {
    id,
    organization: "acme",
    url: `https://${id}.test/hook`,
    events: [],
    enabled: true,
    secret: sealWebhookSecret({ id, organization: "acme" }, secret, vault),
    createdAt: begin,
    updatedAt: begin,
    ...more,
  };
}

async function start(more: Partial<WebhookSenderOptions> = {}): Promise<WebhookSender> {
  const sender = createWebhookSender({
    store: store.port,
    fetch: receiver.fetch,
    vault,
    clock: time.clock,
    timers: time.timers,
    random,
    owner: `sender-${senders.length}`,
    onTold: () => undefined,
    ...more,
  });
  senders.push(sender);
  await sender.start();
  await settle();
  return sender;
}

async function happen(type: AuditEventType = "verification.started", more: Partial<AuditDraft> = {}) {
  const event = store.append({ type, ...more });
  await settle();
  return event;
}

describe("WHK-12: what is sent", () => {
  it("is signed over id, time and body, as the reference verifier checks it", async () => {
    store.add(webhookOf("hook"));
    await start();
    const event = await happen("verification.approved", {
      verification: "v1",
      user: "u1",
      details: { via: "sms", to: "+1 *** **23", publication: "p", conversation: "c", call: "call-7" },
    });
    const [call] = receiver.calls;
    expect(call?.url).toBe("https://hook.test/hook");
    expect(call?.headers["webhook-id"]).toBe(eventId(event));
    expect(call?.headers["webhook-timestamp"]).toBe(String(begin / 1000));
    expect(new Verifier(secret).verify(call!.body, call!.headers)).toEqual({
      id: eventId(event),
      seq: 1,
      type: "verification.approved",
      at: new Date(begin).toISOString(),
      organization: "acme",
      verification: "v1",
      conversation: "c",
      publication: "p",
      user: "u1",
      details: { via: "sms", to: "+1 *** **23", publication: "p", conversation: "c", call: "call-7" },
    });
  });

  it("is refused by the reference verifier with an old or changed time, another id, body or secret", async () => {
    store.add(webhookOf("hook"));
    await start();
    await happen();
    const { headers, body } = receiver.calls[0]!;
    const verify = (change: Record<string, string>, changedBody = body, by = secret) =>
      new Verifier(by).verify(changedBody, { ...headers, ...change });
    expect(() => verify({})).not.toThrow();
    expect(() => verify({ "webhook-timestamp": String(begin / 1000 - 1) })).toThrow(/No matching signature/);
    expect(() => verify({ "webhook-id": "evt_1_1" })).toThrow(/No matching signature/);
    expect(() => verify({}, body.replace("started", "approved"))).toThrow(/No matching signature/);
    expect(() => verify({}, body, newWebhookSecret(random))).toThrow(/No matching signature/);
    vi.setSystemTime(begin + 6 * minute);
    expect(() => verify({})).toThrow(/too old/);
  });

  it("is signed by the old and the new secret until the overlap ends, then by the new one only", async () => {
    const webhook = webhookOf("hook");
    const next = newWebhookSecret(random);
    store.add({ ...webhook, ...rotatedSecret(webhook, next, begin + hour, vault) });
    await start();
    await happen();
    await time.advance(hour);
    await happen();
    const verifies = (index: number, by: string) => {
      const { headers, body } = receiver.calls[index]!;
      vi.setSystemTime(Number(headers["webhook-timestamp"]) * 1000);
      try {
        return new Verifier(by).verify(body, headers) !== undefined;
      } catch {
        return false;
      }
    };
    expect([verifies(0, secret), verifies(0, next)]).toEqual([true, true]);
    expect([verifies(1, secret), verifies(1, next)]).toEqual([false, true]);
  });

  it("is thin: more than 20 kB of details stay here", async () => {
    store.add(webhookOf("hook"));
    await start();
    await happen("user.updated", { details: { note: "x".repeat(30_000) } });
    const body = JSON.parse(receiver.calls[0]!.body);
    expect(receiver.calls[0]!.body.length).toBeLessThan(20_000);
    expect(body).toMatchObject({ type: "user.updated", details: {}, truncated: true });
  });

  it("is chosen by type and publication", async () => {
    store.add(webhookOf("types", { events: ["verification.approved"] }));
    store.add(webhookOf("one", { publication: "p" }));
    await start();
    await happen("verification.approved");
    await happen("verification.started", { details: { publication: "p" } });
    await happen("verification.started", { organization: "other", details: { publication: "p" } });
    expect(receiver.calls.map(({ url, body }) => [url, JSON.parse(body).seq])).toEqual([
      ["https://types.test/hook", 1],
      ["https://one.test/hook", 2],
    ]);
  });
});

describe("WHK-12: an answer", () => {
  it.each([200, 201, 204, 299])("of %i is success", async (status) => {
    receiver.answers(() => ({ status }));
    store.add(webhookOf("hook"));
    await start();
    await happen();
    expect(store.noticesOf("hook")).toEqual([{ seq: 1, state: "delivered", tries: 1, status, at: begin }]);
    await time.advance(hour);
    expect(receiver.calls).toHaveLength(1);
  });

  it.each([100, 301, 302, 304, 307, 308, 400, 401, 404, 500, 503])(
    "of %i is none, and is tried again",
    async (status) => {
      receiver.answers(() => ({ status, headers: { location: "https://elsewhere.test/" } }));
      store.add(webhookOf("hook"));
      await start();
      await happen();
      expect(store.noticesOf("hook")).toMatchObject([{ state: "waiting", tries: 1, status }]);
      receiver.answers(() => ({ status: 200 }));
      await time.advance(5 * second);
      expect(receiver.calls.map(({ url }) => url)).toEqual(Array(2).fill("https://hook.test/hook"));
      expect(store.noticesOf("hook")).toMatchObject([{ state: "delivered", tries: 2, status: 200 }]);
    },
  );

  it("is judged by its status, whatever comes behind it; no answer has none", async () => {
    const answers = [
      new OutboundError("garbage", true, "too long", 200),
      new OutboundError("timeout", true, "late"),
      new OutboundError("blocked", false, "private"),
    ];
    receiver.answers(() => answers.shift() ?? { status: 200 });
    store.add(webhookOf("hook"));
    await start();
    for (let count = 0; count < 3; count += 1) await happen();
    const [first, ...others] = store.noticesOf("hook");
    expect(first).toMatchObject({ state: "delivered", status: 200 });
    for (const notice of others) {
      expect(notice.state).toBe("waiting");
      expect(notice).not.toHaveProperty("status");
    }
  });

  it("is waited for at 0, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, with one id and new signatures", async () => {
    receiver.answers(() => ({ status: 500 }));
    store.add(webhookOf("hook"));
    await start();
    await happen();
    await time.advance(5 * 24 * hour);
    const gaps = receiver.calls.map(({ at }, index) => at - (receiver.calls[index - 1]?.at ?? begin));
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * hour);
    expect(gaps).toEqual([0, 5 * second, 5 * minute, 30 * minute, ...hours]);
    expect(new Set(receiver.ids()).size).toBe(1);
    expect(new Set(receiver.calls.map(({ headers }) => headers["webhook-signature"])).size).toBe(10);
    expect(store.noticesOf("hook")).toMatchObject([{ state: "failed", tries: 10, status: 500 }]);
  });

  it("that fails is followed by a jitter of at most a fifth", async () => {
    drawn = 1;
    receiver.answers(() => ({ status: 500 }));
    store.add(webhookOf("hook"));
    await start();
    await happen();
    expect(store.noticesOf("hook")).toMatchObject([{ dueAt: begin + 6 * second }]);
  });

  it("of 410 switches it off, on record, and nothing more is sent", async () => {
    receiver.answers(() => ({ status: 410 }));
    store.add(webhookOf("hook"));
    store.add(webhookOf("watcher", { events: ["webhook.disabled"] }));
    await start();
    await happen();
    await happen();
    await time.advance(24 * hour);
    expect(store.webhooks.get("hook")).toMatchObject({
      enabled: false,
      disabledReason: "gone",
      disabledAt: begin,
    });
    expect(receiver.calls.filter(({ url }) => url.includes("hook.test"))).toHaveLength(1);
    const told = receiver.calls.find(({ url }) => url.includes("watcher"));
    expect(JSON.parse(told!.body)).toMatchObject({
      type: "webhook.disabled",
      details: { id: "hook", reason: "gone" },
    });
  });

  it.each([429, 502, 504])(
    "of %i slows down everything for that web-hook, and for no other",
    async (status) => {
      receiver.answers(({ url }) => ({ status: url.includes("busy") ? status : 200 }));
      store.add(webhookOf("busy"));
      store.add(webhookOf("other"));
      await start();
      for (let count = 0; count < 3; count += 1) await happen();
      const busy = () => receiver.calls.filter(({ url }) => url.includes("busy")).length;
      expect([busy(), receiver.calls.length]).toEqual([1, 4]);
      await time.advance(4 * second);
      expect(busy()).toBe(1);
      await time.advance(second);
      expect(busy()).toBe(2);
      await time.advance(9 * second);
      expect(busy()).toBe(2);
      receiver.answers(() => ({ status: 200 }));
      await time.advance(5 * minute);
      expect(store.noticesOf("busy").map(({ state }) => state)).toEqual(Array(3).fill("delivered"));
    },
  );

  it.each([
    ["seconds", "120", 120 * second],
    ["a date", new Date(begin + 600 * second).toUTCString(), 600 * second],
    ["more than a day", "9999999", 24 * hour],
    ["less than our own schedule", "1", 5 * second],
    ["nonsense", "soon", 5 * second],
  ])("that asks for patience is obeyed: Retry-After of %s", async (_what, text, waitMs) => {
    receiver.answers(() => ({ status: 503, headers: { "retry-after": text } }));
    store.add(webhookOf("hook"));
    await start();
    await happen();
    receiver.answers(() => ({ status: 200 }));
    await time.advance(waitMs - 1);
    expect(receiver.calls).toHaveLength(1);
    await time.advance(1);
    expect(receiver.calls).toHaveLength(2);
  });

  it("that never comes for five days switches it off; a success or new settings begin the days anew", async () => {
    receiver.answers(() => ({ status: 500 }));
    store.add(webhookOf("hook"));
    await start();
    const dayByDay = async (days: number) => {
      for (let day = 0; day < days; day += 1) {
        await happen();
        await time.advance(24 * hour);
      }
    };
    await dayByDay(4);
    store.change("hook", { url: "https://moved.test/hook" });
    await dayByDay(5);
    expect(store.webhooks.get("hook")?.enabled).toBe(true);
    await dayByDay(1);
    expect(store.webhooks.get("hook")).toMatchObject({ enabled: false, disabledReason: "failing" });
    expect(store.events.at(-1)).toMatchObject({
      type: "webhook.disabled",
      actor: "system",
      details: { id: "hook", reason: "failing" },
    });
  });
});

describe("a web-hook that is slow", () => {
  it("has a bounded number on its way and delays no other", async () => {
    receiver.answers(({ url }) => (url.includes("slow") ? "hang" : { status: 200 }));
    store.add(webhookOf("slow"));
    store.add(webhookOf("quick"));
    await start({ mostPerWebhook: 3 });
    for (let count = 0; count < 20; count += 1) await happen();
    const to = (name: string) => receiver.calls.filter(({ url }) => url.includes(name)).length;
    expect([to("slow"), to("quick")]).toEqual([3, 20]);
    expect(store.book.get("quick")?.position).toBe(20);
    expect(store.book.get("slow")?.position).toBe(0);
  });

  it("leaves room to the others also where the whole is bounded", async () => {
    const gate = Promise.withResolvers<Partial<OutboundResponse>>();
    receiver.answers(({ url }) => (url.includes("slow") ? gate.promise : { status: 200 }));
    store.add(webhookOf("slow"));
    store.add(webhookOf("quick"));
    await start({ mostInFlight: 4, mostPerWebhook: 8 });
    for (let count = 0; count < 10; count += 1) store.append({});
    await settle();
    expect(receiver.mostOpen()).toBe(4);
    gate.resolve({ status: 200 });
    await settle();
    await settle();
    await settle();
    expect(receiver.mostOpen()).toBeLessThanOrEqual(4);
    expect(["slow", "quick"].map((id) => store.book.get(id)?.position)).toEqual([10, 10]);
  });

  it("that is down is asked by one at a time, and what waits is bounded: the record keeps the rest", async () => {
    receiver.answers(() => ({ status: 500 }));
    store.add(webhookOf("hook"));
    for (let count = 0; count < 3_000; count += 1) store.append({});
    await start();
    await time.advance(24 * hour);
    const waiting = store.noticesOf("hook").filter(({ state }) => state === "waiting").length;
    expect(waiting).toBeLessThan(1_200);
    receiver.answers(() => ({ status: 200 }));
    await time.advance(24 * hour);
    const delivered = store.noticesOf("hook").filter(({ state }) => state === "delivered");
    expect(delivered).toHaveLength(3_000);
    expect(store.book.get("hook")).toMatchObject({ position: 3_000, failingSince: undefined });
  });
});

describe("a sender that ended", () => {
  it("is followed by one that sends what had not arrived, and nothing else", async () => {
    const hanging = new Set([2, 4]);
    receiver.answers(({ body }) => (hanging.has(JSON.parse(body).seq) ? "hang" : { status: 200 }));
    store.add(webhookOf("hook"));
    const first = await start();
    for (let count = 0; count < 5; count += 1) await happen();
    expect(store.book.get("hook")?.position).toBe(1);
    expect(store.noticesOf("hook").map(({ seq }) => seq)).toEqual([1, 3, 5]);
    const closing = first.close(2_000);
    await time.advance(2_000);
    await closing;
    store.append({});
    const before = receiver.calls.length;
    hanging.clear();
    await start();
    const again = receiver.calls.slice(before).map(({ body }) => JSON.parse(body).seq);
    expect(again).toEqual([2, 4, 6]);
    expect(new Set(receiver.ids()).size).toBe(6);
    expect(store.book.get("hook")?.position).toBe(6);
  });

  it("leaves behind what waits, on its old schedule", async () => {
    receiver.answers(() => ({ status: 500 }));
    store.add(webhookOf("hook"));
    const first = await start();
    await happen();
    await time.advance(5 * second);
    await first.close(0);
    await start();
    expect(receiver.calls).toHaveLength(2);
    await time.advance(5 * minute);
    expect(receiver.calls).toHaveLength(3);
  });

  it("begins nothing while it closes", async () => {
    store.add(webhookOf("hook"));
    const sender = await start();
    await sender.close(0);
    await happen();
    await time.advance(24 * hour);
    expect(receiver.calls).toEqual([]);
  });
});

describe("a replay", () => {
  it("sends one event again with its old id, also one that the filter leaves out", async () => {
    store.add(webhookOf("hook", { events: ["verification.approved"] }));
    await start();
    const started = await happen("verification.started");
    await happen("verification.approved");
    store.repeat("hook", started.seq);
    await settle();
    expect(receiver.ids()).toEqual([eventId(store.events[1]!), eventId(started)]);
    expect(store.noticesOf("hook").map(({ state, tries }) => [state, tries])).toEqual([
      ["delivered", 1],
      ["delivered", 1],
    ]);
  });

  it("sends everything after a place again", async () => {
    store.add(webhookOf("hook"));
    await start();
    for (let count = 0; count < 4; count += 1) await happen();
    store.rewind("hook", 2);
    await settle();
    await happen();
    expect(receiver.calls.map(({ body }) => JSON.parse(body).seq)).toEqual([1, 2, 3, 4, 3, 4, 5]);
    expect(store.book.get("hook")?.position).toBe(5);
  });

  it("is not undone by what was on its way", async () => {
    const gate = Promise.withResolvers<Partial<OutboundResponse>>();
    store.add(webhookOf("hook"));
    await start();
    await happen();
    receiver.answers(() => gate.promise);
    await happen();
    store.rewind("hook", 0);
    await settle();
    gate.resolve({ status: 200 });
    await settle();
    expect(store.book.get("hook")?.position).toBe(2);
    expect(receiver.calls.map(({ body }) => JSON.parse(body).seq)).toEqual([1, 2, 1, 2]);
  });
});

describe("a change of settings", () => {
  it("holds from the next event on; one that is off is sent nothing, and on again it misses nothing", async () => {
    store.add(webhookOf("hook"));
    await start();
    await happen();
    store.change("hook", { url: "https://new.test/hook" });
    await happen();
    store.change("hook", { enabled: false });
    await happen();
    expect(receiver.calls.map(({ url }) => url)).toEqual(["https://hook.test/hook", "https://new.test/hook"]);
    store.change("hook", { enabled: true });
    await settle();
    expect(receiver.calls.map(({ body }) => JSON.parse(body).seq)).toEqual([1, 2, 3]);
  });

  it("takes in a new one, and lets a removed one go", async () => {
    await start();
    await happen();
    store.add(webhookOf("hook"));
    await happen();
    store.webhooks.delete("hook");
    await time.advance(15 * second);
    await happen();
    expect(receiver.calls.map(({ body }) => JSON.parse(body).seq)).toEqual([2]);
  });
});

describe("a store that fails", () => {
  it("is asked again, and what it could not keep is neither lost nor sent twice", async () => {
    store.add(webhookOf("hook"));
    await start();
    store.failures.record = 3;
    await happen();
    await happen();
    expect(store.book.get("hook")?.position).toBe(0);
    await time.advance(10 * second);
    expect(store.book.get("hook")?.position).toBe(2);
    expect(receiver.calls).toHaveLength(2);
    store.failures.after = 1;
    await happen();
    expect(receiver.calls).toHaveLength(2);
    await time.advance(15 * second);
    expect(receiver.calls).toHaveLength(3);
  });

  it("and a lease that was lost ends the sending of this process only", async () => {
    store.add(webhookOf("hook"));
    await start();
    store.book.get("hook")!.owner = "somebody else";
    await happen();
    // The fake gives every lease to who asks, so it comes back to us, and the event is sent anew: at least once.
    expect(new Set(receiver.ids()).size).toBe(1);
    expect(store.book.get("hook")?.position).toBe(1);
  });
});
