import { lstatSync } from "node:fs";
import { join } from "node:path";
import { KeyFileError } from "./errors.ts";
import { readCredentialFile, readKeyFile } from "./key-file.ts";
import { type Keyset, parseKeyset } from "./keyset.ts";

export type KeySource = "credential" | "file" | "environment";

export interface KeySources {
  /** Path of the key file; absent when none is configured. */
  readonly path?: string | undefined;
  /**
   * `CREDENTIALS_DIRECTORY` and `COUNTERSIGN_KEYS` are looked at. Pass process.env itself: COUNTERSIGN_KEYS is taken out of
   * it at once, so that no child process inherits the keys.
   */
  readonly environment: Record<string, string | undefined>;
}

export interface LoadedKeyset {
  readonly keyset: Keyset;
  /** `environment` deserves a warning: the keys can be read in the process's start environment. */
  readonly source: KeySource;
}

/**
 * The keyset from the one place that is configured: a systemd credential `countersign.keys`, the key file, or the variable
 * COUNTERSIGN_KEYS. Two at once are refused, because it could not be told which of them is meant. Throws `KeyFileError`.
 */
export function loadKeyset({ path, environment }: KeySources): LoadedKeyset {
  const text = environment["COUNTERSIGN_KEYS"];
  delete environment["COUNTERSIGN_KEYS"];
  const credential = credentialPath(environment["CREDENTIALS_DIRECTORY"]);
  const sources = [
    ...(credential ? ["credential"] : []),
    ...(path ? ["file"] : []),
    ...(text ? ["environment"] : []),
  ];
  if (sources.length > 1) {
    throw new KeyFileError(
      "key_source_conflict",
      `Keys are configured in more than one place (${sources.join(", ")}). Keep one of them.`,
    );
  }
  if (credential) {
    return { keyset: readCredentialFile(credential), source: "credential" };
  }
  if (path) {
    return { keyset: readKeyFile(path), source: "file" };
  }
  if (text) {
    return { keyset: parseKeyset(text, "COUNTERSIGN_KEYS"), source: "environment" };
  }
  throw new KeyFileError(
    "key_source_missing",
    "No keys are configured. Name a key file, pass a systemd credential countersign.keys, or set COUNTERSIGN_KEYS.",
  );
}

/** Undefined unless systemd handed us this very credential: it may have handed us others. */
function credentialPath(directory: string | undefined): string | undefined {
  if (!directory) {
    return undefined;
  }
  const path = join(directory, "countersign.keys");
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : path;
}
