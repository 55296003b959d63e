import { Type } from "typebox";
import { apiKeyDigest, generateApiKey } from "../../src/engine/code/api-key.ts";
import type { SettingsChange } from "../../src/engine/collection.ts";
import type { ApiKey, Scope } from "../../src/engine/settings.ts";
import type { Timers } from "../../src/engine/tools.ts";
import { principalOf, publicRoute, requireScope } from "../../src/http/access.ts";
import { type AppParts, createApp, type RoutePlugin } from "../../src/http/app.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { defaultHttpSettings, type HttpSettings } from "../../src/http/settings.ts";

/** Timers that only go on when the test says so. */
export interface ManualTimers extends Timers {
  advance(milliseconds: number): void;
  readonly now: () => number;
}

export function manualTimers(): ManualTimers {
  let now = 0;
  let waiting: { at: number; everyMs: number | undefined; callback: () => void }[] = [];
  const add = (inMs: number, everyMs: number | undefined, callback: () => void) => {
    const timer = { at: now + inMs, everyMs, callback };
    waiting.push(timer);
    return () => {
      waiting = waiting.filter((other) => other !== timer);
    };
  };
  return {
    now: () => now,
    after: (milliseconds, callback) => add(milliseconds, undefined, callback),
    every: (milliseconds, callback) => add(milliseconds, milliseconds, callback),
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = waiting.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = next.at;
        if (next.everyMs === undefined) waiting = waiting.filter((other) => other !== next);
        else next.at += next.everyMs;
        next.callback();
      }
      now = end;
    },
  };
}

/** API keys in memory, and how often they were looked up. */
export interface FakeKeys {
  apiKey(id: string): Promise<ApiKey | undefined>;
  onChange(listener: (change: SettingsChange) => void): void;
  issue(scopes: readonly Scope[], more?: Partial<ApiKey> & { mode?: "live" | "test" }): string;
  /** Changes the stored key and tells the listeners. */
  change(presented: string, change: Partial<ApiKey>): void;
  lookUps: number;
  /** While set, look-ups wait for it. */
  gate: Promise<void> | undefined;
}

export function fakeKeys(): FakeKeys {
  const rows = new Map<string, ApiKey>();
  const listeners: ((change: SettingsChange) => void)[] = [];
  let drawn = 7;
  const random = {
    integer(limit: number) {
      drawn = (drawn * 48_271) % 2_147_483_647;
      return drawn % limit;
    },
    bytes: (length: number) => new Uint8Array(length),
  };
  const keys: FakeKeys = {
    lookUps: 0,
    gate: undefined,
    async apiKey(id) {
      keys.lookUps += 1;
      const row = rows.get(id);
      await keys.gate;
      return row;
    },
    onChange: (listener) => listeners.push(listener),
    issue(scopes, more = {}) {
      const { mode = "live", ...fields } = more;
      const made = generateApiKey(mode, random);
      rows.set(made.id, {
        id: made.id,
        organization: "acme",
        name: made.id,
        digest: made.digest,
        lastFour: made.lastFour,
        scopes,
        createdAt: 0,
        ...fields,
      });
      for (const listener of listeners) {
        listener({ organization: "acme", collection: "apiKeys", id: made.id });
      }
      return made.key;
    },
    change(presented, change) {
      const row = [...rows.values()].find((candidate) => candidate.digest === apiKeyDigest(presented));
      if (row === undefined) throw new Error("No such key.");
      rows.set(row.id, { ...row, ...change });
      for (const listener of listeners) {
        listener({ organization: row.organization, collection: "apiKeys", id: row.id });
      }
    },
  };
  return keys;
}

export interface TestServer {
  readonly app: Awaited<ReturnType<typeof createApp>>;
  readonly keys: FakeKeys;
  readonly timers: ManualTimers;
  /** Lets the monotonic clock run ahead of the timers, as a busy event loop does. */
  lag(milliseconds: number): void;
  /** Moves the wall clock. */
  readonly clock: { now(): number; set(now: number): void };
  readonly log: string[];
  readonly metrics: AppParts["metrics"];
}

export async function startTestServer(
  routes: (parts: { timers: ManualTimers; metrics: AppParts["metrics"] }) => readonly RoutePlugin[],
  settings: Partial<HttpSettings> = {},
): Promise<TestServer> {
  const keys = fakeKeys();
  const timers = manualTimers();
  const log: string[] = [];
  const metrics = createMetrics();
  let now = 1_800_000_000_000;
  let ahead = 0;
  const clock = {
    now: () => now,
    set: (next: number) => {
      now = next;
    },
  };
  const app = await createApp({
    settings: { ...defaultHttpSettings, ...settings },
    store: { settings: keys },
    clock,
    monotonic: { now: () => timers.now() + ahead },
    timers,
    metrics,
    version: "1.2.3",
    routes: routes({ timers, metrics }),
    log: { write: (line) => log.push(line) },
  });
  const lag = (milliseconds: number) => {
    ahead += milliseconds;
  };
  return { app, keys, timers, clock, log, metrics, lag };
}

/** What a probe route saw. */
export interface Seen {
  readonly body: unknown;
  readonly organization: string;
}

/** A route like a real one, that only notes that it was called. */
export function probeRoutes(seen: Seen[]): RoutePlugin {
  const Body = Type.Object(
    {
      to: Type.Optional(Type.String({ maxLength: 320 })),
      code: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      binding: Type.Optional(
        Type.Object({ amount: Type.Optional(Type.String()) }, { additionalProperties: false }),
      ),
    },
    { additionalProperties: false },
  );
  return (app) => {
    app.post(
      "/v1/probes",
      {
        config: { access: requireScope("verifications:check"), importance: "check", idempotent: "in_step" },
        schema: {
          operationId: "probes.create",
          tags: ["verifications"],
          summary: "Probe",
          body: Body,
          response: { 200: Type.Object({ ok: Type.Boolean() }) },
        },
      },
      async (request) => {
        seen.push({ body: request.body, organization: principalOf(request).organization });
        return { ok: true };
      },
    );
    app.post(
      "/v1/probes/:id/poke",
      {
        config: { access: requireScope("verifications:check") },
        schema: {
          operationId: "probes.poke",
          params: Type.Object({ id: Type.String({ pattern: "^[a-z0-9]{1,20}$" }) }),
        },
      },
      async (request) => {
        seen.push({ body: request.body, organization: principalOf(request).organization });
        return { id: request.params.id };
      },
    );
    app.get(
      "/v1/probes",
      {
        config: { access: requireScope("verifications:read"), importance: "status" },
        schema: {
          querystring: Type.Object(
            {
              limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
              after: Type.Optional(Type.String()),
            },
            { additionalProperties: false },
          ),
        },
      },
      async (request) => {
        seen.push({ body: request.query, organization: principalOf(request).organization });
        return { query: request.query };
      },
    );
    app.get("/open", { config: { access: publicRoute("a probe") } }, async (request) => ({
      address: request.ip,
      host: request.host,
      protocol: request.protocol,
    }));
  };
}
