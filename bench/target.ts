import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { loadConfig } from "../server/src/config/load.ts";
import { destinationKey } from "../server/src/engine/authenticators/destination.ts";
import { generateApiKey } from "../server/src/engine/code/api-key.ts";
import { systemRandom, timeOrderedId } from "../server/src/engine/code/random.ts";
import type { Authenticator, Organization, User } from "../server/src/engine/model.ts";
import { serverCeiling } from "../server/src/engine/policy/defaults.ts";
import { createSettings } from "../server/src/engine/policy/source.ts";
import type { ApiKey } from "../server/src/engine/settings.ts";
import { createApp } from "../server/src/http/app.ts";
import { createMetrics } from "../server/src/http/metrics.ts";
import { verificationRoutes } from "../server/src/http/routes/verifications.ts";
import { defaultHttpSettings } from "../server/src/http/settings.ts";
import { systemTimers } from "../server/src/http/timers.ts";
import { type Countersign, openCountersign } from "../server/src/server.ts";
import { createMemoryStore } from "./memory-store.ts";
import { preload } from "./preload.ts";

/** One server under test in a process of its own: `echo` (the bare framework), `stub` (no disk), `sqlite`, `delivered`. */
export type TargetKind = "echo" | "stub" | "sqlite" | "delivered";

export interface TargetReady {
  readonly port: number;
  readonly key: string;
  readonly users: readonly string[];
  readonly code: string;
  /** From opening an existing data folder to listening, inside the process. */
  readonly openMs: number;
}

/** Every user's authenticator app has this seed, so that the load generator needs one code per time step. */
export const seed = Buffer.from("12345678901234567890");

const fixedCode = "123456";
const now = Date.now();
const clock = { now: () => Date.now() };

if (process.send !== undefined) {
  // Ends with the bench, however that ended.
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  const [kind, users, past] = process.argv.slice(2);
  await main(kind as TargetKind, Number(users), Number(past));
}

async function main(kind: TargetKind, users: number, past: number): Promise<void> {
  const ready = kind === "echo" ? await echo() : await countersign(kind, users, past);
  process.on("message", () => process.send?.(usage()));
  process.send?.(ready);
}

/** What the process has used so far: memory now, processor time of all its threads since the start. */
export interface Usage {
  readonly rssBytes: number;
  readonly cpuMicroseconds: number;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { rssBytes: process.memoryUsage.rss(), cpuMicroseconds: user + system };
}

/** The floor: the same framework with a body schema and an answer schema of the same size, and nothing behind it. */
async function echo(): Promise<TargetReady> {
  const app = Fastify();
  const text = { type: "string" } as const;
  app.post(
    "/v1/verifications",
    {
      schema: {
        body: {
          type: "object",
          properties: { user: text, via: text },
          required: ["user", "via"],
          additionalProperties: false,
        },
        response: {
          201: { type: "object", properties: { user: text, via: text, filler: text } },
        },
      },
    },
    async (request, reply) => reply.code(201).send({ ...(request.body as object), filler: "x".repeat(400) }),
  );
  await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    port: (app.server.address() as AddressInfo).port,
    key: "none",
    users: [],
    code: fixedCode,
    openMs: 0,
  };
}

async function countersign(
  kind: Exclude<TargetKind, "echo">,
  count: number,
  past: number,
): Promise<TargetReady> {
  const data = mkdtempSync(join(process.env["BENCH_DIR"] ?? tmpdir(), "countersign-bench-"));
  process.on("exit", () => rmSync(data, { recursive: true, force: true }));
  const config = loadConfig({ data, port: "0", demo: false }, { COUNTERSIGN_LOG_LEVEL: "silent" });
  const open = () => {
    const onFatal = (error: Error) => {
      throw error;
    };
    return openCountersign(config, { environment: {}, version: "bench", onFatal });
  };
  let server = await open();
  const content = await fill(server, kind, count);
  if (past > 0) {
    await server.close();
    preload(config.databasePath, content.organization.id, past);
  }
  const begun = performance.now();
  if (past > 0) server = await open();
  const port = kind === "stub" ? await listenStubbed(server, content) : await listen(server);
  const users = content.users.map((user) => user.id);
  return { port, key: content.key, users, code: fixedCode, openMs: performance.now() - begun };
}

async function listen(server: Countersign): Promise<number> {
  return Number(new URL(await server.listen()).port);
}

type Content = Awaited<ReturnType<typeof fill>>;

