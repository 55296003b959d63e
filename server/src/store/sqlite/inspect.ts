import { existsSync } from "node:fs";
import Database from "better-sqlite3";
import { type AuditRow, type ChainHead, emptyHead } from "../../engine/audit/chain.ts";
import { type AppliedMigration, checksumOf, migrations } from "../sql/migrations/index.ts";
import type { Connection } from "./connection.ts";

/** What can be seen of a database file without writing to it; it works beside a running server. */

/** `newer`: a later version of the program wrote it; `foreign`: its migrations are not ours. */
export type SchemaState = "current" | "older" | "newer" | "foreign";

export interface SchemaReport {
  readonly state: SchemaState;
  /** Highest migration in the database. */
  readonly version: number;
  /** Highest migration of this program. */
  readonly known: number;
}

export function inspectSchema(connection: Connection): SchemaReport {
  const known = migrations.at(-1)?.version ?? 0;
  const isStore = connection
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'")
    .get();
  if (isStore === undefined) return { state: "foreign", version: 0, known };
  const applied = connection
    .prepare<unknown[], AppliedMigration>(
      "SELECT version, name, checksum FROM schema_migrations ORDER BY version",
    )
    .all();
  const version = applied.at(-1)?.version ?? 0;
  const isOurs = applied.slice(0, migrations.length).every(({ version: at, checksum }, index) => {
    const migration = migrations[index];
    return migration?.version === at && checksumOf(migration) === checksum;
  });
  if (!isOurs || applied.length === 0) return { state: "foreign", version, known };
  if (applied.length > migrations.length) return { state: "newer", version, known };
  return { state: applied.length < migrations.length ? "older" : "current", version, known };
}

const integrityChecks = { database: "integrity_check(10)", audit: "quick_check(audit)" } as const;

/**
 * What SQLite finds wrong with the whole file, indexes included, or with the record alone; at most ten lines of the first, none
 * when it is sound.
 */
export function integrityProblems(connection: Connection, part: "database" | "audit"): readonly string[] {
  const check = integrityChecks[part];
  try {
    const found = connection.pragma(check) as readonly Record<string, unknown>[];
    const lines = found.map((row) => String(Object.values(row)[0]));
    return lines.length === 1 && lines[0] === "ok" ? [] : lines;
  } catch (error) {
    // Some damage keeps even the check from its end.
    if (error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code))
      return [error.message];
    throw error;
  }
}

/** The name of this database's chain; undefined before its first start. */
export function storeOrigin(connection: Connection): string | undefined {
  return connection
    .prepare<unknown[], { value: string }>("SELECT value FROM meta WHERE name = 'origin'")
    .get()?.value;
}

/** The last event of the record; `emptyHead` when there is none. */
export function auditHead(connection: Connection): ChainHead {
  return chainHeadAt(connection, Number.MAX_SAFE_INTEGER);
}

/** Where the chain stood after event `seq`, or after the one before it that is there. */
export function chainHeadAt(connection: Connection, seq: number): ChainHead {
  const row = connection
    .prepare<unknown[], ChainHead>("SELECT seq, hash, at FROM audit WHERE seq <= ? ORDER BY seq DESC LIMIT 1")
    .get(seq);
  return row ?? emptyHead;
}

/** The number of the first event at or after a time; events are in order of time. One past the last when there is none. */
export function firstSeqAt(connection: Connection, at: number): number {
  const find = connection.prepare<unknown[], ChainHead>(
    "SELECT seq, hash, at FROM audit WHERE seq >= ? ORDER BY seq LIMIT 1",
  );
  let low = 1;
  let high = auditHead(connection).seq + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = find.get(middle);
    if (row !== undefined && row.at < at) low = row.seq + 1;
    else high = middle;
  }
  return low;
}

const pageRows = 1_000;

/**
 * The record from event `after` (not included) on, in pages, so that neither the memory nor a long-lived snapshot grows.
 * Events that a running server appends meanwhile are read too.
 */
export async function* auditRows(
  connection: Connection,
  after = 0,
  until: number = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<AuditRow, void, void> {
  const page = connection.prepare<unknown[], AuditRow>(
    `SELECT seq, at, type, organization, digest, salt, details, hash FROM audit
     WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${pageRows}`,
  );
  let position = after;
  for (;;) {
    const rows = page.all(position, until);
    for (const row of rows) yield soundRow(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    // A damaged key could be smaller than the one before it, and the pages would go round for ever.
    position = Math.max(position + 1, last.seq);
  }
}

/**
 * A changed byte can turn a text into a blob, a number or null. Then it is handed on as a text that fits no digest; and
 * details are only absent together with their salt, as an erasure leaves them.
 */
function soundRow(row: AuditRow): AuditRow {
  const details = row.details === null && row.salt === "" ? null : textOf(row.details);
  return {
    seq: Number(row.seq),
    at: Number(row.at),
    type: textOf(row.type),
    organization: textOf(row.organization),
    digest: textOf(row.digest),
    salt: textOf(row.salt),
    details,
    hash: textOf(row.hash),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : `(${typeof value})`;
}

/** Whether a process holds the data folder. Only a look: it takes nothing that a starting server could need. */
export function isFolderLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const connection = new Database(path, { readonly: true, timeout: 0 });
  try {
    connection.prepare("SELECT count(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === "SQLITE_BUSY") return true;
    throw error;
  } finally {
    connection.close();
  }
}
