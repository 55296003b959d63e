import { type Static, Type } from "typebox";
import type { AuditEvent } from "../../engine/audit/event.ts";
import type { EngineServices } from "../../engine/services.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { closed, Time } from "../schemas.ts";
import { isoTime } from "../views/verification.ts";

const AuditQuery = closed({
  before: Type.Optional(
    Type.Integer({ minimum: 1, description: "Only events older than this sequence number (`next`)." }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "50 if not given." })),
});

const AuditEventView = Type.Object({
  seq: Type.Integer({
    description: "Place in the record of this server; gaps belong to other organizations.",
  }),
  at: Time,
  type: Type.String(),
  verification: Type.Optional(Type.String()),
  user: Type.Optional(Type.String()),
  actor: Type.Optional(Type.String()),
  details: Type.Optional(Type.Object({}, { additionalProperties: true })),
});

const AuditView = Type.Object({
  events: Type.Array(AuditEventView),
  next: Type.Union([Type.Integer(), Type.Null()], {
    description: "Give it as `before` to read on; null at the beginning of the record.",
  }),
});

/** `GET /v1/audit` */
export function auditRoutes({ store }: EngineServices): RoutePlugin {
  return (app) => {
    app.get(
      "/v1/audit",
      {
        config: { access: requireScope("audit:read") },
        schema: {
          operationId: "audit.list",
          summary: "Read the audit record",
          description:
            "Newest first. A key of one app sees the events of that app, so a page may hold fewer.",
          tags: ["audit"],
          querystring: AuditQuery,
          response: { 200: AuditView },
        },
      },
      async (request) => {
        const principal = principalOf(request);
        const { before = Number.MAX_SAFE_INTEGER, limit = 50 } = request.query;
        const read = await store.audit.before(principal.organization, before, limit + 1);
        const page = read.slice(0, limit);
        return {
          events: page.filter((event) => mayRead(event, principal)).map(viewEvent),
          next: read.length > limit ? (page.at(-1)?.seq ?? null) : null,
        };
      },
    );
  };
}

/** As in the live feed: an event that names no app is not shown to the key of one. */
function mayRead(event: AuditEvent, { app }: Principal): boolean {
  return app === undefined || event.details?.["app"] === app;
}

function viewEvent(event: AuditEvent): Static<typeof AuditEventView> {
  const { seq, at, type, verification, user, actor, details } = event;
  return {
    seq,
    at: isoTime(at),
    type,
    ...(verification !== undefined && { verification }),
    ...(user !== undefined && { user }),
    ...(actor !== undefined && { actor }),
    ...(details !== undefined && { details }),
  };
}
