import Database from "better-sqlite3";
import { CountersignError } from "../../engine/errors.ts";

/**
 * Holds the data folder for one process. The lock is the operating system's, taken through an empty SQLite file, so a killed
 * process never leaves it behind.
 */
export interface FolderLock {
  release(): void;
}

/** Throws `conflict` when another process holds the folder. */
export function lockFolder(path: string): FolderLock {
  const connection = new Database(path, { timeout: 0 });
  try {
    connection.pragma("locking_mode = EXCLUSIVE");
    connection.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    connection.close();
    if (error instanceof Database.SqliteError && error.code === "SQLITE_BUSY") {
      throw new CountersignError(
        "conflict",
        "Another Countersign process already uses this data folder. Stop it first, or give this one its own --data folder.",
      );
    }
    throw error;
  }
  return { release: () => connection.close() };
}
