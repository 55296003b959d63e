import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { serializeCheckpoint } from "../../engine/audit/checkpoint.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { DeliveryRecord } from "../../engine/model.ts";
import { authenticatorGuard } from "../../engine/policy/guards.ts";
import type { Keyset } from "../keys/keyset.ts";
import { syncDirectory } from "./backup.ts";
import { highWaterPath, readCheckpoints } from "./checkpoints.ts";
import type { Connection } from "./connection.ts";
import { auditHead, chainHeadAt, storeOrigin } from "./inspect.ts";
import { openUnlocked } from "./maintenance.ts";

/** Where a store lives. */
export interface StoreFiles {
  readonly database: string;
  readonly checkpoints: string;
}

/** What a restored database no longer has. */
export interface Voided {
  readonly verifications: number;
  readonly deliveries: number;
}

export interface Restored extends Voided {
  /** Files that were in the way and are kept under these names. */
  readonly kept: readonly string[];
}

/**
 * Puts a sound backup in the place of the database. The caller holds the folder's lock and has checked the file. First a
 * copy is made ready beside it; then it takes the place in one step, so that a crash leaves either the old or the new.
 * `mark` (a time, for file names) tells apart what is kept of the old.
 */
export function putInPlace(
  backup: string,
  files: StoreFiles,
  restoring: { readonly keyset: Keyset; readonly now: number; readonly mark: string },
): Restored {
  const ready = `${files.database}.restoring`;
  const readyCheckpoints = `${files.checkpoints}.restoring`;
  removeDatabase(ready);
  rmSync(readyCheckpoints, { force: true });
  try {
    copyFileSync(backup, ready, constants.COPYFILE_EXCL);
    chmodSync(ready, 0o600);
    keepFittingCheckpoints(files.checkpoints, ready, readyCheckpoints);
    const voided = makeReady(ready, readyCheckpoints, restoring);
    const kept = [
      ...setAsideDatabase(files.database, restoring.mark),
      ...setAsideFile(files.checkpoints, restoring.mark),
    ];
    // It tells of the history that is set aside; left here it would keep the restored one from starting.
    rmSync(highWaterPath(files.checkpoints), { force: true });
    renameSync(readyCheckpoints, files.checkpoints);
    rmSync(highWaterPath(readyCheckpoints), { force: true });
    renameSync(ready, files.database);
    syncDirectory(dirname(files.database));
    return { ...voided, kept };
  } catch (error) {
    removeDatabase(ready);
    rmSync(readyCheckpoints, { force: true });
    rmSync(highWaterPath(readyCheckpoints), { force: true });
    throw error;
  }
}

const sideFiles = ["-wal", "-shm", "-journal"];

function removeDatabase(path: string): void {
  for (const suffix of ["", ...sideFiles]) rmSync(`${path}${suffix}`, { force: true });
}

/** Checkpoints that do not fit the backup tell of a history that it does not hold: they stay in the file that is kept. */
function keepFittingCheckpoints(from: string, database: string, to: string): void {
  const connection = new Database(database, { fileMustExist: true });
  try {
    const origin = storeOrigin(connection);
    const fitting = readCheckpoints(from).filter(
      (checkpoint) =>
        checkpoint.origin === origin && chainHeadAt(connection, checkpoint.seq).hash === checkpoint.hash,
    );
    const lines = fitting.map((checkpoint) => `${serializeCheckpoint(checkpoint)}\n`);
    writeFileSync(to, lines.join(""), { mode: 0o600 });
  } finally {
    connection.close();
  }
}

function makeReady(
  path: string,
  checkpoints: string,
  { keyset, now }: { readonly keyset: Keyset; readonly now: number },
): Voided {
  const maintenance = openUnlocked({ path, keyset, checkpoints });
  let voided: Voided = { verifications: 0, deliveries: 0 };
  try {
    const head = auditHead(maintenance.connection);
    maintenance.change(now, () => {
      voided = voidOpen(maintenance.connection, Math.max(now, head.at));
      return restoredEvents(maintenance.connection, { head: head.seq, ...voided });
    });
  } finally {
    // Folds the log into the file, which is then whole by itself.
    maintenance.close();
  }
  return voided;
}

