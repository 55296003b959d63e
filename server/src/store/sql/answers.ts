import type { AnswerStore } from "../../engine/answers.ts";
import type { SqlExecutor } from "./executor.ts";
import { mustChange, type Queries, statementOf } from "./queries.ts";

export interface AnswerTools {
  readonly executor: SqlExecutor;
  readonly queries: Queries;
}

/** Answers kept for repeated requests, in the table that the hot commands keep theirs in; keys name their route. */
export function createAnswerStore({ executor, queries }: AnswerTools): AnswerStore {
  const isOf = (organization: string, key: string) =>
    queries.selectFrom("idempotency").where("organization", "=", organization).where("key", "=", key);
  return {
    begin: async ({ organization, key, fingerprint, outcome, expiresAt }, now) => {
      const over = queries
        .deleteFrom("idempotency")
        .where("organization", "=", organization)
        .where("key", "=", key)
        .where("expires_at", "<=", now);
      const row = { key, organization, fingerprint, outcome, expires_at: expiresAt };
      const insert = queries
        .insertInto("idempotency")
        .values(row)
        .onConflict((conflict) => conflict.column("key").doNothing());
      if (await executor.write([statementOf(over), mustChange(insert)], [], now)) return undefined;
      const [found] = await executor.read(
        statementOf(isOf(organization, key).select(["fingerprint", "outcome"])),
      );
      // Gone between the two: the first request failed just now, and this one may be repeated.
      if (!found) return { fingerprint, outcome };
      return { fingerprint: String(found["fingerprint"]), outcome: String(found["outcome"]) };
    },
    finish: async (organization, key, outcome, now) => {
      const update = queries
        .updateTable("idempotency")
        .set({ outcome })
        .where("organization", "=", organization)
        .where("key", "=", key);
      await executor.write([statementOf(update)], [], now);
    },
    release: async (organization, key, now) => {
      const remove = queries
        .deleteFrom("idempotency")
        .where("organization", "=", organization)
        .where("key", "=", key);
      await executor.write([statementOf(remove)], [], now);
    },
  };
}
