import { existsSync, mkdtempSync, rmSync, statfsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../config/load.ts";
import { type Connection, openWriter } from "../../store/sqlite/connection.ts";
import { inspectSchema, integrityProblems } from "../../store/sqlite/inspect.ts";
import { sizeText } from "../output.ts";
import { type Finding, failed, ok, skipped, warning } from "./check.ts";

/** A look at one thing, to be made apart from the others: one that cannot be made hides none of them. */
export interface Look {
  readonly check: string;
  readonly look: () => Finding;
}

/** The database file: sound, of this version, private. */
export function storeLooks(config: Config, connection: Connection): readonly Look[] {
  return [
    { check: "store.integrity", look: () => integrity(connection) },
    { check: "store.schema", look: () => schema(connection) },
    { check: "store.journal", look: () => journal(connection) },
    { check: "store.log", look: () => logSize(config) },
    { check: "store.modes", look: () => fileModes(config) },
  ];
}

/** The folder, with or without a database in it: room, and a disk that keeps what it promises. */
export function folderLooks(config: Config): readonly Look[] {
  const folder = dirname(config.databasePath);
  return [
    { check: "store.space", look: () => freeSpace(folder) },
    { check: "store.filesystem", look: () => fileSystem(folder, config) },
    { check: "store.durability", look: () => durability(folder) },
  ];
}

const restoreRemedy =
  "Restore the last backup with countersign restore; keep the damaged file for a closer look.";

function integrity(connection: Connection): Finding {
  const problems = integrityProblems(connection, "database");
  return problems.length === 0
    ? ok("store.integrity", "SQLite finds nothing wrong with the database.")
    : failed("store.integrity", `The database is damaged: ${problems.join("; ")}.`, restoreRemedy);
}

function schema(connection: Connection): Finding {
  const { state, version, known } = inspectSchema(connection);
  if (state === "current") return ok("store.schema", `Schema ${version}, as this version needs it.`);
  if (state === "older") {
    return warning(
      "store.schema",
      `Schema ${version}; this version of Countersign brings ${known}.`,
      "Make a backup; the next start of the server brings the schema up to date.",
    );
  }
  return failed(
    "store.schema",
    state === "newer"
      ? `Schema ${version} is newer than the ${known} of this version.`
      : "The migrations in this database are not those of this product.",
    "Run the version of Countersign that wrote the database.",
  );
}

function journal(connection: Connection): Finding {
  const mode = connection.pragma("journal_mode", { simple: true });
  return mode === "wal"
    ? ok("store.journal", "Write-ahead log.")
    : failed(
        "store.journal",
        `The journal mode is ${String(mode)}, not wal.`,
        "Start the server once: it sets the mode.",
      );
}

const largeLogBytes = 256 * 1024 * 1024;

function logSize({ databasePath }: Config): Finding {
  const bytes = existsSync(`${databasePath}-wal`) ? statSync(`${databasePath}-wal`).size : 0;
  return bytes <= largeLogBytes
    ? ok("store.log", `The write-ahead log has ${sizeText(bytes)}.`)
    : warning(
        "store.log",
        `The write-ahead log has ${sizeText(bytes)}: something keeps it from being folded into the database.`,
        "End programs that read the database for a long time; the next writes shrink the log.",
      );
}

function fileModes({ data, databasePath, checkpointsPath }: Config): Finding {
  if (process.platform === "win32") return skipped("store.modes", "Windows has no modes of files.");
  const paths = [databasePath, `${databasePath}-wal`, `${databasePath}-shm`, checkpointsPath];
  const open = paths.filter((path) => existsSync(path) && (statSync(path).mode & 0o077) !== 0);
  const isFolderOpen = !existsSync(data) || (statSync(data).mode & 0o077) !== 0;
  // In a closed folder the files are out of reach, whatever they say of themselves.
  if (!isFolderOpen || open.length === 0) return ok("store.modes", "Other users cannot read the files.");
  return warning(
    "store.modes",
    `Other users of this machine may read ${open.join(", ")}.`,
    `Run: chmod 700 ${data} && chmod 600 ${open.join(" ")}`,
  );
}

const leastFreeBytes = 100 * 1024 * 1024;
const fewFreeBytes = 1024 * 1024 * 1024;

function freeSpace(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const remedy = "Make room: a full disk stops every verification.";
  if (free < leastFreeBytes) return failed("store.space", `Only ${sizeText(free)} are free.`, remedy);
  if (free < fewFreeBytes) return warning("store.space", `Only ${sizeText(free)} are free.`, remedy);
  return ok("store.space", `${sizeText(free)} are free.`);
}

/** Types of statfs(2). SQLite's write-ahead log needs shared memory, which no network file system has. */
const networkTypes: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9P"],
  [0x00c36400, "Ceph"],
]);
const memoryTypes: ReadonlyMap<number, string> = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
]);

function fileSystem(folder: string, { mode }: Config): Finding {
  const { type } = statfsSync(folder);
  const network = networkTypes.get(type);
  if (network !== undefined) {
    return failed(
      "store.filesystem",
      `The data folder is on ${network}, where a write-ahead log can be damaged.`,
      "Move the data folder to a local disk.",
    );
  }
  const memory = memoryTypes.get(type);
  if (memory === undefined) return ok("store.filesystem", "A local file system.");
  const message = `The data folder is on ${memory}: everything is gone when the machine stops.`;
  const remedy = "Move the data folder to a disk.";
  return mode === "production"
    ? failed("store.filesystem", message, remedy)
    : warning("store.filesystem", message, remedy);
}

/** The setting belongs to a connection, so it is looked at on one that is opened just as the server opens its own. */
function durability(folder: string): Finding {
  const trial = mkdtempSync(join(folder, ".doctor-"));
  try {
    const connection = openWriter(join(trial, "trial.db"));
    const synchronous = connection.pragma("synchronous", { simple: true });
    connection.exec("CREATE TABLE trial (value TEXT); INSERT INTO trial VALUES ('written')");
    connection.close();
    return synchronous === 2
      ? ok("store.durability", "Every commit waits for the disk (synchronous = FULL).")
      : failed(
          "store.durability",
          `synchronous is ${String(synchronous)}, not FULL.`,
          "Report this: the server must not run so.",
        );
  } finally {
    rmSync(trial, { recursive: true, force: true });
  }
}
