import { createHash } from "node:crypto";
import { CountersignError } from "../../../engine/errors.ts";
import { core } from "./0001-core.ts";
import { settings } from "./0002-settings.ts";
import { conversations } from "./0003-conversations.ts";
import { deliveryReports } from "./0004-delivery-reports.ts";
import { sendRules } from "./0005-send-rules.ts";
import { webhooks } from "./0006-webhooks.ts";
import { signalwireProjects } from "./0007-signalwire-projects.ts";
import { publicationCredentials } from "./0008-publication-credentials.ts";
import { retention } from "./0009-retention.ts";
import { outside } from "./0010-outside.ts";
import { attempts } from "./0011-attempts.ts";
import { ordinaryTables } from "./0012-ordinary-tables.ts";

export interface Migration {
  /** 1 for the first; each one greater than the one before. */
  readonly version: number;
  readonly name: string;
  /** Portable SQL with the tokens of `statementFor`. */
  readonly statements: readonly string[];
}

/** Append only: a migration that has left the house is never edited, its checksum is in people's databases. */
export const migrations: readonly Migration[] = [
  { version: 1, name: "core", statements: core },
  { version: 2, name: "settings", statements: settings },
  { version: 3, name: "conversations", statements: conversations },
  { version: 4, name: "delivery_reports", statements: deliveryReports },
  { version: 5, name: "send_rules", statements: sendRules },
  { version: 6, name: "webhooks", statements: webhooks },
  { version: 7, name: "signalwire_projects", statements: signalwireProjects },
  { version: 8, name: "publication_credentials", statements: publicationCredentials },
  { version: 9, name: "retention", statements: retention },
  { version: 10, name: "outside", statements: outside },
  { version: 11, name: "attempts", statements: attempts },
  { version: 12, name: "ordinary_tables", statements: ordinaryTables },
];

/** Version 0: where the applied migrations are recorded. Run before every plan; it may exist already. */
export const bootstrap = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version BIGINT PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at BIGINT NOT NULL
)`;

/** A row of `schema_migrations`, without its time. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

/** A migration to run, and the row to record in the same transaction. */
export interface PendingMigration extends Migration {
  readonly checksum: string;
}

/** SHA-256 (hex) of name and statements, before their tokens are filled in: the same on every store. */
export function checksumOf(migration: Migration): string {
  const text = JSON.stringify([migration.version, migration.name, ...migration.statements]);
  return createHash("sha256").update(text).digest("hex");
}

/**
 * What is still to run. Throws `conflict` when the database was written by a newer version, or by a build whose old
 * migrations were not these.
 */
export function applyPlan(
  applied: readonly AppliedMigration[],
  known: readonly Migration[] = migrations,
): readonly PendingMigration[] {
  const sorted = applied.toSorted((a, b) => a.version - b.version);
  for (const [index, row] of sorted.entries()) {
    const migration = known[index];
    if (!migration) {
      throw new CountersignError(
        "conflict",
        `The database has migration ${row.version} (${row.name}), which this version does not know. Run the newer version, or restore a backup.`,
      );
    }
    if (migration.version !== row.version || checksumOf(migration) !== row.checksum) {
      throw new CountersignError(
        "conflict",
        `Migration ${row.version} (${row.name}) of the database is not the one of this version.`,
      );
    }
  }
  return known.slice(sorted.length).map((migration) => ({ ...migration, checksum: checksumOf(migration) }));
}

export type Dialect = "sqlite" | "postgres";

/** The statement of a migration for one database: `{without_rowid}` is SQLite's clause and empty elsewhere. */
export function statementFor(statement: string, dialect: Dialect): string {
  return statement.replaceAll("{without_rowid}", dialect === "sqlite" ? "WITHOUT ROWID" : "").trimEnd();
}
