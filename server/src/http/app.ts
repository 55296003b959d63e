import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
  type RawServerDefault,
} from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { Store } from "../engine/store.ts";
import type { Clock, Timers } from "../engine/tools.ts";
import { parseJsonBody } from "../json/parse.ts";
import { createAdmission } from "./admission.ts";
import { createMethodTable } from "./allow.ts";
import { answerClientError } from "./client-error.ts";
import { handleError, handleNotFound } from "./error-handler.ts";
import { watchEventLoopDelay } from "./event-loop-delay.ts";
import { createGate, type Gate } from "./gate.ts";
import { staticHeaders } from "./headers.ts";
import type { KeptAnswersParts } from "./kept-answers.ts";
import { createLogger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { registerOpenapi } from "./openapi.ts";
import { createParties } from "./parties.ts";
import { createPlaces } from "./places.ts";
import { createPrincipals, type Principals } from "./principals.ts";
import { parseQuery } from "./query.ts";
import { createBuckets } from "./rates.ts";
import { createRequestRates } from "./request-rates.ts";
import { completeRoute } from "./routing.ts";
import type { HttpSettings } from "./settings.ts";
import { endStalled } from "./stalled.ts";
import { compileValidator } from "./validation.ts";

/** The server as routes see it: schemas give the types. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A group of routes; main passes it with its tools already bound. */
export type RoutePlugin = (app: App, options: Record<never, never>) => void | Promise<void>;

export interface AppParts {
  readonly settings: HttpSettings;
  readonly store: { readonly settings: Pick<Store["settings"], "apiKey" | "onChange"> };
  /** Absent: operations that keep their answers cannot be registered. */
  readonly keeping?: KeptAnswersParts | undefined;
  readonly clock: Clock;
  /** Milliseconds that never go back, for measuring. */
  readonly monotonic: Clock;
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly version: string;
  readonly routes: readonly RoutePlugin[];
  /** Where log lines go; default: standard output. */
  readonly log?: { write(line: string): void } | undefined;
}

declare module "fastify" {
  interface FastifyInstance {
    readonly principals: Principals;
  }
}

/** Builds the server: one list of what every request passes, then the routes. Nothing listens yet. */
export async function createApp(parts: AppParts): Promise<App> {
  const { settings, metrics } = parts;
  const methods = createMethodTable();
  const principals = createPrincipals({
    settings: parts.store.settings,
    clock: parts.clock,
    mode: settings.keyMode,
  });
  const headers = staticHeaders(settings);
  const { gate, stop } = openGate(parts, principals);

  const app = createServer(parts);
  app.decorate("principals", principals);
  app.decorateRequest("principal", undefined);
  app.decorateRequest("admittedFor", undefined);
  app.decorateRequest("awaitsBody", false);
  app.setValidatorCompiler(compileValidator);
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) => {
    reply.headers(headers).header("x-request-id", request.id);
    handleNotFound(request, reply, methods.at);
  });
  acceptJsonOnly(app);
  app.addHook("onRoute", (route) => {
    methods.add(route.url, route.method);
    completeRoute(route, { gate, metrics, principals, headers, keeping: parts.keeping });
  });
  app.addHook("onClose", async () => stop());
  await registerOpenapi(app, parts.version);
  for (const routes of parts.routes) await app.register(asPlugin(routes));
  return app;
}

/** How often what is known of callers that have gone quiet is forgotten. */
const forgetEveryMs = 60_000;
/** API keys whose rate is remembered at most. */
const mostKeys = 10_000;

/** What stands before all routes, and what is measured of it. */
function openGate(
  parts: AppParts,
  principals: Principals,
): { readonly gate: Gate; readonly stop: () => void } {
  const { metrics, monotonic, timers } = parts;
  const { limits } = parts.settings;
  const delay = watchEventLoopDelay(parts, (sinceMs) => admission.adapt(sinceMs));
  const admission = createAdmission(limits, { eventLoopDelayMs: delay.delayMs, monotonic, timers });
  const holders = createParties("prompt");
  const claimants = createParties("may_wait");
  const keys = createBuckets(mostKeys);
  const stopForgetting = timers.every(forgetEveryMs, () => {
    const now = monotonic.now();
    holders.forget(now);
    claimants.forget(now);
    keys.forget(now);
  });
  metrics.gauge("countersign_requests_in_flight", "Requests in flight", () => admission.inFlight);
  metrics.gauge(
    "countersign_requests_in_flight_limit",
    "Requests in flight at most, now",
    () => admission.limit,
  );
  metrics.gauge("countersign_requests_waiting", "Requests that wait for a place", () => admission.waiting);
  metrics.gauge("countersign_event_loop_delay_ms", "How late the event loop is", delay.delayMs);
  const { requestBurstSeconds: burstSeconds } = limits;
  const rates = createRequestRates({
    key: { perSecond: limits.keyRequestsPerSecond, burstSeconds },
    party: { perSecond: limits.organizationRequestsPerSecond, burstSeconds },
    keys,
    metrics,
    monotonic,
  });
  return {
    gate: createGate({
      holders,
      claimants,
      places: createPlaces({ admission, metrics, timers }),
      rates,
      principals,
    }),
    stop() {
      stopForgetting();
      delay.stop();
    },
  };
}

/** A plugin of its own scope, so that the parsers and hooks of one group never reach another. */
function asPlugin(routes: RoutePlugin): FastifyPluginAsync {
  return async (scope) => routes(scope.withTypeProvider<TypeBoxTypeProvider>(), {});
}

function createServer(parts: AppParts): App {
  const { limits, trustedProxies } = parts.settings;
  const ids = requestIds();
  const app = Fastify({
    loggerInstance: createLogger(parts.settings.logLevel, parts.log),
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all requests: making a child costs more than parsing a body. Lines that need the id name it.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    genReqId: ids,
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
      connectionsCheckingInterval: 1_000,
      insecureHTTPParser: false,
    },
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Finishes what has begun and drops idle connections.
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256, querystringParser: parseQuery },
    frameworkErrors: (error, request, reply) => handleError(error, request, reply),
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.maxConnections = limits.maxConnections;
  endStalled(app.server, limits.stallTimeoutMs);
  return app;
}

/** Short, unique across restarts and nodes, and without a system call per request. */
function requestIds(): () => string {
  const process = randomBytes(6).toString("base64url");
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}

const plainJson = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/iu;

/** Routes that take forms or XML add their own parser inside their plugin. */
function acceptJsonOnly(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    "application/json",
    { parseAs: "buffer" },
    (request, bytes, done: (error: Error | null, body?: unknown) => void) => {
      const type = request.headers["content-type"];
      if (type !== "application/json" && !plainJson.test(type ?? "")) {
        done(new CountersignError("unsupported_media_type", "The body must be application/json in UTF-8."));
        return;
      }
      if (request.headers["content-encoding"] !== undefined) {
        done(new CountersignError("unsupported_media_type", "The body must not be encoded."));
        return;
      }
      try {
        const none = bytes.length === 0 && request.routeOptions.schema?.body === undefined;
        done(null, none ? undefined : parseJsonBody(bytes));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}
