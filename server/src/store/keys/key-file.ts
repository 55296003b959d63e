import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Random } from "../../engine/tools.ts";
import { KeyFileError } from "./errors.ts";
import { type Keyset, newKeyset, parseKeyset, serializeKeyset, withNewKey, withoutKey } from "./keyset.ts";

/** Writes a key file with one new key, mode 0600, durably. Throws `key_file_exists` rather than touch an older one. */
export function createKeyFile(path: string, random: Random): Keyset {
  checkDirectory(path);
  const keyset = newKeyset(random);
  const descriptor = openNew(
    path,
    "key_file_exists",
    `There is already a key file at ${path}; it was left alone.`,
  );
  writeDurably(descriptor, keyset);
  syncDirectory(path);
  return keyset;
}

/**
 * Reads the key file if nobody else could have written or read it: a regular file, not a link, of our own user, mode 0600
 * or 0400, in a directory that not everyone may write to. Throws `KeyFileError`.
 */
export function readKeyFile(path: string): Keyset {
  const descriptor = openExisting(path);
  try {
    // Checked on what is open, so that nobody can exchange the file between the check and the read.
    checkKeyFile(path, fstatSync(descriptor), process.geteuid?.());
    checkDirectory(path);
    return parseKeyset(readFileSync(descriptor, "utf8"), path);
  } finally {
    closeSync(descriptor);
  }
}

/** What systemd put into `$CREDENTIALS_DIRECTORY`: it belongs to root or to us, and others cannot read it. */
export function readCredentialFile(path: string): Keyset {
  const descriptor = openExisting(path);
  try {
    const stats = fstatSync(descriptor);
    // systemd grants the service access by an ACL, which shows as the group's read bit; so the group is not looked at.
    const facts = { isFile: () => stats.isFile(), uid: stats.uid, mode: stats.mode & ~0o040 };
    checkKeyFile(path, facts, stats.uid === 0 ? 0 : process.geteuid?.());
    return parseKeyset(readFileSync(descriptor, "utf8"), path);
  } finally {
    closeSync(descriptor);
  }
}

/** Adds a new key and makes it the active one. */
export function addKey(path: string, random: Random): Keyset {
  return rewrite(path, (keyset) => withNewKey(keyset, random));
}

/** Takes a key out. Whoever calls this has made sure that it wraps nothing any more (`retireKek`). */
export function removeKey(path: string, kid: string): Keyset {
  return rewrite(path, (keyset) => withoutKey(keyset, kid));
}

/** The checks on an open key file; `user` is our own id, absent where the system has none (Windows). */
export function checkKeyFile(
  path: string,
  facts: Pick<Stats, "isFile" | "uid" | "mode">,
  user: number | undefined,
): void {
  if (!facts.isFile()) {
    throw new KeyFileError(
      "key_file_not_regular",
      `${path} is not a regular file. Name the key file itself.`,
    );
  }
  if (user === undefined) {
    return;
  }
  if (facts.uid !== user) {
    throw new KeyFileError(
      "key_file_owner",
      `The key file ${path} belongs to user ${facts.uid}, the server runs as user ${user}. Run: chown ${user} ${path}`,
    );
  }
  const mode = facts.mode & 0o7777;
  if (mode !== 0o600 && mode !== 0o400) {
    const shown = mode.toString(8).padStart(4, "0");
    throw new KeyFileError(
      "key_file_mode",
      `The key file ${path} has mode ${shown}, so others may read or change it. Run: chmod 600 ${path}`,
    );
  }
}

function checkDirectory(path: string): void {
  const directory = dirname(path);
  const stats = statSync(directory, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new KeyFileError(
      "key_file_missing",
      `There is no directory ${directory}. Make it, with mode 0700.`,
    );
  }
  if (process.geteuid !== undefined && (stats.mode & 0o002) !== 0) {
    throw new KeyFileError(
      "key_file_directory",
      `Everyone may write to ${directory}, so the key file in it could be exchanged. Run: chmod o-w ${directory}`,
    );
  }
}

const openProblems: Readonly<Record<string, (path: string) => KeyFileError>> = {
  ENOENT: missing,
  ENOTDIR: missing,
  ELOOP: (path) =>
    new KeyFileError("key_file_symlink", `${path} is a symbolic link. Name the file that it points to.`),
};

function openExisting(path: string): number {
  try {
    // O_NONBLOCK: opening a pipe must not wait for its writer.
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    const code = errorCode(error);
    throw openProblems[code]?.(path) ?? unreadable(path, code);
  }
}

function missing(path: string): KeyFileError {
  return new KeyFileError(
    "key_file_missing",
    `There is no key file at ${path}. Restore it from its backup, or make one for a new database: countersign keys new`,
  );
}

function unreadable(path: string, code: string): KeyFileError {
  return new KeyFileError("key_file_unreadable", `The key file ${path} cannot be opened (${code}).`);
}

/**
 * The new content goes to a file beside it that replaces the old one in one step. Making that file is also the lock: two
 * rewrites at once would lose a key that one of them has already used.
 */
function rewrite(path: string, change: (keyset: Keyset) => Keyset): Keyset {
  const temporary = `${path}.new`;
  const descriptor = openNew(
    temporary,
    "key_file_busy",
    `Another change of the key file is under way. If that is not so, remove what it left behind: ${temporary}`,
  );
  let keyset: Keyset;
  try {
    keyset = change(readKeyFile(path));
  } catch (error) {
    closeSync(descriptor);
    unlinkSync(temporary);
    throw error;
  }
  writeDurably(descriptor, keyset);
  renameSync(temporary, path);
  syncDirectory(path);
  return keyset;
}

function openNew(path: string, code: "key_file_exists" | "key_file_busy", sentence: string): number {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    throw errorCode(error) === "EEXIST"
      ? new KeyFileError(code, sentence)
      : unreadable(path, errorCode(error));
  }
}

function writeDurably(descriptor: number, keyset: Keyset): void {
  try {
    // The umask may have taken bits away that we need to read it again.
    fchmodSync(descriptor, 0o600);
    writeFileSync(descriptor, serializeKeyset(keyset));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A new name in a directory is durable only when the directory is. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") {
    return;
  }
  const descriptor = openSync(dirname(path), constants.O_RDONLY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}