function restoredEvents(
  connection: Connection,
  details: { readonly head: number } & Voided,
): readonly AuditDraft[] {
  const organizations = connection.prepare<unknown[], { id: string }>("SELECT id FROM organizations").all();
  return organizations.map(({ id }) => ({
    type: "store.restored",
    organization: id,
    actor: "cli",
    details: { ...details },
  }));
}

/**
 * What was pending when the backup was made may have been answered, spent or withdrawn since: none of it is accepted any
 * more, no receipt of an earlier approval is taken, no message of it is sent, and no authenticator app's code that may have been used is taken a second time.
 */
function voidOpen(connection: Connection, now: number): Voided {
  const pending = connection
    .prepare<unknown[], { id: string; deliveries: string }>(
      "SELECT id, deliveries FROM verifications WHERE status = 'pending'",
    )
    .all();
  const close = connection.prepare(
    `UPDATE verifications SET status = 'canceled', reason = 'store_restored', closed_at = ?, mac = NULL, kid = NULL,
       sealed_code = NULL, outside = NULL, deliveries = ? WHERE id = ?`,
  );
  for (const { id, deliveries } of pending)
    close.run(now, JSON.stringify(withoutQueued(deliveries, now)), id);
  connection.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('restored_at', ?)").run(String(now));
  connection.prepare("UPDATE guards SET pending = '{}', updated_at = ? WHERE pending <> '{}'").run(now);
  const { changes } = connection.prepare("DELETE FROM deliveries").run();
  passSteps(connection, now);
  return { verifications: pending.length, deliveries: changes };
}

function withoutQueued(text: string, now: number): readonly DeliveryRecord[] {
  const records: readonly DeliveryRecord[] = JSON.parse(text);
  return records.map((one) =>
    one.state === "queued" || one.state === "sending" ? { ...one, state: "dropped", at: now } : one,
  );
}

/** RFC 6238 §5.2: a code is taken once. The last step of the backup is too old to say so; the window reaches one step ahead. */
function passSteps(connection: Connection, now: number): void {
  const apps = connection
    .prepare<unknown[], { organization: string; user: string; id: string; period: number | null }>(
      `SELECT organization, user_id AS user, id, json_extract(document, '$.totp.periodSeconds') AS period
       FROM authenticators WHERE kind = 'totp' AND status <> 'revoked'`,
    )
    .all();
  const pass = connection.prepare(
    `INSERT INTO guards (key, organization, failures, last_step, pending, sends, updated_at)
     VALUES (?, ?, 0, ?, '{}', '[]', ?)
     ON CONFLICT (key) DO UPDATE SET last_step = max(coalesce(last_step, 0), excluded.last_step)`,
  );
  for (const { organization, user, id, period } of apps) {
    const step = Math.floor(now / 1000 / (period ?? 30)) + 1;
    pass.run(authenticatorGuard(user, id), organization, step, now);
  }
}

/** The old database stays where it is until the new one replaces it; a second name keeps it afterwards. */
function setAsideDatabase(database: string, mark: string): readonly string[] {
  if (!existsSync(database)) return [];
  foldLog(database);
  const kept = `${database}.before-${mark}`;
  linkOrCopy(database, kept);
  // A log left beside the new file would be taken for its own.
  for (const suffix of sideFiles) {
    if (existsSync(`${database}${suffix}`)) renameSync(`${database}${suffix}`, `${kept}${suffix}`);
  }
  return [kept];
}

/** The last connection that closes a database folds its log into it; one that is damaged keeps its log. */
function foldLog(database: string): void {
  try {
    const connection = new Database(database, { fileMustExist: true });
    try {
      connection.pragma("wal_checkpoint(TRUNCATE)");
    } finally {
      connection.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
  }
}

function setAsideFile(path: string, mark: string): readonly string[] {
  if (!existsSync(path) || readFileSync(path).length === 0) return [];
  const kept = `${path}.before-${mark}`;
  linkOrCopy(path, kept);
  return [kept];
}

/** Not every file system has a second name for a file. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}
