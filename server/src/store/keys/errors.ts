/** Why the server's key material cannot be used; each code has one meaning for good. */
export type KeyFileErrorCode =
  | "key_file_missing"
  | "key_file_exists"
  | "key_file_unreadable"
  | "key_file_not_regular"
  | "key_file_symlink"
  | "key_file_owner"
  | "key_file_mode"
  | "key_file_directory"
  | "key_file_malformed"
  | "key_file_busy"
  /** No source, or more than one, was configured. */
  | "key_source_missing"
  | "key_source_conflict"
  /** The keyset is sound, but not the one this database was made with. */
  | "key_file_wrong"
  | "key_file_incomplete"
  /** The database's own key rows. */
  | "key_rows_missing"
  | "key_row_damaged"
  /** Refusals of rotate and retire. */
  | "key_unknown"
  | "key_active"
  | "key_in_use"
  | "key_not_rotatable";

/** A problem that the operator has to solve before the server may go on; the message says how. Never holds a key. */
export class KeyFileError extends Error {
  override readonly name = "KeyFileError";
  readonly code: KeyFileErrorCode;

  constructor(code: KeyFileErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Why a value could not be sealed or opened. `malformed`: not a sealed text; `unknown_key`: its key is gone or is not of
 * this organization; `forged`: altered, cut, or moved from another place; `no_active_key`: nothing to seal with;
 * `key_exhausted`: 2^32 values under one key (NIST SP 800-38D §8.3).
 */
export type SealErrorCode = "malformed" | "unknown_key" | "forged" | "no_active_key" | "key_exhausted";

export class SealError extends Error {
  override readonly name = "SealError";
  readonly code: SealErrorCode;

  constructor(code: SealErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
