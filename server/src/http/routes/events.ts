import type { ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { CountersignError } from "../../engine/errors.ts";
import type { Timers } from "../../engine/tools.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { presentedKey } from "../auth.ts";
import { createEventHub, type EventFilter, type HubAudit } from "../events/hub.ts";
import { streamEvents } from "../events/stream.ts";
import type { Metrics } from "../metrics.ts";

export interface EventsParts {
  readonly store: { readonly audit: HubAudit };
  readonly timers: Timers;
  readonly metrics: Metrics;
  readonly limits: StreamLimits;
}

/** How many streams may be open: each holds a connection, and requests need some as well. */
export interface StreamLimits {
  readonly maxStreams: number;
  readonly maxStreamsPerKey: number;
}

const Filter = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }));

const EventsQuery = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          "Begin after this sequence number; 0 for everything there is. Not given: only what happens from now on. The header `Last-Event-ID` goes first.",
      }),
    ),
    type: Type.Optional(
      Type.String({
        pattern: "^[a-z_]+\\.[a-z_]+$",
        description: "Only events of this type.",
        examples: ["verification.approved"],
      }),
    ),
    verification: Type.Optional({ ...Filter, description: "Only events of this verification." }),
    publication: Type.Optional({ ...Filter, description: "Only events of this publication." }),
    conversation: Type.Optional({ ...Filter, description: "Only events of this conversation." }),
  },
  { additionalProperties: false },
);

const EventStream = {
  description: "A stream of server-sent events; a comment every 15 seconds keeps it open.",
  content: {
    "text/event-stream": {
      schema: Type.String({
        examples: [
          'id: 1042\nevent: verification.approved\ndata: {"seq":1042,"type":"verification.approved","at":"2026-01-31T12:00:00.000Z","organization":"acme","verification":"019ab3c4-…","details":{"via":"sms"}}\n\n',
        ],
      }),
    },
  },
};

/** `GET /v1/events`: what happens in the organization, as it happens. */
export function eventsRoutes(parts: EventsParts): RoutePlugin {
  return (app) => {
    const { timers, limits } = parts;
    const onError = () => app.log.error("events could not be read");
    const hub = createEventHub(parts.store.audit, { timers, onError });
    const open = new Set<ServerResponse>();
    const openPerKey = new Map<string, number>();
    parts.metrics.gauge("countersign_event_streams", "Open event streams", () => open.size);
    endWithServer(app, open);
    app.get(
      "/v1/events",
      {
        config: { access: requireScope("events:read"), stream: true, problems: ["rate_limited"] },
        schema: {
          operationId: "events.stream",
          tags: ["audit"],
          summary: "Live feed",
          description:
            "Everything that happens in the organization, as server-sent events. After a break, send the last `id` as `Last-Event-ID` and nothing is missed.",
          querystring: EventsQuery,
          response: { 200: EventStream },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        const after = lastSeen(request) ?? request.query.after;
        demandRoom(open.size, limits);
        const leave = enterStream(principal.apiKeyId, openPerKey, limits.maxStreamsPerKey);
        reply.hijack();
        open.add(reply.raw);
        try {
          writeHead(reply);
          await streamEvents(
            {
              organization: principal.organization,
              after,
              filter: filterFor(request.query, principal),
              mayContinue: async () => (await app.principals.find(presentedKey(request) ?? "")) !== undefined,
            },
            reply.raw,
            { hub, timers },
          );
        } catch {
          // The head is out, so there is no other answer than the end; the reader comes back with Last-Event-ID.
          request.log.error({ request: request.id }, "an event stream failed");
        } finally {
          open.delete(reply.raw);
          leave();
        }
      },
    );
  };
}

/** Open streams would keep a closing server waiting for ever. */
function endWithServer(app: App, open: ReadonlySet<ServerResponse>): void {
  app.addHook("preClose", async () => {
    for (const response of open) response.end();
  });
}

function writeHead(reply: FastifyReply): void {
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  reply.raw.writeHead(200, {
    ...Object.fromEntries(headers),
    "content-type": "text/event-stream",
    // nginx would otherwise collect the stream.
    "x-accel-buffering": "no",
  });
}

function demandRoom(open: number, { maxStreams }: StreamLimits): void {
  if (open < maxStreams) return;
  throw new CountersignError("rate_limited", `This server holds ${maxStreams} event streams open already.`, {
    retryAfterSeconds: 30,
  });
}

/** Counts a stream of the key in; the result counts it out. */
function enterStream(key: string, openPerKey: Map<string, number>, max: number): () => void {
  const count = openPerKey.get(key) ?? 0;
  if (count >= max) {
    throw new CountersignError("rate_limited", `A key may hold ${max} event streams open.`, {
      retryAfterSeconds: 30,
    });
  }
  openPerKey.set(key, count + 1);
  return () => {
    const left = (openPerKey.get(key) ?? 1) - 1;
    if (left === 0) openPerKey.delete(key);
    else openPerKey.set(key, left);
  };
}

function lastSeen(request: FastifyRequest): number | undefined {
  const given = request.headers["last-event-id"];
  if (given === undefined) return undefined;
  if (typeof given === "string" && /^\d{1,15}$/u.test(given)) return Number(given);
  throw new CountersignError("invalid_request", "The Last-Event-ID is not one of ours.", {
    fields: [{ field: "Last-Event-ID", problem: "must be the id of an event" }],
  });
}

/** A key of one app sees events of that app only; an event that names no app is not shown to it. */
function filterFor(query: Static<typeof EventsQuery>, { app }: Principal): EventFilter {
  const { type, verification, publication, conversation } = query;
  const wants: EventFilter["wants"] = (event) =>
    (type === undefined || event.type === type) &&
    (verification === undefined || event.verification === verification) &&
    (publication === undefined || event.details?.["publication"] === publication) &&
    (conversation === undefined || event.details?.["conversation"] === conversation) &&
    (app === undefined || event.details?.["app"] === app);
  return { key: JSON.stringify([type, verification, publication, conversation, app]), wants };
}
