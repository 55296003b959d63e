import { createSecretKey, type KeyObject } from "node:crypto";
import { lengthPrefixed } from "../../engine/code/digest.ts";
import type { Random } from "../../engine/tools.ts";
import { KeyFileError, SealError } from "./errors.ts";
import type { Keyset } from "./keyset.ts";
import { openBytes, sealBytes, splitSealed } from "./sealing.ts";

/**
 * `data` seals columns, one key per organization (erasing it erases the organization); `code` and `index` are MAC keys;
 * `audit` and `receipt` sign (Ed25519); `check` is a known text that tells a wrong key file from a damaged database.
 */
export type KeyPurpose = "data" | "code" | "index" | "audit" | "receipt" | "check";

/** The purposes of which the server has one active key, whatever the organization. */
export const serverPurposes = ["code", "index", "audit", "receipt"] as const;

/** A row of the table `keys`: a data-encryption key wrapped by a key-encryption key. Plain data. */
export interface KeyRow {
  readonly kid: string;
  readonly purpose: KeyPurpose;
  /** Null: of the server. */
  readonly organization: string | null;
  /** Sealed text under the key-encryption key that it names. */
  readonly wrapped: string;
  /** `active` makes new values; `decrypt` only reads old ones. The newest active row counts. */
  readonly state: "active" | "decrypt";
  readonly createdAt: number;
}

export interface NewKey {
  readonly purpose: Exclude<KeyPurpose, "check">;
  readonly organization: string | null;
  readonly now: number;
}

export interface KeyTools {
  readonly random: Random;
}

const checkText = "countersign key check";

/** The rows a new database begins with: the check record and one key of each server purpose. */
export function initialKeyRows(keyset: Keyset, now: number, tools: KeyTools): readonly KeyRow[] {
  const check: KeyRow = {
    kid: "check",
    purpose: "check",
    organization: null,
    wrapped: "",
    state: "active",
    createdAt: now,
  };
  return [
    { ...check, wrapped: wrap(keyset, check, Buffer.from(checkText), tools) },
    ...serverPurposes.map((purpose) => newKeyRow(keyset, { purpose, organization: null, now }, tools)),
  ];
}

/** A new random key of 32 bytes, wrapped; the store inserts the row. */
export function newKeyRow(keyset: Keyset, key: NewKey, tools: KeyTools): KeyRow {
  const name = Buffer.from(tools.random.bytes(9)).toString("base64url");
  const row: KeyRow = {
    kid: `${key.purpose}-${name}`,
    purpose: key.purpose,
    organization: key.organization,
    wrapped: "",
    state: "active",
    createdAt: key.now,
  };
  const secret = Buffer.from(tools.random.bytes(32));
  const wrapped = wrap(keyset, row, secret, tools);
  secret.fill(0);
  return { ...row, wrapped };
}

/** The same key wrapped by the active key-encryption key; the row itself when that is so already. */
export function rewrapKeyRow(keyset: Keyset, row: KeyRow, tools: KeyTools): KeyRow {
  if (wrappedBy(row) === keyset.active) {
    return row;
  }
  const secret = unwrapKeyRow(keyset, row);
  const wrapped = wrap(keyset, row, secret, tools);
  secret.fill(0);
  return { ...row, wrapped };
}

/** The kid of the key-encryption key that a row needs. */
export function wrappedBy(row: KeyRow): string {
  return splitSealed(row.wrapped).kid;
}

/** The plain key; the caller overwrites it after use. Throws `KeyFileError` (`key_file_incomplete`, `key_row_damaged`). */
export function unwrapKeyRow(keyset: Keyset, row: KeyRow): Buffer {
  try {
    const { kid, body } = splitSealed(row.wrapped);
    const key = keyEncryptionKey(keyset, kid);
    if (key === undefined) {
      throw new KeyFileError(
        "key_file_incomplete",
        `The key "${row.kid}" of the database needs "${kid}", which the key file does not hold. Restore the key file from its backup.`,
      );
    }
    return openBytes(key, wrapContext(row, kid), body);
  } catch (error) {
    if (error instanceof SealError) {
      throw new KeyFileError(
        "key_row_damaged",
        `The key "${row.kid}" of the database is damaged. Restore the database from its backup.`,
      );
    }
    throw error;
  }
}

/**
 * Refuses a keyset that is not the one this database was made with, before anything is written.
 * Throws `KeyFileError` (`key_rows_missing`, `key_file_wrong`).
 */
export function verifyKeyset(keyset: Keyset, rows: readonly KeyRow[]): void {
  const check = rows.find((row) => row.purpose === "check");
  if (check === undefined) {
    throw new KeyFileError(
      "key_rows_missing",
      "The database does not hold its key check record. Restore the database from its backup.",
    );
  }
  let text: string | undefined;
  try {
    text = unwrapKeyRow(keyset, check).toString();
  } catch (error) {
    if (!(error instanceof KeyFileError)) {
      throw error;
    }
  }
  if (text !== checkText) {
    const held = Object.keys(keyset.keys).join(", ");
    throw new KeyFileError(
      "key_file_wrong",
      `The keys given (${held}) are not those of this database. Name the key file it was made with; nothing was changed.`,
    );
  }
}

function wrap(keyset: Keyset, row: KeyRow, secret: Buffer, tools: KeyTools): string {
  const key = keyEncryptionKey(keyset, keyset.active);
  if (key === undefined) {
    throw new KeyFileError("key_unknown", `The active key "${keyset.active}" is not in the keyset.`);
  }
  return sealBytes({ kid: keyset.active, key }, wrapContext(row, keyset.active), secret, tools.random);
}

function wrapContext(row: KeyRow, kek: string): Buffer {
  return lengthPrefixed([
    "countersign/v1",
    "keys",
    "wrapped",
    row.organization ?? "",
    row.kid,
    kek,
    row.purpose,
  ]);
}

function keyEncryptionKey(keyset: Keyset, kid: string): KeyObject | undefined {
  const encoded = Object.hasOwn(keyset.keys, kid) ? keyset.keys[kid] : undefined;
  return encoded === undefined ? undefined : createSecretKey(encoded, "base64");
}
