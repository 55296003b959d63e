import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { TotpParameters } from "../model.ts";
import { encodeBase32 } from "./base32.ts";
import { equalBytes } from "./digest.ts";

/**
 * The code of a counter (RFC 4226 §5.3), leading zeros kept. `counter` is the 8-byte moving factor; `digits` is 6 to 10.
 * Throws RangeError for a counter or number of digits outside these.
 */
export function hotp(
  secret: Uint8Array | KeyObject,
  counter: number | bigint,
  digits: number,
  algorithm: TotpParameters["algorithm"],
): string {
  if (!Number.isInteger(digits) || digits < 6 || digits > 10) {
    throw new RangeError("A code of an authenticator app has 6 to 10 digits.");
  }
  const movingFactor = Buffer.alloc(8);
  movingFactor.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac(algorithm, secret).update(movingFactor).digest();
  // §5.3 step 2: the low four bits of the last byte say where to read, and the sign bit is masked.
  const offset = hash.readUInt8(hash.length - 1) & 0x0f;
  const truncated = hash.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** digits).padStart(digits, "0");
}

/** T of RFC 6238 §4.2 with T0 = 0: whole periods since the epoch. `now` is in milliseconds. */
export function totpStep(now: number, periodSeconds: number): number {
  return Math.floor(now / (periodSeconds * 1000));
}

export interface MatchTotpRequest {
  readonly secret: Uint8Array;
  /** Canonical readings of one answer. */
  readonly candidates: readonly string[];
  /** Milliseconds. */
  readonly now: number;
  /** Steps before and after the current one that are accepted (RFC 6238 §5.2 recommends one). */
  readonly window: number;
  readonly parameters: TotpParameters;
}

/**
 * The time step whose code is among the candidates, the latest when several are; undefined when none is. Every step of
 * the window is computed and compared with every candidate, so the time taken says nothing about which one matched.
 */
export function matchTotp(request: MatchTotpRequest): number | undefined {
  const { secret, candidates, now, window, parameters } = request;
  const answers = candidates.map((candidate) => Buffer.from(candidate));
  // Set up once for all steps: that is most of the cost of a short HMAC.
  const key = createSecretKey(secret);
  const current = totpStep(now, parameters.periodSeconds);
  let matched: number | undefined;
  for (let step = Math.max(0, current - window); step <= current + window; step += 1) {
    const code = Buffer.from(hotp(key, step, parameters.digits, parameters.algorithm));
    for (const answer of answers) {
      const equal = equalBytes(code, answer);
      matched = equal ? step : matched;
    }
  }
  return matched;
}

/** Longer labels make the QR code hard to scan. */
const longestIssuer = 32;
const longestAccount = 64;

export interface KeyUriRequest {
  readonly issuer: string;
  readonly account: string;
  /** The seed itself; the URI carries it as Base32. */
  readonly secret: Uint8Array;
  readonly parameters: TotpParameters;
}

/**
 * `otpauth://totp/Issuer:account?…` for the QR code of an authenticator app. Every parameter is written out. A colon
 * separates the two names, so one inside a name becomes a hyphen; names are cut to 32 and 64 characters.
 */
export function keyUri(request: KeyUriRequest): string {
  const issuer = uriName(request.issuer, longestIssuer);
  const account = uriName(request.account, longestAccount);
  const { algorithm, digits, periodSeconds } = request.parameters;
  return (
    `otpauth://totp/${issuer}:${account}?secret=${encodeBase32(request.secret)}&issuer=${issuer}` +
    `&algorithm=${algorithm}&digits=${digits}&period=${periodSeconds}`
  );
}

function uriName(name: string, longest: number): string {
  // Cut by code points and made well-formed, because half a surrogate pair cannot be percent-encoded.
  const characters = [...name.toWellFormed().replaceAll(":", "-").trim()];
  return encodeURIComponent(characters.slice(0, longest).join("").trim());
}
