import { createHash } from "node:crypto";
import { closeSync, createReadStream, fchmodSync, fsyncSync, openSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import type { ChainHead } from "../../engine/audit/chain.ts";
import { openReader } from "./connection.ts";
import { auditHead, inspectSchema, integrityProblems, storeOrigin } from "./inspect.ts";

/** What a copied database is, for its manifest. */
export interface BackupFacts {
  /** Highest migration. */
  readonly schema: number;
  readonly auditHead: Pick<ChainHead, "seq" | "hash">;
  /** Name of the chain; absent for a database that never started. */
  readonly origin?: string | undefined;
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
}

/** The copy did not come out sound; the message says what SQLite found. */
export class BackupDamagedError extends Error {
  override readonly name = "BackupDamagedError";
  readonly code = "SQLITE_CORRUPT";
}

/** Pages copied between two turns of the event loop. */
const pagesPerStep = 2_048;

/**
 * Copies the database into a new file of mode 0600 while others write to it, and checks the copy. The copy is one moment of
 * the database, in one file without a log beside it. Throws EEXIST rather than touch an older file.
 */
export async function copyDatabase(
  from: string,
  to: string,
  onProgress: (done: number, total: number) => void,
): Promise<BackupFacts> {
  const descriptor = openSync(to, "wx", 0o600);
  try {
    fchmodSync(descriptor, 0o600);
    await copyPages(from, to, onProgress);
    const facts = checkCopy(to);
    fsyncSync(descriptor);
    syncDirectory(dirname(to));
    return { ...facts, ...(await digestFile(to)) };
  } catch (error) {
    unlinkSync(to);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

async function copyPages(
  from: string,
  to: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  const source = openReader(from);
  try {
    // A snapshot: without it the copy would begin anew after every commit of the server, and never end under load.
    source.exec("BEGIN");
    source.prepare("SELECT count(*) FROM meta").get();
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages - remainingPages, totalPages);
        return pagesPerStep;
      },
    });
  } finally {
    if (source.inTransaction) source.exec("COMMIT");
    source.close();
  }
}

function checkCopy(path: string): Omit<BackupFacts, "bytes" | "sha256"> {
  const copy = new Database(path, { fileMustExist: true });
  try {
    // The copy says of itself that it has a log beside it; a backup is one file.
    copy.pragma("journal_mode = DELETE");
    const problems = integrityProblems(copy, "database");
    if (problems.length > 0) throw new BackupDamagedError(problems.join("; "));
    const { seq, hash } = auditHead(copy);
    return { schema: inspectSchema(copy).version, auditHead: { seq, hash }, origin: storeOrigin(copy) };
  } finally {
    copy.close();
  }
}

/** Length and SHA-256 of a file. */
export async function digestFile(path: string): Promise<Pick<BackupFacts, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** A new name is durable only when its directory is. */
export function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
