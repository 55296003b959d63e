import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import type { AuditDraft } from "../../engine/audit/event.ts";
import { seededRandom } from "../../engine/code/seeded-random.ts";
import type { Delivery, ReportCommand, ReportOutcome, StoredCall } from "../../engine/outbox.ts";
import type { Provider } from "../../engine/settings.ts";
import type { Place, Timers } from "../../engine/tools.ts";
import {
  type DeliveryProvider,
  type DeliveryReport,
  type OutboundMessage,
  ReportRejected,
  type ReportRequest,
} from "../provider.ts";
import { createCallScripts } from "./calls.ts";
import { createRedaction } from "./redaction.ts";
import { createReportIntake } from "./reports.ts";

const start = 1_790_000_000_000;
const words = "Your code is 493827.";

/** A platform whose proof is one header; a body says what it reports, or that a key was pressed. */
const platform: DeliveryProvider = {
  id: "platform",
  title: "Platform",
  vias: ["voice", "sms"],
  settings: Type.Object({}),
  send: async () => ({ ok: true }),
  async readReports({ headers, body }, _settings, tools) {
    if (headers["x-signature"] !== (await tools.secret("signing"))) throw new ReportRejected(403, "no");
    return JSON.parse(Buffer.from(body).toString()) as readonly DeliveryReport[];
  },
  async readCall({ headers, body }) {
    if (headers["x-signature"] !== "signed") throw new ReportRejected(403, "no");
    return { keyPressed: body.length > 0 };
  },
  redact: async (reference) => reference !== "stays",
};

