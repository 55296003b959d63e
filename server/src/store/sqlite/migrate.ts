import { type AppliedMigration, applyPlan, bootstrap, statementFor } from "../sql/migrations/index.ts";
import type { Connection } from "./connection.ts";

/** Brings the schema up to date, each migration in one transaction of its own. Throws `conflict` for a foreign schema. */
export function migrate(connection: Connection, now: number): void {
  connection.exec(bootstrap);
  const applied = connection
    .prepare<unknown[], AppliedMigration>("SELECT version, name, checksum FROM schema_migrations")
    .all();
  const record = connection.prepare(
    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)",
  );
  for (const migration of applyPlan(applied)) {
    connection.transaction(() => {
      for (const statement of migration.statements) connection.exec(statementFor(statement, "sqlite"));
      record.run(migration.version, migration.name, migration.checksum, now);
    })();
  }
}
