import { existsSync, mkdirSync } from "node:fs";
import { type Config, loadConfig } from "../config/load.ts";
import { systemRandom } from "../engine/code/random.ts";
import type { Clock } from "../engine/tools.ts";
import { createKeyFile } from "../store/keys/key-file.ts";
import type { KeyTools } from "../store/keys/key-rows.ts";
import { createKeyring, type Keyring } from "../store/keys/keyring.ts";
import type { Keyset } from "../store/keys/keyset.ts";
import { loadKeyset } from "../store/keys/load.ts";
import { type Connection, openReader } from "../store/sqlite/connection.ts";
import { type Maintenance, openMaintenance } from "../store/sqlite/maintenance.ts";
import { type OpenStore, openSqliteStore } from "../store/sqlite/open.ts";
import { readKeys } from "../store/sqlite/parts.ts";
import { readSealCounts } from "../store/sqlite/seal-counts.ts";
import { CliError, exits } from "./exit.ts";
import type { FolderOptions } from "./options.ts";

/** The tools of commands that work on the data folder. */
export const clock: Clock = { now: () => Date.now() };
export const keyTools: KeyTools = { random: systemRandom };

/** The configuration as `serve` would read it, in this environment. */
export function configOf(options: FolderOptions): Config {
  return loadConfig({ config: options.config, data: options.data }, process.env);
}

/** The key-encryption keys from wherever they are configured. Throws `KeyFileError`. */
export function keysetOf(config: Config): Keyset {
  return loadKeyset({ path: config.keyFile, environment: process.env }).keyset;
}

/** Makes the data folder and, beside a database that does not exist yet, its key file. */
export function prepareFolder(config: Config): void {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const { keyFile: path } = config;
  if (path !== undefined && !existsSync(path) && !existsSync(config.databasePath)) {
    createKeyFile(path, systemRandom);
  }
}

/** The store as the server opens it, held by this process alone. Throws when a server runs (exit 75). */
export function openFolder(config: Config): Promise<OpenStore> {
  return openSqliteStore({
    path: config.databasePath,
    keyset: keysetOf(config),
    checkpoints: config.checkpointsPath,
    lock: config.lockPath,
  });
}

/** A stopped store, to be changed beside its usual ways. */
export function openStopped(config: Config, keyset: Keyset): Maintenance {
  demandDatabase(config);
  return openMaintenance({
    path: config.databasePath,
    keyset,
    checkpoints: config.checkpointsPath,
    lock: config.lockPath,
  });
}

/** The database for reading only, whether a server runs or not. */
export function openForReading(config: Config): Connection {
  demandDatabase(config);
  return openReader(config.databasePath);
}

/** The keys of a database that is open for reading. Throws `KeyFileError`. */
export function keyringOf(connection: Connection, keyset: Keyset): Keyring {
  const sealed = readSealCounts(connection);
  return createKeyring({ keyset, rows: readKeys(connection), sealed }, keyTools);
}

function demandDatabase(config: Config): void {
  if (existsSync(config.databasePath)) return;
  throw new CliError(
    exits.configuration,
    `There is no database at ${config.databasePath}. Name its folder with --data, or make one with countersign init.`,
    "database_missing",
  );
}
