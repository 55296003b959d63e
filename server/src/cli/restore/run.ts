import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";
import type { Config } from "../../config/load.ts";
import type { Keyset } from "../../store/keys/keyset.ts";
import { digestFile } from "../../store/sqlite/backup.ts";
import { putInPlace } from "../../store/sqlite/backup-restore.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { auditHead, inspectSchema, integrityProblems } from "../../store/sqlite/inspect.ts";
import { lockFolder } from "../../store/sqlite/lock.ts";
import { CliError, exits } from "../exit.ts";
import { clock, configOf, keyringOf, keysetOf } from "../folder.ts";
import { type Manifest, readManifest } from "../manifest.ts";
import type { FolderOptions } from "../options.ts";
import { remark, show } from "../output.ts";

export interface RestoreOptions extends FolderOptions {
  readonly replace?: boolean;
}

export async function restore(name: string, options: RestoreOptions) {
  const file = resolve(name);
  const config = configOf(options);
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  mkdirSync(dirname(config.databasePath), { recursive: true, mode: 0o700 });
  demandFile(file, config);
  const lock = lockFolder(config.lockPath);
  try {
    demandRoom(config, options);
    const manifest = readManifest(file);
    if (manifest === undefined)
      remark(`There is no manifest ${file}.json, so only the file itself is checked.`);
    else await demandUnchanged(file, manifest);
    const keyset = keysetOf(config);
    const seq = inspectBackup(file, keyset, manifest);
    const now = clock.now();
    const mark = new Date(now).toISOString().replace(/[:.]/g, "-");
    const files = { database: config.databasePath, checkpoints: config.checkpointsPath };
    const { verifications, deliveries, kept } = putInPlace(file, files, { keyset, now, mark });
    show(options, { file, database: config.databasePath, auditHead: seq, verifications, deliveries, kept }, [
      `Restored  ${config.databasePath} with ${seq} events${manifest === undefined ? "" : `, as it was at ${manifest.createdAt}`}`,
      `Voided    ${verifications} pending verifications, ${deliveries} messages on their way`,
      ...kept.map((path) => `Kept      ${path}`),
      "",
      "What was revoked, disabled or removed since the backup is back: look through countersign key list and user list.",
    ]);
    return exits.ok;
  } finally {
    lock.release();
  }
}

function demandFile(file: string, config: Config): void {
  if (!existsSync(file)) {
    throw new CliError(exits.usage, `There is no backup at ${file}.`, "file_missing");
  }
  if (existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0) {
    throw new CliError(
      exits.dataDamaged,
      `There is a log ${file}-wal beside the file: it is the copy of a database in use, not a backup. Make one with countersign backup.`,
      "backup_has_log",
    );
  }
  if (!existsSync(config.databasePath)) return;
  const [one, other] = [statSync(file), statSync(config.databasePath)];
  if (one.dev !== other.dev || one.ino !== other.ino) return;
  throw new CliError(exits.usage, "The backup is the database itself.", "file_is_database");
}

function demandRoom(config: Config, { replace }: RestoreOptions): void {
  if (replace || !existsSync(config.databasePath)) return;
  throw new CliError(
    exits.negative,
    `There is already a database at ${config.databasePath}. With --replace the backup takes its place, and it is kept under another name.`,
    "database_exists",
  );
}

async function demandUnchanged(file: string, manifest: Manifest): Promise<void> {
  const { sha256, bytes } = await digestFile(file);
  if (sha256 === manifest.sha256 && bytes === manifest.bytes) return;
  throw damaged(`${file} is not the file that its manifest describes: its SHA-256 differs.`);
}

/** Everything that can be wrong with the file, before anything is changed. Gives the number of its events. */
function inspectBackup(file: string, keyset: Keyset, manifest: Manifest | undefined): number {
  const connection = new Database(file, { readonly: true, fileMustExist: true });
  try {
    demandSound(connection, file);
    demandSchema(connection);
    keyringOf(connection, keyset);
    const { seq, hash } = auditHead(connection);
    if (manifest !== undefined && (manifest.auditHead.seq !== seq || manifest.auditHead.hash !== hash)) {
      throw damaged(`The record in ${file} does not end where its manifest says.`);
    }
    return seq;
  } finally {
    connection.close();
  }
}

function demandSound(connection: Connection, file: string): void {
  const problems = integrityProblems(connection, "database");
  if (problems.length > 0) throw damaged(`${file} is damaged: SQLite found ${problems.join("; ")}.`);
}

function demandSchema(connection: Connection): void {
  const { state, version, known } = inspectSchema(connection);
  if (state === "current" || state === "older") return;
  throw new CliError(
    exits.configuration,
    state === "newer"
      ? `The backup has schema ${version}, and this version of Countersign knows ${known}. Restore it with the newer version.`
      : "The backup is not a database of this product, or of a build with other migrations.",
    `schema_${state}`,
  );
}

function damaged(sentence: string): CliError {
  return new CliError(exits.dataDamaged, `${sentence} Nothing was changed.`, "backup_damaged");
}
