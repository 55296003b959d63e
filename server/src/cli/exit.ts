import { isCountersignError } from "../engine/errors.ts";
import { type KeyFileErrorCode, SealError } from "../store/keys/errors.ts";

/** How a command ends. The numbers from 64 on are those of sysexits(3); docs/cli.md explains each. */
export const exits = {
  ok: 0,
  /** The question was answered, and the answer is no: not approved, record altered, not found. */
  negative: 1,
  usage: 2,
  dataDamaged: 65,
  unavailable: 69,
  /** A fault of this program. */
  internal: 70,
  tryAgain: 75,
  notPermitted: 77,
  configuration: 78,
} as const;
export type Exit = (typeof exits)[keyof typeof exits];

/** A command cannot go on; the message is one sentence for the person at the terminal and never holds a secret. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exit: Exit;
  /** Stable word for programs; the server's own code where the server refused. */
  readonly code: string;

  constructor(exit: Exit, message: string, code = "cli_error") {
    super(message);
    this.exit = exit;
    this.code = code;
  }
}

export interface Failing {
  readonly exit: Exit;
  readonly code: string;
  readonly sentence: string;
}

/** The exit code and the sentence of anything that was thrown. */
export function failingOf(error: unknown): Failing {
  if (error instanceof CliError) return { exit: error.exit, code: error.code, sentence: error.message };
  if (error instanceof SealError) {
    return { exit: exits.dataDamaged, code: error.code, sentence: error.message };
  }
  if (isCountersignError(error)) {
    const exit = countersignExits[error.code] ?? exits.unavailable;
    const fields = (error.details.fields ?? []).map(({ field, problem }) => `${field} ${problem}`);
    const sentence = fields.length === 0 ? error.message : `${error.message} ${fields.join("; ")}.`;
    return { exit, code: error.code, sentence };
  }
  // `KeyFileError`, `StoreOpenError`, and what SQLite and the system throw.
  if (error instanceof Error && "code" in error) return failingByCode(String(error.code), error.message);
  const sentence = `Something went wrong that was not foreseen: ${error instanceof Error ? error.message : String(error)}`;
  return { exit: exits.internal, code: "internal_error", sentence };
}

const countersignExits: Readonly<Record<string, Exit>> = {
  invalid_settings: exits.configuration,
  invalid_request: exits.usage,
  invalid_destination: exits.usage,
  conflict: exits.tryAgain,
  storage_unavailable: exits.tryAgain,
  not_found: exits.negative,
  name_taken: exits.negative,
  in_use: exits.negative,
};

/** What the keys say, by the code of `KeyFileError`; any other of its codes is a matter of configuration. */
const keyExits: Partial<Record<KeyFileErrorCode, Exit>> = {
  key_rows_missing: exits.dataDamaged,
  key_row_damaged: exits.dataDamaged,
  key_file_busy: exits.tryAgain,
  key_unknown: exits.usage,
  key_active: exits.negative,
  key_in_use: exits.negative,
  key_not_rotatable: exits.negative,
};

function failingByCode(code: string, message: string): Failing {
  if (code.startsWith("key_")) {
    return { exit: keyExits[code as KeyFileErrorCode] ?? exits.configuration, code, sentence: message };
  }
  if (code.startsWith("SQLITE_")) return { code, ...sqliteFailing(code, message) };
  if (code === "record_cut_off") return { exit: exits.dataDamaged, code, sentence: message };
  // A migration that this version does not know: another version of the program is the remedy, not another try.
  if (code === "conflict") return { exit: exits.configuration, code, sentence: message };
  const system = systemFailings[code];
  if (system !== undefined) return { ...system, code, sentence: `${system.sentence} (${message})` };
  return { exit: exits.internal, code, sentence: message };
}

function sqliteFailing(code: string, message: string): Omit<Failing, "code"> {
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) {
    return {
      exit: exits.dataDamaged,
      sentence: `The database is damaged: SQLite says "${message}". Restore it from a backup with countersign restore.`,
    };
  }
  if (code.startsWith("SQLITE_READONLY") || code === "SQLITE_PERM" || code === "SQLITE_AUTH") {
    return {
      exit: exits.notPermitted,
      sentence: `The database may not be written: SQLite says "${message}".`,
    };
  }
  return { exit: exits.tryAgain, sentence: `The database cannot be used now: SQLite says "${message}".` };
}

const permission = { exit: exits.notPermitted, sentence: "The system does not permit this." };
const disk = { exit: exits.tryAgain, sentence: "The disk or the system refused." };
const systemFailings: Readonly<Record<string, Omit<Failing, "code">>> = {
  EACCES: permission,
  EPERM: permission,
  EROFS: permission,
  ENOSPC: disk,
  EIO: disk,
  EBUSY: disk,
  EMFILE: disk,
  EDQUOT: disk,
  ENOENT: { exit: exits.usage, sentence: "There is no such file or folder." },
  ENOTDIR: { exit: exits.usage, sentence: "There is no such folder." },
  EISDIR: { exit: exits.usage, sentence: "This is a folder, not a file." },
  EEXIST: { exit: exits.usage, sentence: "There is already a file of this name." },
  EADDRINUSE: { exit: exits.unavailable, sentence: "Another program already listens there." },
  EADDRNOTAVAIL: { exit: exits.configuration, sentence: "This machine does not have that address." },
};
