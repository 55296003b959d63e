import { dirname } from "node:path";
import type { Config } from "../../config/load.ts";
import { KeyFileError } from "../../store/keys/errors.ts";
import { wrappedBy } from "../../store/keys/key-rows.ts";
import type { Keyring } from "../../store/keys/keyring.ts";
import type { Keyset } from "../../store/keys/keyset.ts";
import { loadKeyset } from "../../store/keys/load.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { readKeys } from "../../store/sqlite/parts.ts";
import { failingOf } from "../exit.ts";
import { keyringOf } from "../folder.ts";
import { type Finding, failed, ok, skipped, warning } from "./check.ts";

export interface KeysReport {
  readonly findings: readonly Finding[];
  readonly keyset?: Keyset;
  /** Absent when there is no database, or the keys are not its own. */
  readonly keyring?: Keyring;
}

/** The key-encryption keys: there, private, and those of this database. */
export function checkKeys(config: Config, connection: Connection | undefined): KeysReport {
  let loaded: ReturnType<typeof loadKeyset>;
  try {
    loaded = loadKeyset({ path: config.keyFile, environment: process.env });
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    return {
      findings: [failed("keys.source", error.message, "Mend the source of the keys as the sentence says.")],
    };
  }
  const { keyset, source } = loaded;
  const findings = [sourceFinding(source, config), ...placeFindings(source, config)];
  if (connection === undefined) {
    return {
      findings: [...findings, skipped("keys.database", "There is no database to compare with.")],
      keyset,
    };
  }
  try {
    const keyring = keyringOf(connection, keyset);
    const rotation = rotationFindings(keyring);
    return { findings: [...findings, ...databaseFindings(keyset, connection), ...rotation], keyset, keyring };
  } catch (error) {
    const remedy =
      error instanceof KeyFileError
        ? "Name the key file that this database was made with."
        : "Restore the last backup with countersign restore.";
    const finding = failed("keys.database", failingOf(error).sentence, remedy);
    return { findings: [...findings, finding], keyset };
  }
}

function sourceFinding(source: "credential" | "file" | "environment", config: Config): Finding {
  if (source === "file") return ok("keys.source", `${config.keyFile}, readable by this user only.`);
  if (source === "credential") return ok("keys.source", "A credential of systemd.");
  return warning(
    "keys.source",
    "The keys come from the variable COUNTERSIGN_KEYS, which other processes of this user can read.",
    "Use a key file of mode 0600 or a credential of systemd.",
  );
}

function placeFindings(source: string, { mode, keyFile, databasePath }: Config): readonly Finding[] {
  if (source !== "file" || mode !== "production" || keyFile === undefined) return [];
  if (dirname(keyFile) !== dirname(databasePath)) return [];
  return [
    warning(
      "keys.place",
      "The key file stands in the folder of the database: who takes a copy of the folder has both.",
      "Set COUNTERSIGN_KEY_FILE to a path elsewhere, and move the file there.",
    ),
  ];
}

function databaseFindings(keyset: Keyset, connection: Connection): readonly Finding[] {
  const rows = readKeys(connection);
  const older = rows.filter((row) => wrappedBy(row) !== keyset.active);
  const match = ok("keys.database", `The keys are those of this database; it holds ${rows.length}.`);
  if (older.length === 0) return [match];
  return [
    match,
    warning(
      "keys.wrapping",
      `${older.length} keys of the database are wrapped by an older key than "${keyset.active}".`,
      "Stop the server and run countersign keys rotate --kek.",
    ),
  ];
}

function rotationFindings(keyring: Keyring): readonly Finding[] {
  return keyring
    .rotationDue()
    .map((kid) =>
      warning(
        "keys.rotation",
        `The data key ${kid} has sealed more than 2^28 values.`,
        "Stop the server and run countersign keys rotate --data-key.",
      ),
    );
}
