import { type AuditRow, eventOfRow } from "../../engine/audit/chain.ts";
import type { AuditEvent } from "../../engine/audit/event.ts";
import type { AuditStore } from "../../engine/audit/store.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { type Queries, statementOf } from "./queries.ts";

/** Reading the record back; `append` and `onAppend` belong to the writer of the chain. */
export function createAuditReader(tools: {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}): Pick<AuditStore, "after" | "before" | "head" | "firstAt" | "naming"> {
  const { executor, queries } = tools;
  const ofOrganization = (organization: string) =>
    queries.selectFrom("audit").selectAll().where("organization", "=", organization);
  const head = async () => {
    const query = queries.selectFrom("audit").select("seq").orderBy("seq", "desc").limit(1);
    const [row] = await executor.read(statementOf(query));
    return row === undefined ? 0 : Number(row["seq"]);
  };
  const timeOf = async (seq: number) => {
    const query = queries.selectFrom("audit").select("at").where("seq", ">=", seq).orderBy("seq").limit(1);
    const [row] = await executor.read(statementOf(query));
    return row === undefined ? Number.POSITIVE_INFINITY : Number(row["at"]);
  };
  return {
    after: async (organization, seq, limit) => {
      const query = ofOrganization(organization).where("seq", ">", seq).orderBy("seq").limit(limit);
      return (await executor.read(statementOf(query))).map(eventFromRow);
    },
    before: async (organization, seq, limit) => {
      const query = ofOrganization(organization).where("seq", "<", seq).orderBy("seq", "desc").limit(limit);
      return (await executor.read(statementOf(query))).map(eventFromRow);
    },
    head,
    // Events are in order of time, so the place is found by halving.
    firstAt: async (at) => {
      let low = 1;
      let high = (await head()) + 1;
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        if ((await timeOf(middle)) < at) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    naming: async (organization, { member, id }, { from, until }) => {
      const query = ofOrganization(organization)
        .where("seq", ">=", from)
        .where("seq", "<=", until)
        // The text is canonical JSON, so the member is written in this one way.
        .where("details", "like", `%"${member}":"${id.replace(/[^0-9a-z-]/gi, "")}"%`)
        .orderBy("seq", "desc");
      const events = (await executor.read(statementOf(query))).map(eventFromRow);
      return events.filter((event) => event[member] === id);
    },
  };
}

export function eventFromRow(row: SqlRow): AuditEvent {
  return eventOfRow(row as unknown as AuditRow);
}
