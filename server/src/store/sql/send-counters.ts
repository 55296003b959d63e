import type { OrganizationId } from "../../engine/model.ts";
import { callingCodeKey, organizationKey, type SendCounter } from "../../engine/policy/sending-counters.ts";
import type { PastPage, PastRange, PastVerification, SendingStore } from "../../engine/sending.ts";
import { counterFromRow } from "./counter-rows.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";
import { afterPrefix } from "./rows.ts";
import type { VerificationTable } from "./schema.ts";

export interface SendCounterTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** Reading what the send rules counted; it is written in the step of the message that it counts. */
export function createSendingStore({ executor, queries }: SendCounterTools): SendingStore {
  const ofOrganization = (organization: OrganizationId) =>
    queries.selectFrom("send_counters").selectAll().where("organization", "=", organization);
  const read = async (query: ReturnType<typeof ofOrganization>): Promise<readonly SendCounter[]> =>
    (await executor.read(statementOf(query))).map(counterFromRow);
  return {
    find: (organization, keys) => read(ofOrganization(organization).where("key", "in", [...keys])),
    totals: async (organization) => {
      const codes = callingCodeKey(organization);
      const [all, own] = await Promise.all([
        read(ofOrganization(organization).where("key", ">=", codes).where("key", "<", afterPrefix(codes))),
        read(ofOrganization(organization).where("key", "=", organizationKey(organization))),
      ]);
      return [...own, ...all];
    },
    past: (organization, range, limit) => readPast(organization, range, limit, { executor, queries }),
  };
}

/** In two steps, so that the rows of others cost their place in the order and no more. */
async function readPast(
  organization: OrganizationId,
  { after, before }: PastRange,
  limit: number,
  { executor, queries }: SendCounterTools,
): Promise<PastPage> {
  const ids = queries
    .selectFrom("verifications")
    .select("id")
    .where("id", ">", after)
    .where("id", "<", before)
    .orderBy("id")
    .limit(limit)
    .as("next");
  const looked = queries
    .selectFrom(ids)
    .select(({ fn }) => [fn.max("next.id").as("last"), fn.countAll().as("looked")]);
  const [seen] = await executor.read(statementOf(looked));
  const last = seen?.["last"];
  if (typeof last !== "string") return { verifications: [], looked: 0 };
  const own = queries
    .selectFrom("verifications")
    .select(["id", "app", "publication", "authenticator", "number", "destination_key", "source"])
    .select(["status", "closed_at", "deliveries"])
    .where("id", ">", after)
    .where("id", "<=", last)
    .where("organization", "=", organization)
    // Of test numbers and of what is not delivered.
    .where("deliveries", "<>", "[]")
    .orderBy("id");
  const rows = await executor.read(statementOf(own));
  return { verifications: rows.map(pastFromRow), looked: Number(seen?.["looked"]), last };
}

type PastColumns = Pick<
  VerificationTable,
  | "id"
  | "app"
  | "publication"
  | "authenticator"
  | "number"
  | "destination_key"
  | "source"
  | "status"
  | "closed_at"
  | "deliveries"
>;

function pastFromRow(row: SqlRow): PastVerification {
  const columns = row as unknown as PastColumns;
  const { id, number, status, closed_at: closedAt } = columns;
  return {
    id,
    app: columns.app ?? undefined,
    publication: columns.publication ?? undefined,
    authenticator: columns.authenticator ?? undefined,
    number: number === null ? undefined : JSON.parse(number),
    destinationKey: columns.destination_key ?? undefined,
    source: columns.source ?? undefined,
    approvedAt: status === "approved" && closedAt !== null ? closedAt : undefined,
    deliveries: JSON.parse(columns.deliveries),
  };
}
