import type { Purpose } from "./model.ts";

/** Time as an argument: milliseconds since the epoch (UTC). Tests pass their own. */
export interface Clock {
  now(): number;
}

/** Waiting as an argument, so that tests turn the clock themselves. Each verb returns how to stop it. */
export interface Timers {
  /** Calls back once. */
  after(milliseconds: number, callback: () => void): () => void;
  /** Calls back again and again. */
  every(milliseconds: number, callback: () => void): () => void;
}

/** Randomness as an argument. The only real implementation is node:crypto's generator (`systemRandom`). */
export interface Random {
  /** A uniformly distributed integer in [0, limit). */
  integer(limit: number): number;
  bytes(length: number): Uint8Array;
}

/** Where a sealed value lives: it is bound (AAD) to exactly this place and opens nowhere else. */
export interface Place {
  readonly organization: string;
  readonly table: string;
  readonly column: string;
  readonly row: string;
}

/** A keyed digest and the id of the key that made it. */
export interface Mac {
  readonly kid: string;
  readonly value: Uint8Array;
}

/** What a MAC is for; each purpose has keys of its own, outside the database. */
export type MacPurpose = "code" | "index";

/**
 * The server's secrets, as verbs. Sealing is AES-256-GCM with a 96-bit random IV and a 16-byte tag, bound to its place;
 * a MAC is HMAC-SHA-256 over length-prefixed fields; a signature is Ed25519.
 */
export interface Vault {
  /** Text `v1.<kid>.<base64url(iv|ciphertext|tag)>`. */
  seal(place: Place, plaintext: string | Uint8Array): string;
  /** Throws when the value was not sealed for this very place by a key we hold. */
  open(place: Place, sealed: string): Uint8Array;
  /** With the active key of the purpose, or with the key `kid`; undefined when that key is gone. */
  mac(purpose: MacPurpose, fields: readonly string[]): Mac;
  macWith(kid: string, purpose: MacPurpose, fields: readonly string[]): Uint8Array | undefined;
  /** A compact JWS (EdDSA) over the claims, for receipts. `typ` is the header's media type. */
  signJwt(typ: string, claims: Readonly<Record<string, unknown>>): string;
  /** The claims of a token that we signed as `typ`; undefined for any other. It does not look at the times in it. */
  verifyJwt(token: string, typ: string): Readonly<Record<string, unknown>> | undefined;
}

/** What the engine needs from outside, always the last argument. */
export interface EngineTools {
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
}

/** Purposes are free words of the calling system, kept short and plain so that they can stand in an index and a log. */
export const purposePattern = /^[a-z][a-z0-9_.:-]{0,63}$/;

export const defaultPurpose: Purpose = "login";
