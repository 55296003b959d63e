import { type Static, Type } from "typebox";
import type { AuditEvent } from "../../engine/audit/event.ts";
import type { Named } from "../../engine/audit/store.ts";
import { viewEvent } from "../../engine/audit/view.ts";
import { timeOfId } from "../../engine/code/random.ts";
import type { OrganizationId, VerificationState } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Store } from "../../engine/store.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { EventSchema } from "../views/event.ts";
import { IdParameter } from "../views/verification.ts";

const AuditQuery = closed({
  before: Type.Optional(
    Type.Integer({ minimum: 1, description: "Only events older than this sequence number (`next`)." }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "50 if not given." })),
  verification: Type.Optional({
    ...IdParameter,
    description:
      "Only events of this verification. It is looked for where they can be, so a page may hold few or none before the last one.",
  }),
  user: Type.Optional({
    ...IdParameter,
    description:
      "Only events of this user. A page looks through at most 100,000 numbers of the record, so it may hold few or none before the last one.",
  }),
});

const AuditView = Type.Object({
  events: Type.Array(EventSchema),
  next: Type.Union([Type.Integer(), Type.Null()], {
    description: "Give it as `before` to read on; null at the beginning of the record.",
  }),
});

interface AuditPage {
  readonly events: readonly AuditEvent[];
  readonly next: number | null;
}

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
        const { user } = request.query;
        const page = await pageFor(request.query, principal, store);
        const isMeant = (event: AuditEvent) => user === undefined || event.user === user;
        return {
          events: page.events.filter((event) => isMeant(event) && mayRead(event, principal)).map(viewEvent),
          next: page.next,
        };
      },
    );
  };
}

type Query = Static<typeof AuditQuery>;

function pageFor(query: Query, principal: Principal, store: Store): Promise<AuditPage> {
  const { verification, user } = query;
  if (verification !== undefined) return pageOfVerification(verification, query, principal, store);
  return user === undefined ? pageOf(query, principal, store) : pageOfUser(user, query, principal, store);
}

async function pageOf(
  { before = Number.MAX_SAFE_INTEGER, limit = 50 }: Query,
  { organization }: Principal,
  { audit }: Pick<Store, "audit">,
): Promise<AuditPage> {
  const read = await audit.before(organization, before, limit + 1);
  const events = read.slice(0, limit);
  return { events, next: read.length > limit ? (events.at(-1)?.seq ?? null) : null };
}

/** Events looked at in one read, and reads for one page: what others wait for meanwhile stays short. */
const rowsPerRead = 5_000;
const readsPerPage = 20;

/** Its id tells when it began, and its row when it ended; what is told of it lies between, or soon after. */
async function pageOfVerification(
  id: string,
  query: Query,
  { organization }: Principal,
  { audit, verifications }: Pick<Store, "audit" | "verifications">,
): Promise<AuditPage> {
  const begunAt = timeOfId(id);
  if (Number.isNaN(begunAt)) return { events: [], next: null };
  const verification = await verifications.find(organization, id);
  const quietAt = verification === undefined ? begunAt + forgottenLifeMs : quietAfter(verification);
  const first = await audit.firstAt(begunAt - clockSlackMs);
  const last = (await audit.firstAt(quietAt)) - 1;
  return search({ organization, named: { member: "verification", id }, first, last }, query, audit);
}

/** From the time inside its id to the end of the record. */
async function pageOfUser(
  id: string,
  query: Query,
  { organization }: Principal,
  { audit }: Pick<Store, "audit">,
): Promise<AuditPage> {
  const begunAt = timeOfId(id);
  if (Number.isNaN(begunAt)) return { events: [], next: null };
  const first = await audit.firstAt(begunAt - clockSlackMs);
  return search(
    { organization, named: { member: "user", id }, first, last: await audit.head() },
    query,
    audit,
  );
}

interface Search {
  readonly organization: OrganizationId;
  readonly named: Named;
  readonly first: number;
  readonly last: number;
}

/** Backwards from the end, in reads of bounded size. */
async function search(
  { organization, named, first, last }: Search,
  { before, limit = 50 }: Query,
  audit: Store["audit"],
): Promise<AuditPage> {
  const found: AuditEvent[] = [];
  let until = Math.min(last, (before ?? Number.MAX_SAFE_INTEGER) - 1);
  for (let reads = 0; reads < readsPerPage && until >= first && found.length < limit; reads += 1) {
    const from = Math.max(first, until - rowsPerRead + 1);
    found.push(...(await audit.naming(organization, named, { from, until })));
    until = from - 1;
  }
  const events = found.slice(0, limit);
  // Where a page is cut, the next one begins behind its last event, else behind the last number that was looked at.
  const next = found.length > limit ? (events.at(-1)?.seq ?? first) : until + 1;
  return { events, next: next > first ? next : null };
}

/** The time inside an id was taken a moment before, or by another node. */
const clockSlackMs = 60_000;
/** The record outlives the row of a verification; without that, this much of its life is looked through. */
const forgottenLifeMs = 24 * 3_600_000;
/** Receipts are taken, and providers report, afterwards; a receipt lives an hour at most. */
const afterwardsMs = 2 * 3_600_000;

function quietAfter({ status, expiresAt, closedAt, deliveries }: VerificationState): number {
  if (status === "pending") return Number.MAX_SAFE_INTEGER;
  return Math.max(closedAt ?? expiresAt, ...deliveries.map(({ at }) => at)) + afterwardsMs;
}

/** As in the live feed: an event that names no app is not shown to the key of one. */
function mayRead(event: AuditEvent, { app }: Principal): boolean {
  return app === undefined || event.details?.["app"] === app;
}
