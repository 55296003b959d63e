import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

export type Connection = Database.Database;

/** Memory for pages, in KiB, per connection; what does not fit comes from the file cache of the system. */
const cacheKibibytes = 4 * 1024;

/**
 * Opens the database file for the one writer. WAL with `synchronous=FULL`: better-sqlite3 is compiled to open a WAL database at
 * NORMAL, which can forget acknowledged commits when the power fails, so the setting is made and read back every time.
 */
export function openWriter(path: string): Connection {
  const connection = new Database(path, { timeout: 2000 });
  const journal = connection.pragma("journal_mode = WAL", { simple: true });
  // What is deleted is overwritten with zeros in its page.
  connection.pragma("secure_delete = FAST");
  if (journal !== "wal") throw new Error(`journal mode is ${String(journal)}, not wal`);
  applyPragmas(connection);
  syncDirectory(dirname(path));
  return connection;
}

/** A second connection that only reads: lists, exports, backups. */
export function openReader(path: string): Connection {
  const connection = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
  applyPragmas(connection);
  connection.pragma("query_only = 1");
  return connection;
}

function applyPragmas(connection: Connection): void {
  connection.pragma("synchronous = FULL");
  connection.pragma("foreign_keys = ON");
  connection.pragma("trusted_schema = OFF");
  connection.pragma("wal_autocheckpoint = 1000");
  connection.pragma(`cache_size = -${cacheKibibytes}`);
  connection.pragma("temp_store = MEMORY");
  const synchronous = connection.pragma("synchronous", { simple: true });
  if (synchronous !== 2) throw new Error(`synchronous is ${String(synchronous)}, not FULL`);
}

/** A new file is only durable when its directory entry is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