async function listenStubbed(server: Countersign, content: Content): Promise<number> {
  const store = createMemoryStore(content, { clock, random: systemRandom, vault: server.keyring });
  const settings = createSettings(store.settings, { issuer: "http://bench", production: false });
  const metrics = createMetrics();
  const services = { ...server.services, store, settings, dispatch: () => undefined };
  const app = await createApp({
    settings: { ...defaultHttpSettings, logLevel: "silent" },
    store,
    clock,
    monotonic: { now: () => performance.now() },
    timers: systemTimers,
    metrics,
    version: "bench",
    routes: [verificationRoutes(services, metrics)],
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}

/** Users with a phone each; test numbers with one fixed code, or (kind `delivered`) the simulated phone. */
async function fill({ store, keyring }: Countersign, kind: TargetKind, count: number) {
  const organization: Organization = {
    id: timeOrderedId(now, systemRandom),
    name: "bench",
    displayName: "Bench",
    locale: "en",
    policy: {
      sendsPerDestination: serverCeiling.sendsPerDestination,
      sendsPerUser: serverCeiling.sendsPerUser,
    },
    createdAt: now,
  };
  const { id } = organization;
  const dated = { organization: id, createdAt: now, updatedAt: now };
  const audit = { type: "settings.created", organization: id } as const;
  await store.settings.organizations.insert(organization, { type: "organization.created", organization: id });
  const made = generateApiKey("test", systemRandom);
  const { key, digest, lastFour } = made;
  const apiKey: ApiKey = { ...dated, id: made.id, name: "bench", digest, lastFour, scopes: ["admin"] };
  await store.settings.apiKeys.insert(apiKey, { type: "api_key.created", organization: id });
  if (kind === "delivered") {
    const inbox = {
      name: "inbox",
      kind: "inbox",
      vias: ["sms"] as const,
      position: 0,
      enabled: true,
      settings: {},
    };
    await store.settings.providers.insert(
      { ...dated, ...inbox, id: timeOrderedId(now, systemRandom) },
      audit,
    );
  }
  const users: User[] = [];
  const authenticators: Authenticator[] = [];
  const apps: Authenticator[] = [];
  for (let index = 0; index < count; index += 1) {
    const user: User = { ...dated, id: timeOrderedId(now, systemRandom), role: "member", policy: {} };
    users.push(user);
    authenticators.push(phoneOf(user, `+1202555${String(index).padStart(6, "0")}`, keyring));
    apps.push(appOf(user, keyring));
  }
  const testNumber = timeOrderedId(now, systemRandom);
  const place = { organization: id, table: "test_numbers", column: "code", row: testNumber };
  const testCode = { id: testNumber, code: keyring.seal(place, fixedCode) };
  for (let from = 0; from < count; from += 1000) {
    const part = authenticators.slice(from, from + 1000);
    await Promise.all(
      part.map(async (authenticator, index) => {
        await store.users.insert(users[from + index] as User, [authenticator], {
          type: "user.created",
          organization: id,
        });
        if (kind === "delivered") return;
        const row = timeOrderedId(now, systemRandom);
        const sealed = keyring.seal({ ...place, row }, fixedCode);
        const key = authenticator.destinationKey as string;
        const number = {
          id: row,
          organization: id,
          via: "sms",
          hint: "test",
          destinationKey: key,
          code: sealed,
        } as const;
        await store.settings.testNumbers.insert(
          { ...number, expiresAt: now + 86_400_000, createdAt: now },
          audit,
        );
      }),
    );
  }
  return { organization, apiKey, key, users, authenticators: [...authenticators, ...apps], testCode };
}

function phoneOf(user: User, number: string, keyring: Countersign["keyring"]): Authenticator {
  const { organization } = user;
  const id = timeOrderedId(now, systemRandom);
  return {
    id,
    organization,
    user: user.id,
    kind: "sms",
    status: "active",
    hint: "+1 *** **00",
    destination: keyring.seal(
      { organization, table: "authenticators", column: "destination", row: id },
      number,
    ),
    destinationKey: destinationKey(organization, "sms", number, keyring),
    createdAt: now,
    confirmedAt: now,
  };
}

function appOf(user: User, keyring: Countersign["keyring"]): Authenticator {
  const { organization } = user;
  const id = timeOrderedId(now, systemRandom);
  return {
    id,
    organization,
    user: user.id,
    kind: "totp",
    status: "active",
    hint: "Authenticator app",
    seed: keyring.seal({ organization, table: "authenticators", column: "seed", row: id }, seed),
    totp: { algorithm: "SHA1", digits: 6, periodSeconds: 30 },
    createdAt: now,
    confirmedAt: now,
  };
}