function createTimers() {
  const set: { ms: number; run: () => void }[] = [];
  const timers: Timers = {
    after(ms, run) {
      const entry = { ms, run };
      set.push(entry);
      return () => void (set.includes(entry) && set.splice(set.indexOf(entry), 1));
    },
    every: () => () => undefined,
  };
  const fire = (ms: number) => {
    for (const entry of set.filter((one) => one.ms === ms)) {
      set.splice(set.indexOf(entry), 1);
      entry.run();
    }
  };
  return { timers, set, fire };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function setUp(kind: DeliveryProvider = platform, more: Partial<Provider> = {}) {
  const { timers, set, fire } = createTimers();
  const clock = { at: start, now: () => clock.at };
  const reported: ReportCommand[] = [];
  const events: AuditDraft[] = [];
  const dispatched: string[] = [];
  const calls = new Map<string, StoredCall>();
  const answers: ReportOutcome[] = [];
  const provider = {
    id: "p1",
    organization: "acme",
    name: "First",
    kind: "platform",
    vias: kind.vias,
    settings: {},
    ...more,
  };
  const store = {
    settings: { provider: async (id: string) => (id === "p1" ? (provider as Provider) : undefined) },
    outbox: {
      report: async (command: ReportCommand) => {
        reported.push(command);
        return answers.shift() ?? ({ kind: "unchanged" } as const);
      },
    },
    calls: {
      keep: async (call: StoredCall) => void calls.set(call.id, call),
      find: async (id: string, now: number) => {
        const call = calls.get(id);
        return call && call.expiresAt > now ? call : undefined;
      },
      take: async (id: string, now: number) => {
        const call = await store.calls.find(id, now);
        return call && calls.delete(id) ? call : undefined;
      },
    },
    audit: { append: async (draft: AuditDraft) => void events.push(draft) },
  };
  const vault = {
    seal: (place: Place, text: string | Uint8Array) => JSON.stringify([place, `${text}`]),
    open: (place: Place, sealed: string) => {
      const [at, text] = JSON.parse(sealed) as [Place, string];
      expect(at).toEqual(place);
      return Buffer.from(text);
    },
  };
  const network = () => Promise.reject(new Error("no network here"));
  const common = {
    store,
    registry: { find: (id: string) => (id === "platform" ? kind : undefined) },
    secretOf: async (organization: string, id: string) => {
      if (organization !== "acme" || id !== "signing") throw new Error("none");
      return "signed";
    },
    clock,
    timers,
    random: seededRandom("intake"),
  };
  const redaction = createRedaction({ ...common, fetch: network, addressesOf: network });
  const intake = createReportIntake({
    ...common,
    redaction,
    providersOf: async (_organization, via) =>
      via === "sms" ? [{ id: "p1", name: "First", kind: "platform", position: 0, settings: {} }] : [],
    dispatch: ({ id }) => dispatched.push(id),
  });
  const scripts = createCallScripts({ ...common, vault, publicUrl: "https://mfa.example.com" });
  return { intake, scripts, redaction, reported, events, dispatched, calls, answers, clock, set, fire };
}

function request(body: unknown, signature = "signed"): ReportRequest {
  const text = body === undefined ? "" : JSON.stringify(body);
  const url = "https://mfa.example.com/delivery/reports/p1";
  return { method: "POST", url, headers: { "x-signature": signature }, body: Buffer.from(text) };
}

const changed = {
  kind: "changed",
  organization: "acme",
  verification: "v1",
  delivery: "d1",
  state: "failed",
} as const;

describe("reports", () => {
  it("are noted with what a failure may be made good with", async () => {
    const { intake, reported } = setUp();
    const price = { amount: 1, currency: "EUR" };
    const reports = [
      { reference: "r1", state: "delivered", price },
      { reference: "r2", state: "failed", reason: "rejected", providerCode: "30007" },
    ];
    expect(await intake.receive("p1", request(reports))).toEqual({ status: 200 });
    const failed = reported.find(({ state }) => state === "failed");
    expect(reported).toHaveLength(2);
    expect(reported.find(({ state }) => state === "delivered")).toMatchObject({
      message: { provider: "p1", reference: "r1" },
      price,
      now: start,
      failOver: undefined,
    });
    expect(failed).toMatchObject({ reason: "rejected", providerCode: "30007" });
    expect(failed?.failOver?.providers).toEqual({ voice: [], sms: ["First"] });
  });

  it("unproved, of nobody's provider and of one that reports nothing are refused alike, and nothing is read", async () => {
    const { intake, reported } = setUp();
    const refused = [
      await intake.receive("p1", request([{ reference: "r", state: "failed" }], "forged")),
      await intake.receive("p2", request([])),
      await setUp({ ...platform, readReports: undefined } as never).intake.receive("p1", request([])),
      await setUp(platform, { organization: "other" }).intake.receive("p1", request([])),
    ];
    expect(refused).toEqual(refused.map(() => ({ status: 403 })));
    expect(reported).toEqual([]);
  });

  it("that are none are told so; a fault of ours is not answered with a yes", async () => {
    const bad = { ...platform, readReports: () => Promise.reject(new ReportRejected(400, "not JSON")) };
    expect(await setUp(bad).intake.receive("p1", request([]))).toEqual({ status: 400 });
    const broken = { ...platform, readReports: () => Promise.reject(new Error("bug")) };
    await expect(setUp(broken).intake.receive("p1", request([]))).rejects.toThrow("bug");
  });

  it("may be preceded by a question of the provider", async () => {
    const { intake } = setUp({ ...platform, answerHandshake: async () => "challenge" });
    expect(await intake.receive("p1", request([]))).toEqual({
      status: 200,
      mediaType: "text/plain",
      body: "challenge",
    });
  });

  it("WHK-06: of a message that is not known yet are looked at again, and answered like any other", async () => {
    const { intake, reported, answers, set, fire } = setUp();
    answers.push({ kind: "unknown" }, { kind: "unknown" }, { kind: "unknown" });
    expect(await intake.receive("p1", request([{ reference: "r", state: "delivered" }]))).toEqual({
      status: 200,
    });
    fire(1_000);
    await settle();
    fire(10_000);
    await settle();
    expect(reported).toHaveLength(3);
    expect(set).toEqual([]);
    answers.push({ kind: "unknown" });
    await intake.receive("p1", request([{ reference: "r", state: "delivered" }]));
    intake.close();
    expect(set).toEqual([]);
  });

  it("send what goes out instead", async () => {
    const { intake, answers, dispatched } = setUp();
    answers.push({ ...changed, instead: { id: "d2" } as Delivery });
    await intake.receive("p1", request([{ reference: "r", state: "failed" }]));
    expect(dispatched).toEqual(["d2"]);
  });
});

describe("redaction", () => {
  const finish = { reference: "r", state: "delivered" };

  async function redactedBy(kind: DeliveryProvider, settings = {}, report: object = finish) {
    const { intake, answers, events } = setUp(kind, { settings });
    answers.push({ ...changed, state: "delivered" });
    await intake.receive("p1", request([report]));
    await settle();
    return events;
  }

  it("follows an end, once, and is told", async () => {
    const details = { delivery: "d1", provider: "First" };
    expect(await redactedBy(platform)).toEqual([
      { type: "delivery.redacted", organization: "acme", verification: "v1", actor: "system", details },
    ]);
  });

  it("is not told where it did not happen", async () => {
    const failing = { ...platform, redact: () => Promise.reject(new Error("503")) };
    expect(await redactedBy(failing)).toEqual([]);
    expect(await redactedBy(platform, {}, { ...finish, reference: "stays" })).toEqual([]);
    expect(await redactedBy(platform, { redact: false })).toEqual([]);
    expect(await redactedBy({ ...platform, redact: undefined } as never)).toEqual([]);
  });

  it("is not asked for on the way, nor for what changed nothing", async () => {
    let asked = 0;
    const redact = async () => {
      asked += 1;
      return true;
    };
    const counting = { ...platform, redact };
    await redactedBy(counting, {}, { ...finish, state: "accepted" });
    const { intake } = setUp(counting);
    await intake.receive("p1", request([finish]));
    await settle();
    expect(asked).toBe(0);
  });

  it("of a provider that hangs ends with its time", async () => {
    let signal: AbortSignal | undefined;
    const hanging: DeliveryProvider = {
      ...platform,
      redact: (_reference, _settings, tools) =>
        new Promise((_resolve, reject) => {
          ({ signal } = tools);
          tools.signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    };
    const { intake, answers, events, fire, set } = setUp(hanging);
    answers.push({ ...changed, state: "delivered" });
    await intake.receive("p1", request([finish]));
    await settle();
    fire(5_000);
    await settle();
    expect([signal?.aborted, events, set]).toEqual([true, [], []]);
  });
});

describe("call scripts", () => {
  const message: OutboundMessage = {
    id: "d1",
    verification: "v1",
    organization: "acme",
    via: "voice",
    to: "+12025550123",
    text: words,
    locale: "en",
    ttlSeconds: 300,
  };
  const choice = { id: "p1", name: "First", kind: "platform", position: 0, settings: {} };
  const script = { mediaType: "text/xml", words };
  const pressed = { digits: "1" };

  async function kept(more: object = {}) {
    const all = setUp();
    const url = await all.scripts.keep(choice, message, { ...script, ...more });
    const token = url.slice(url.lastIndexOf("/") + 1);
    const ask = (body?: unknown, signature?: string, of = token) =>
      all.scripts.answer(of, request(body, signature));
    return { ...all, url, token, ask };
  }

  it("WHK-08: stand at a URL of 128 random bits of which only a digest is kept, sealed, as long as the code lives", async () => {
    const { url, token, calls } = await kept();
    expect(url).toBe(`https://mfa.example.com/delivery/calls/${token}`);
    expect(Buffer.from(token, "base64url")).toHaveLength(16);
    const [call] = [...calls.values()];
    expect(call).toMatchObject({
      organization: "acme",
      provider: "p1",
      delivery: "d1",
      expiresAt: start + 300_000,
    });
    expect(JSON.stringify(call)).not.toContain(token);
    expect(JSON.parse(call!.script)[0]).toMatchObject({
      table: "call_scripts",
      column: "script",
      row: call?.id,
    });
  });

  it("WHK-08: are told once, and only to the platform, before their time is over", async () => {
    const { ask, token, clock } = await kept();
    const refused = { status: 403 };
    expect(await ask(undefined, "")).toEqual(refused);
    expect(await ask(undefined, "forged")).toEqual(refused);
    expect(await ask(undefined, "signed", `${token}x`)).toEqual(refused);
    expect(await ask(undefined, "signed", "A".repeat(22))).toEqual(refused);
    expect(await ask()).toEqual({ status: 200, mediaType: "text/xml", body: words });
    expect(await ask()).toEqual(refused);
    const late = await kept();
    late.clock.at = clock.at + 300_000;
    expect(await late.ask()).toEqual(refused);
  });

  it("WHK-09: are told after a key was pressed; a machine hears the invitation, as often as it asks", async () => {
    const { ask, reported } = await kept({ invitation: "Press 1." });
    for (const _ of [1, 2]) {
      expect(await ask()).toEqual({ status: 200, mediaType: "text/xml", body: "Press 1." });
    }
    expect(reported).toEqual([]);
    expect(await ask(pressed)).toMatchObject({ body: words });
    expect(reported).toEqual([
      {
        message: { organization: "acme", verification: "v1", delivery: "d1" },
        state: "delivered",
        now: start,
      },
    ]);
    expect(await ask(pressed)).toEqual({ status: 403 });
    expect(await ask()).toEqual({ status: 403 });
  });

  it("of a provider that another organization owns by now are not told", async () => {
    const { calls, scripts, token } = await kept();
    for (const call of calls.values()) calls.set(call.id, { ...call, organization: "other" });
    expect(await scripts.answer(token, request(undefined))).toEqual({ status: 403 });
    expect(calls.size).toBe(1);
  });
});
