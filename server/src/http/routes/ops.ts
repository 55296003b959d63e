import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { CountersignError } from "../../engine/errors.ts";
import type { Store } from "../../engine/store.ts";
import type { Timers } from "../../engine/tools.ts";
import { publicRoute } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { presentedKey } from "../auth.ts";
import type { Metrics } from "../metrics.ts";
import type { MetricsAccess } from "../settings.ts";

export interface OpsParts {
  readonly store: Pick<Store, "ready">;
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
  readonly timers: Timers;
  /** The public keys that receipts are signed with, RFC 7517. */
  readonly jwks: () => object;
}

/** A store that does not answer a read in this time is not ready. */
const readyWithinMs = 2_000;

const State = Type.Object({ status: Type.String() }, { description: "Fine." });

/** Health, readiness, metrics and the public keys. */
export function opsRoutes(parts: OpsParts): RoutePlugin {
  return (app) => {
    addHealth(app, parts);
    addKeys(app, parts);
    const { token, loopback } = parts.access;
    if (token !== undefined || loopback) addMetrics(app, parts);
  };
}

function addHealth(app: App, parts: OpsParts): void {
  app.route({
    method: ["GET", "HEAD"],
    url: "/healthz",
    config: { access: publicRoute("says only that the process runs"), stream: true },
    schema: {
      operationId: "ops.health",
      tags: ["ops"],
      summary: "The process runs",
      response: { 200: State },
    },
    handler: async () => ({ status: "ok" }),
  });
  app.get(
    "/readyz",
    {
      config: {
        access: publicRoute("says only whether requests should be sent here"),
        stream: true,
        problems: ["storage_unavailable"],
      },
      schema: {
        operationId: "ops.ready",
        tags: ["ops"],
        summary: "The store answers and keeps what it is given",
        response: { 200: State },
      },
    },
    async () => {
      await withinTime(parts.store.ready(), parts.timers);
      return { status: "ready" };
    },
  );
}

/** Any failure to answer, and no answer in time, both mean: send requests elsewhere. */
async function withinTime(read: Promise<unknown>, timers: Timers): Promise<void> {
  const unavailable = () => new CountersignError("storage_unavailable", "The store does not answer.");
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = timers.after(readyWithinMs, () => reject(unavailable()));
  try {
    await Promise.race([read, promise]);
  } catch {
    throw unavailable();
  } finally {
    stop();
  }
}

function addKeys(app: App, parts: OpsParts): void {
  app.get(
    "/.well-known/jwks.json",
    {
      config: { access: publicRoute("public keys, for checking receipts offline"), importance: "status" },
      schema: {
        operationId: "ops.jwks",
        tags: ["ops"],
        summary: "Public keys of receipts",
        description: "RFC 7517 key set. Fetch it again when a receipt names a `kid` that you do not have.",
        response: {
          200: Type.Object(
            { keys: Type.Array(Type.Object({}, { additionalProperties: true })) },
            { description: "The keys in use and those whose receipts may still live." },
          ),
        },
      },
    },
    (_request, reply) => {
      reply
        .header("cache-control", "public, max-age=300")
        .header("content-type", "application/jwk-set+json")
        .serializer((payload) => JSON.stringify(payload))
        .send(parts.jwks() as { keys: Record<string, unknown>[] });
    },
  );
}

function addMetrics(app: App, parts: OpsParts): void {
  app.get(
    "/metrics",
    { config: { access: publicRoute("guarded by its own token or by loopback"), stream: true } },
    async (request, reply) => {
      // Who may not read it cannot tell it from a server without it.
      if (!mayReadMetrics(request, parts.access))
        throw new CountersignError("not_found", "There is no such thing here.");
      return reply.header("content-type", parts.metrics.contentType).send(await parts.metrics.render());
    },
  );
}

const loopbackAddresses = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const proxyHeaders = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "via",
];

function mayReadMetrics(request: FastifyRequest, access: MetricsAccess): boolean {
  if (access.token !== undefined && sameText(presentedKey(request) ?? "", access.token)) return true;
  // A proxy on this machine also comes from loopback, so whatever it forwards does not count.
  const forwarded = proxyHeaders.some((name) => request.headers[name] !== undefined);
  return access.loopback && !forwarded && loopbackAddresses.has(request.socket.remoteAddress ?? "");
}

function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
