import { scrypt } from "node:crypto";
import type { RecoveryCode } from "../model.ts";
import type { Random } from "../tools.ts";
import { formatRecoveryCode, recoveryAlphabet, recoverySetSize } from "./recovery-text.ts";

export interface GeneratedRecoveryCode {
  readonly selector: number;
  /** `n-XXXX-XXXX-XXXX-XXXX`, shown once. */
  readonly text: string;
  readonly hash: string;
}

/** scrypt parameters (RFC 7914): 16 MiB per hash, half of what `node:crypto` allows by default. */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const cost: Cost = { N: 2 ** 14, r: 8, p: 1 };
const saltBytes = 16;
const hashBytes = 32;
const secretBytes = 10;

/** A new set of ten codes of 80 bits each, every one under a salt of its own. */
export async function generateRecoveryCodes(random: Random): Promise<readonly GeneratedRecoveryCode[]> {
  const made: GeneratedRecoveryCode[] = [];
  for (let selector = 1; selector <= recoverySetSize; selector += 1) {
    const secret = drawSecret(random);
    const text = formatRecoveryCode({ selector, secret });
    // One after the other: a set hashed at once would hold every thread of the pool and 160 MiB.
    made.push({ selector, text, hash: await hashRecoverySecret(secret, random.bytes(saltBytes)) });
  }
  return made;
}

/** The text that is stored: `N$r$p$salt$hash`, salt and hash in base64url. */
export function hashRecoverySecret(secret: string, salt: Uint8Array): Promise<string> {
  return derive(secret, salt, cost);
}

/**
 * What the secret of an answer hashes to under the parameters and salt of the stored code; right when it equals
 * `stored.hash`. Without a stored code (an unknown or foreign selector) it does the same work and the result equals
 * nothing. Throws when the stored text is not ours.
 */
export function recoveryHash(
  secret: string,
  stored: Pick<RecoveryCode, "hash"> | undefined,
): Promise<string> {
  const { salt, cost: storedCost } = readHash(stored?.hash ?? dummyHash());
  return derive(secret, salt, storedCost);
}

/** Parameters and salt of a code that nobody has: no stored salt is all zeros. */
function dummyHash(): string {
  return writeHash(new Uint8Array(saltBytes), new Uint8Array(hashBytes), cost);
}

const storedForm = /^(\d{1,8})\$(\d{1,3})\$(\d{1,3})\$([\w-]{22})\$[\w-]{43}$/;

function readHash(text: string): { readonly cost: Cost; readonly salt: Uint8Array } {
  const [, N, r, p, salt] = storedForm.exec(text) ?? [];
  if (salt === undefined) throw new Error("A stored recovery code hash has an unknown form.");
  return { cost: { N: Number(N), r: Number(r), p: Number(p) }, salt: Buffer.from(salt, "base64url") };
}

function writeHash(salt: Uint8Array, hash: Uint8Array, { N, r, p }: Cost): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  return [N, r, p, text(salt), text(hash)].join("$");
}

function derive(secret: string, salt: Uint8Array, parameters: Cost): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, hashBytes, { ...parameters }, (error, hash) => {
      if (error) reject(error);
      else resolve(writeHash(salt, hash, parameters));
    });
  });
}

/** 80 bits, five to a character, most significant first. */
function drawSecret(random: Random): string {
  let bits = 0n;
  for (const byte of random.bytes(secretBytes)) bits = (bits << 8n) | BigInt(byte);
  let secret = "";
  for (let shift = 75n; shift >= 0n; shift -= 5n) {
    secret += recoveryAlphabet.charAt(Number((bits >> shift) & 31n));
  }
  return secret;
}
