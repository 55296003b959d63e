import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import {
  type Checkpoint,
  type CheckpointNote,
  type CheckpointSigner,
  type CheckpointVerifier,
  checkpointText,
  isCheckpointSignedBy,
  type PublicJwk,
} from "../../engine/audit/checkpoint.ts";
import { lengthPrefixed } from "../../engine/code/digest.ts";
import type { MacPurpose, Place, Vault } from "../../engine/tools.ts";
import { KeyFileError, SealError } from "./errors.ts";
import {
  type KeyRow,
  type KeyTools,
  type NewKey,
  newKeyRow,
  serverPurposes,
  unwrapKeyRow,
  verifyKeyset,
} from "./key-rows.ts";
import type { Keyset } from "./keyset.ts";
import { openBytes, sealBytes, splitSealed } from "./sealing.ts";
import { importSigningKey, type SigningKey, signJwtWith, signText, verifyJwtWith } from "./signing.ts";

/** Everything a keyring is made of: plain data, so that the main thread and a worker can each have one. */
export interface KeyringData {
  readonly keyset: Keyset;
  readonly rows: readonly KeyRow[];
  /** Values sealed so far, by kid, as `sealedCounts` gave them; absent: none. */
  readonly sealed?: Readonly<Record<string, number>> | undefined;
}

/** The server's secrets as verbs. All keys are imported once; nothing here reads a file or a table. */
export interface Keyring extends Vault, CheckpointSigner, CheckpointVerifier {
  /** The claims of a token we signed as `typ`; undefined for any other. It does not look at the times in it. */
  verifyJwt(token: string, typ: string): Readonly<Record<string, unknown>> | undefined;
  /** The public keys of receipts, newest first (RFC 7517 §5). */
  jwks(): { readonly keys: readonly PublicJwk[] };
  /** The public keys of checkpoints, newest first. */
  checkpointKeys(): readonly PublicJwk[];
  /** A new wrapped key; insert the row, then `add` it in every keyring. */
  newKey(key: NewKey): KeyRow;
  /** Takes up a new row, or a changed one of a key it has. */
  add(row: KeyRow): void;
  /** Forgets a key whose row was removed. */
  remove(kid: string): void;
  hasDataKey(organization: string): boolean;
  /** Values sealed so far, by kid. */
  sealedCounts(): Readonly<Record<string, number>>;
  /** Keys that have sealed so much that they should be rotated (2^28, NIST SP 800-38D §8.3 with a margin). */
  rotationDue(): readonly string[];
}

/** Random 96-bit IVs allow 2^32 values under one key (NIST SP 800-38D §8.3). */
const sealLimit = 2 ** 32;
const rotateAfter = 2 ** 28;

interface SecretKey {
  readonly row: KeyRow;
  readonly kid: string;
  readonly key: KeyObject;
  sealed: number;
}

type LoadedSigningKey = SigningKey & { readonly row: KeyRow };

interface Ring {
  readonly secrets: Map<string, SecretKey>;
  readonly signers: Map<string, LoadedSigningKey>;
  /** The active key of each organization and, under the purpose's name, of the server. */
  readonly activeData: Map<string, SecretKey>;
  readonly activeMac: Map<string, SecretKey>;
  readonly activeSigner: Map<string, LoadedSigningKey>;
}

/**
 * Unwraps and imports the keys. Throws `KeyFileError` when the keyset is not the database's (`key_file_wrong`), lacks a key
 * (`key_file_incomplete`), or the rows are not whole (`key_rows_missing`, `key_row_damaged`).
 */
export function createKeyring(data: KeyringData, tools: KeyTools): Keyring {
  verifyKeyset(data.keyset, data.rows);
  const ring: Ring = {
    secrets: new Map(),
    signers: new Map(),
    activeData: new Map(),
    activeMac: new Map(),
    activeSigner: new Map(),
  };
  for (const row of data.rows) {
    load(ring, data.keyset, row, data.sealed?.[row.kid] ?? 0);
  }
  choose(ring);
  for (const purpose of serverPurposes) {
    if (!ring.activeMac.has(purpose) && !ring.activeSigner.has(purpose)) {
      throw new KeyFileError(
        "key_rows_missing",
        `The database holds no active key for "${purpose}". Restore the database from its backup.`,
      );
    }
  }
  return {
    ...sealingVerbs(ring, tools),
    ...macVerbs(ring),
    ...signingVerbs(ring),
    newKey: (key) => newKeyRow(data.keyset, key, tools),
    add: (row) => {
      load(ring, data.keyset, row, ring.secrets.get(row.kid)?.sealed ?? 0);
      choose(ring);
    },
    remove: (kid) => {
      ring.secrets.delete(kid);
      ring.signers.delete(kid);
      choose(ring);
    },
  };
}

function load(ring: Ring, keyset: Keyset, row: KeyRow, sealed: number): void {
  if (row.purpose === "check") {
    return;
  }
  const bytes = unwrapKeyRow(keyset, row);
  if (row.purpose === "audit" || row.purpose === "receipt") {
    ring.signers.set(row.kid, { ...importSigningKey(row.kid, bytes), row });
  } else {
    ring.secrets.set(row.kid, { row, kid: row.kid, key: createSecretKey(bytes), sealed });
  }
  bytes.fill(0);
}

