import { type AuditRow, eventOfRow } from "../../engine/audit/chain.ts";
import type { AuditEvent } from "../../engine/audit/event.ts";
import type { AuditStore } from "../../engine/store.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";

/** Reading the record back; `append` and `onAppend` belong to the writer of the chain. */
export function createAuditReader(tools: {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}): Pick<AuditStore, "after" | "before" | "head"> {
  const { executor, queries } = tools;
  const ofOrganization = (organization: string) =>
    queries.selectFrom("audit").selectAll().where("organization", "=", organization);
  return {
    after: async (organization, seq, limit) => {
      const query = ofOrganization(organization).where("seq", ">", seq).orderBy("seq").limit(limit);
      return (await executor.read(statementOf(query))).map(eventFromRow);
    },
    before: async (organization, seq, limit) => {
      const query = ofOrganization(organization).where("seq", "<", seq).orderBy("seq", "desc").limit(limit);
      return (await executor.read(statementOf(query))).map(eventFromRow);
    },
    head: async () => {
      const query = queries.selectFrom("audit").select("seq").orderBy("seq", "desc").limit(1);
      const [row] = await executor.read(statementOf(query));
      return row === undefined ? 0 : Number(row["seq"]);
    },
  };
}

function eventFromRow(row: SqlRow): AuditEvent {
  return eventOfRow(row as unknown as AuditRow);
}
