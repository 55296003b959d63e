import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import { systemRandom } from "../server/src/engine/code/random.ts";
import { createSettings } from "../server/src/engine/policy/source.ts";
import { createApp } from "../server/src/http/app.ts";
import { createMetrics } from "../server/src/http/metrics.ts";
import { verificationRoutes } from "../server/src/http/routes/verifications.ts";
import { defaultHttpSettings } from "../server/src/http/settings.ts";
import type { Countersign } from "../server/src/server.ts";
import { monotonicClock, systemClock, systemTimers } from "../server/src/system.ts";
import { contentOf, filledOf, fixedCode, openFolder } from "./fill.ts";
import { createMemoryStore, type MemoryContent } from "./memory-store.ts";
import type { Talks } from "./talks.ts";

/** One server under test in a process of its own: `echo` (the bare framework), `stub` (no disk), `sqlite`, `delivered`. */
export type TargetKind = "echo" | "stub" | "sqlite" | "delivered";

export interface TargetReady {
  readonly port: number;
  readonly key: string;
  readonly users: readonly string[];
  /** Absent at the floor, which only echoes. */
  readonly talks?: Talks;
  readonly code: string;
  /** From opening an existing data folder to listening, inside the process. */
  readonly openMs: number;
}

if (process.send !== undefined) {
  // Ends with the bench, however that ended.
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", () => process.exit(0));
  const [kind, folder] = process.argv.slice(2);
  await main(kind as TargetKind, folder ?? "");
}

async function main(kind: TargetKind, folder: string): Promise<void> {
  const ready = kind === "echo" ? await echo() : await countersign(kind, folder);
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

async function countersign(kind: Exclude<TargetKind, "echo">, folder: string): Promise<TargetReady> {
  const begun = performance.now();
  const server = await openFolder(folder);
  const { key, users, talks } = filledOf(folder);
  const port = kind === "stub" ? await listenStubbed(server, contentOf(folder)) : await listen(server);
  return { port, key, users, talks, code: fixedCode, openMs: performance.now() - begun };
}

async function listen(server: Countersign): Promise<number> {
  return Number(new URL(await server.listen()).port);
}

async function listenStubbed(server: Countersign, content: MemoryContent): Promise<number> {
  const store = createMemoryStore(content, {
    clock: systemClock,
    random: systemRandom,
    vault: server.keyring,
  });
  const settings = createSettings(store.settings, { issuer: "http://bench", production: false });
  const metrics = createMetrics();
  const services = { ...server.services, store, settings, dispatch: () => undefined };
  // One key asks for everything, as fast as it is answered.
  const rates = { keyRequestsPerSecond: 1_000_000, organizationRequestsPerSecond: 1_000_000 };
  const limits = { ...defaultHttpSettings.limits, ...rates };
  const app = await createApp({
    settings: { ...defaultHttpSettings, logLevel: "silent", limits },
    store,
    clock: systemClock,
    monotonic: monotonicClock,
    timers: systemTimers,
    metrics,
    version: "bench",
    routes: [verificationRoutes(services, metrics)],
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return (app.server.address() as AddressInfo).port;
}