/** Of several active keys the newest counts, on every node alike. */
function choose(ring: Ring): void {
  ring.activeData.clear();
  ring.activeMac.clear();
  ring.activeSigner.clear();
  for (const secret of newestLast(ring.secrets.values())) {
    if (secret.row.purpose === "data") {
      ring.activeData.set(secret.row.organization ?? "", secret);
    } else {
      ring.activeMac.set(secret.row.purpose, secret);
    }
  }
  for (const signer of newestLast(ring.signers.values())) {
    ring.activeSigner.set(signer.row.purpose, signer);
  }
}

function newestLast<Key extends { readonly row: KeyRow }>(keys: Iterable<Key>): readonly Key[] {
  return [...keys].filter(({ row }) => row.state === "active").sort(byAge);
}

function byAge(left: { readonly row: KeyRow }, right: { readonly row: KeyRow }): number {
  return left.row.createdAt - right.row.createdAt || (left.row.kid < right.row.kid ? -1 : 1);
}

function sealContext(place: Place, kid: string): Buffer {
  return lengthPrefixed(["countersign/v1", place.table, place.column, place.organization, place.row, kid]);
}

function sealingVerbs(ring: Ring, tools: KeyTools) {
  return {
    seal(place: Place, plaintext: string | Uint8Array): string {
      const secret = ring.activeData.get(place.organization);
      if (secret === undefined) {
        throw new SealError(
          "no_active_key",
          `The organization ${place.organization} has no key to seal with.`,
        );
      }
      if (secret.sealed >= sealLimit) {
        throw new SealError("key_exhausted", `The key ${secret.kid} has sealed too much. Rotate it.`);
      }
      secret.sealed += 1;
      return sealBytes(secret, sealContext(place, secret.kid), plaintext, tools.random);
    },
    open(place: Place, sealed: string): Uint8Array {
      const { kid, body } = splitSealed(sealed);
      const secret = ring.secrets.get(kid);
      if (secret?.row.purpose !== "data" || (secret.row.organization ?? "") !== place.organization) {
        throw new SealError(
          "unknown_key",
          "This value was sealed with a key that is not of this organization.",
        );
      }
      return openBytes(secret.key, sealContext(place, kid), body);
    },
    hasDataKey: (organization: string) => ring.activeData.has(organization),
    sealedCounts: () => Object.fromEntries(dataKeys(ring).map(({ kid, sealed }) => [kid, sealed])),
    rotationDue: () =>
      dataKeys(ring)
        .filter(({ row, sealed }) => row.state === "active" && sealed >= rotateAfter)
        .map(({ kid }) => kid),
  };
}

function dataKeys(ring: Ring): readonly SecretKey[] {
  return [...ring.secrets.values()].filter(({ row }) => row.purpose === "data");
}

function macVerbs(ring: Ring) {
  return {
    mac(purpose: MacPurpose, fields: readonly string[]) {
      const secret = present(ring.activeMac.get(purpose), purpose);
      return { kid: secret.kid, value: hmac(secret, fields) };
    },
    macWith(kid: string, purpose: MacPurpose, fields: readonly string[]): Uint8Array | undefined {
      const secret = ring.secrets.get(kid);
      return secret?.row.purpose === purpose ? hmac(secret, fields) : undefined;
    },
  };
}

function hmac(secret: SecretKey, fields: readonly string[]): Uint8Array {
  return createHmac("sha256", secret.key).update(lengthPrefixed(fields)).digest();
}

function signingVerbs(ring: Ring) {
  const publicKeys = (purpose: "audit" | "receipt") =>
    signersOf(ring, purpose)
      .toSorted(byAge)
      .reverse()
      .map(({ jwk }) => jwk);
  return {
    signJwt(typ: string, claims: Readonly<Record<string, unknown>>): string {
      return signJwtWith(present(ring.activeSigner.get("receipt"), "receipt"), typ, claims);
    },
    verifyJwt: (token: string, typ: string) => verifyJwtWith(signersOf(ring, "receipt"), token, typ),
    jwks: () => ({ keys: publicKeys("receipt") }),
    checkpointKeys: () => publicKeys("audit"),
    signCheckpoint(note: CheckpointNote): Checkpoint {
      const signer = present(ring.activeSigner.get("audit"), "audit");
      const unsigned = { ...note, kid: signer.kid };
      return { ...unsigned, signature: signText(signer, checkpointText(unsigned)) };
    },
    verifyCheckpoint(checkpoint: Checkpoint): boolean {
      const signer = ring.signers.get(checkpoint.kid);
      return signer?.row.purpose === "audit" && isCheckpointSignedBy(checkpoint, signer.jwk);
    },
  };
}

function signersOf(ring: Ring, purpose: "audit" | "receipt"): readonly LoadedSigningKey[] {
  return [...ring.signers.values()].filter(({ row }) => row.purpose === purpose);
}

function present<Key>(key: Key | undefined, purpose: string): Key {
  if (key === undefined) {
    throw new SealError("no_active_key", `There is no active key for "${purpose}".`);
  }
  return key;
}
