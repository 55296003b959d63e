import Database, { type Statement as Prepared } from "better-sqlite3";
import type { AuditDraft } from "../../engine/audit/event.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { SqlRow, Statement } from "../sql/executor.ts";
import type { WriterParts } from "./execute.ts";

/** Prepared statements kept for reuse; the shared SQL has a small fixed set of texts. */
const mostPrepared = 256;

/** Runs the shared SQL of `store/sql`. A write is a savepoint of its own, so that its refusal leaves the batch alone. */
export function createStatements(parts: WriterParts) {
  const { connection, audit } = parts;
  const prepared = new Map<string, Prepared<unknown[], SqlRow>>();
  const savepoint = connection.prepare("SAVEPOINT step");
  const rollBack = connection.prepare("ROLLBACK TO step");
  const release = connection.prepare("RELEASE step");
  const prepare = (sql: string) => {
    let statement = prepared.get(sql);
    if (!statement) {
      if (prepared.size >= mostPrepared) prepared.clear();
      statement = connection.prepare<unknown[], SqlRow>(sql);
      prepared.set(sql, statement);
    }
    return statement;
  };
  const attempt = (statements: readonly Statement[], events: readonly AuditDraft[], now: number): boolean => {
    for (const { sql, parameters, mustChange } of statements) {
      const { changes } = run(prepare(sql), parameters);
      if (mustChange && changes === 0) return false;
    }
    for (const event of events) audit.append(event, now);
    return true;
  };

  return {
    read: ({ sql, parameters }: Statement): readonly SqlRow[] => prepare(sql).all(...parameters),
    write: (statements: readonly Statement[], events: readonly AuditDraft[], now: number): boolean => {
      const head = audit.head;
      savepoint.run();
      let done = false;
      try {
        done = attempt(statements, events, now);
        return done;
      } finally {
        if (!done) {
          rollBack.run();
          audit.reset(head);
        }
        release.run();
      }
    },
  };
}

function run(statement: Prepared<unknown[], SqlRow>, parameters: readonly unknown[]) {
  try {
    return statement.run(...parameters);
  } catch (error) {
    throw refusalOf(error, statement.source) ?? error;
  }
}

/** Constraint violations are answers, not faults. */
function refusalOf(error: unknown, sql: string): CountersignError | undefined {
  if (!(error instanceof Database.SqliteError)) return undefined;
  switch (error.code) {
    case "SQLITE_CONSTRAINT_UNIQUE":
    case "SQLITE_CONSTRAINT_PRIMARYKEY":
      return new CountersignError("name_taken", "Something with this name or id exists already.");
    case "SQLITE_CONSTRAINT_FOREIGNKEY":
      return /^\s*delete/i.test(sql)
        ? new CountersignError("in_use", "Something else still uses this.")
        : new CountersignError("not_found", "It refers to something that is not there.");
    default:
      return undefined;
  }
}
