import { once } from "node:events";
import { type AuditRow, eventOfRow } from "../../engine/audit/chain.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { auditRows } from "../../store/sqlite/inspect.ts";
import { CliError, exits } from "../exit.ts";
import { configOf, openForReading } from "../folder.ts";
import type { FolderOptions } from "../options.ts";

export interface ExportOptions extends FolderOptions {
  readonly organization?: string;
  readonly after: string;
  readonly type?: string;
}

/** `countersign audit export`: one JSON document a line, with and without `--json`. */
export async function exportEvents(options: ExportOptions) {
  if (!/^\d{1,15}$/.test(options.after)) {
    throw new CliError(exits.usage, "--after is the number of an event.", "after_malformed");
  }
  const connection = openForReading(configOf(options));
  try {
    const organization = organizationOf(options.organization, connection);
    for await (const row of auditRows(connection, Number(options.after))) {
      if (organization !== undefined && row.organization !== organization) continue;
      if (options.type !== undefined && row.type !== options.type) continue;
      // A reader that is slower than we are must not make the memory grow.
      if (!process.stdout.write(`${JSON.stringify(lineOf(row))}\n`)) await once(process.stdout, "drain");
    }
    return exits.ok;
  } finally {
    connection.close();
  }
}

/** Deleted organizations stand in the record by their id only. */
function organizationOf(name: string | undefined, connection: Connection): string | undefined {
  if (name === undefined) return undefined;
  const found = connection
    .prepare<unknown[], { id: string }>("SELECT id FROM organizations WHERE name = ?")
    .get(name);
  return found?.id ?? name;
}

function lineOf(row: AuditRow): object {
  const { seq, at, ...event } = eventOfRow(row);
  return { seq, at: new Date(at).toISOString(), ...event, hash: row.hash };
}
