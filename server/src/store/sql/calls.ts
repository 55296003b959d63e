import type { CallStore, StoredCall } from "../../engine/outbox.ts";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { mustChange, type Queries, statementOf } from "./queries.ts";
import type { CallScriptTable } from "./schema.ts";

export interface CallTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** Call scripts. Of those that take one, the delete lets exactly one through. */
export function createCallStore({ executor, queries }: CallTools): CallStore {
  const find: CallStore["find"] = async (id, now) => {
    const query = queries
      .selectFrom("call_scripts")
      .selectAll()
      .where("id", "=", id)
      .where("expires_at", ">", now)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom("verifications")
            .select("verifications.id")
            .whereRef("verifications.id", "=", "call_scripts.verification")
            .where("verifications.status", "=", "pending")
            .where("verifications.expires_at", ">", now),
        ),
      );
    const [row] = await executor.read(statementOf(query));
    return row && callFromRow(row);
  };

  return {
    keep: async (call, now) => {
      const query = queries.insertInto("call_scripts").values(callToRow(call));
      await executor.write([statementOf(query)], [], now);
    },
    find,
    take: async (id, now) => {
      const call = await find(id, now);
      const query = queries.deleteFrom("call_scripts").where("id", "=", id);
      return call && (await executor.write([mustChange(query)], [], now)) ? call : undefined;
    },
  };
}

function callFromRow(row: SqlRow): StoredCall {
  const { expires_at: expiresAt, ...columns } = row as unknown as CallScriptTable;
  return { ...columns, expiresAt };
}

function callToRow({ expiresAt, ...call }: StoredCall): CallScriptTable {
  return { ...call, expires_at: expiresAt };
}
