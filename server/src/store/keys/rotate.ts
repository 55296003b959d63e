import type { Place } from "../../engine/tools.ts";
import { KeyFileError, SealError } from "./errors.ts";
import { addKey, readKeyFile, removeKey } from "./key-file.ts";
import {
  type KeyPurpose,
  type KeyRow,
  type KeyTools,
  newKeyRow,
  rewrapKeyRow,
  verifyKeyset,
  wrappedBy,
} from "./key-rows.ts";
import type { Keyring } from "./keyring.ts";
import type { Keyset } from "./keyset.ts";
import { splitSealed } from "./sealing.ts";

/** One sealed column of one row. */
export interface SealedRow extends Place {
  readonly value: string;
}

/** The table `keys`, as rotation needs it. */
export interface KeyRowStore {
  list(): Promise<readonly KeyRow[]>;
  /** Inserts, or replaces by kid; all of them or none. */
  save(rows: readonly KeyRow[]): Promise<void>;
  remove(kid: string): Promise<void>;
}

/** Every sealed value of the database, wherever it stands. */
export interface SealedValues {
  sealedRows(): AsyncIterable<SealedRow>;
  /** `UPDATE … WHERE value = old`; false when somebody else wrote in between. */
  replace(row: SealedRow, value: string): Promise<boolean>;
}

/** What still needs a key besides sealed values: verifications whose code was digested with it. */
export interface KeyUses {
  macs(kid: string): Promise<number>;
}

/** The rows to save after a key-encryption key became active: those that another one wraps, wrapped anew. */
export function planRewrap(keyset: Keyset, rows: readonly KeyRow[], tools: KeyTools): readonly KeyRow[] {
  return rows
    .filter((row) => wrappedBy(row) !== keyset.active)
    .map((row) => rewrapKeyRow(keyset, row, tools));
}

/** What gets a new key. `index` and `check` cannot: digests of destinations are compared across time. */
export interface KeyRotation {
  readonly purpose: KeyPurpose;
  readonly organization: string | null;
  readonly now: number;
}

/** The rows to save so that a new key makes new values and the older ones only read. The new row comes first. */
export function planRotation(
  keyset: Keyset,
  rows: readonly KeyRow[],
  rotation: KeyRotation,
  tools: KeyTools,
): readonly KeyRow[] {
  const { purpose, organization, now } = rotation;
  if (purpose === "index" || purpose === "check") {
    throw new KeyFileError(
      "key_not_rotatable",
      `The "${purpose}" key stays: equal destinations must stay equal.`,
    );
  }
  const older = rows.filter(
    (row) => row.purpose === purpose && row.organization === organization && row.state === "active",
  );
  return [
    newKeyRow(keyset, { purpose, organization, now }, tools),
    ...older.map((row): KeyRow => ({ ...row, state: "decrypt" })),
  ];
}

/**
 * Puts a new key-encryption key into the key file and wraps every row with it. Safe to repeat after a crash: the file holds
 * both keys until `retireKek`, so rows wrapped by either can be read. Servers that run must load the file again.
 */
export async function rotateKek(path: string, keys: KeyRowStore, tools: KeyTools): Promise<Keyset> {
  // A wrong file must not get a new key: it would look like the right one afterwards.
  verifyKeyset(readKeyFile(path), await keys.list());
  const keyset = addKey(path, tools.random);
  await keys.save(planRewrap(keyset, await keys.list(), tools));
  return keyset;
}

/** Takes a key-encryption key out of the file. Throws `key_in_use` while a row needs it. */
export async function retireKek(path: string, kid: string, keys: KeyRowStore): Promise<Keyset> {
  const rows = await keys.list();
  const uses = rows.filter((row) => wrappedBy(row) === kid).length;
  if (uses > 0) {
    throw inUse(kid, uses);
  }
  verifyKeyset(readKeyFile(path), rows);
  return removeKey(path, kid);
}

/**
 * Gives an organization a new data key. The row that is returned first must be added to every keyring before `resealRows`;
 * the older rows after it.
 */
