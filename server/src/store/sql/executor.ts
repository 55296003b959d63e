import type { AuditDraft } from "../../engine/audit/event.ts";

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  /** Abort the whole step when this statement touches no row. */
  readonly mustChange?: boolean;
}

/**
 * How the shared SQL of this folder reaches a concrete store. `write` runs its statements and appends the audit events in
 * one atomic, durable step. A unique violation throws `CountersignError("name_taken")`, a broken reference
 * `CountersignError("in_use")` on delete and `("not_found")` on insert or update.
 */
export interface SqlExecutor {
  read(statement: Statement): Promise<readonly SqlRow[]>;
  /** False: a `mustChange` statement touched nothing and nothing was kept. */
  write(statements: readonly Statement[], audit: readonly AuditDraft[], now: number): Promise<boolean>;
}