export async function rotateData(
  organization: string,
  now: number,
  keys: { readonly keyset: Keyset; readonly rows: KeyRowStore },
  tools: KeyTools,
): Promise<readonly KeyRow[]> {
  const rotation: KeyRotation = { purpose: "data", organization, now };
  const changed = planRotation(keys.keyset, await keys.rows.list(), rotation, tools);
  await keys.rows.save(changed);
  return changed;
}

/** How far re-sealing is. */
export interface ResealProgress {
  readonly seen: number;
  readonly resealed: number;
  /** Changed by somebody else meanwhile: they hold a newer value, which the active key sealed. */
  readonly overtaken: number;
  /** Values that do not open; they are left as they are and keep their key from being retired. */
  readonly unreadable: number;
}

const progressEvery = 500;

/**
 * Seals again, with the active key, what an older key of the organization sealed. Yields its progress every 500 rows and
 * at the end; it may be stopped and started again at any time.
 */
export async function* resealRows(
  organization: string,
  values: SealedValues,
  keyring: Keyring,
): AsyncGenerator<ResealProgress, void, void> {
  const activeKid = splitSealed(keyring.seal({ organization, table: "", column: "", row: "" }, "")).kid;
  const progress = { seen: 0, resealed: 0, overtaken: 0, unreadable: 0 };
  for await (const row of values.sealedRows()) {
    if (row.organization !== organization) {
      continue;
    }
    progress.seen += 1;
    const outcome = await resealRow(row, activeKid, values, keyring);
    if (outcome !== "current") {
      progress[outcome] += 1;
    }
    if (progress.seen % progressEvery === 0) {
      yield { ...progress };
    }
  }
  yield { ...progress };
}

async function resealRow(
  row: SealedRow,
  activeKid: string,
  values: SealedValues,
  keyring: Keyring,
): Promise<"current" | "resealed" | "overtaken" | "unreadable"> {
  try {
    if (splitSealed(row.value).kid === activeKid) {
      return "current";
    }
    const resealed = keyring.seal(row, keyring.open(row, row.value));
    return (await values.replace(row, resealed)) ? "resealed" : "overtaken";
  } catch (error) {
    if (error instanceof SealError) {
      return "unreadable";
    }
    throw error;
  }
}

/** How many sealed values name each key; `malformed` counts what is not sealed text. */
export async function countByKid(rows: AsyncIterable<SealedRow>): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const row of rows) {
    const kid = kidOf(row.value);
    counts.set(kid, (counts.get(kid) ?? 0) + 1);
  }
  return counts;
}

function kidOf(value: string): string {
  try {
    return splitSealed(value).kid;
  } catch {
    return "malformed";
  }
}

/**
 * Removes a key that nothing needs any more. Throws `KeyFileError`: `key_unknown`, `key_active`, `key_in_use` while a value
 * or a pending code names it, `key_not_rotatable` for keys that old records are checked with. Let every node take up the
 * new key first, or one of them may still seal with the old one; a receipt key has to outlive its last receipt.
 */
export async function retire(
  kid: string,
  keys: KeyRowStore,
  uses: Pick<SealedValues, "sealedRows"> & KeyUses,
): Promise<void> {
  const row = (await keys.list()).find((candidate) => candidate.kid === kid);
  if (row === undefined) {
    throw new KeyFileError("key_unknown", `There is no key "${kid}" in the database.`);
  }
  if (row.purpose === "audit" || row.purpose === "index" || row.purpose === "check") {
    throw new KeyFileError(
      "key_not_rotatable",
      `The "${row.purpose}" key stays: old records are checked with it.`,
    );
  }
  if (row.state === "active") {
    throw new KeyFileError("key_active", `The key "${kid}" is the active one. Rotate to a new key first.`);
  }
  const count = await usesOf(row, uses);
  if (count > 0) {
    throw inUse(kid, count);
  }
  await keys.remove(kid);
}

async function usesOf(row: KeyRow, uses: Pick<SealedValues, "sealedRows"> & KeyUses): Promise<number> {
  if (row.purpose === "data") {
    return (await countByKid(uses.sealedRows())).get(row.kid) ?? 0;
  }
  return row.purpose === "code" ? uses.macs(row.kid) : 0;
}

function inUse(kid: string, uses: number): KeyFileError {
  return new KeyFileError(
    "key_in_use",
    `The key "${kid}" is still needed ${uses} times. It was not removed.`,
  );
}
