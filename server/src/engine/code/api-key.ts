import { hash } from "node:crypto";
import type { Random } from "../tools.ts";

export type ApiKeyMode = "live" | "test";

/** Upper case after digits: the order that base-62 numbers are written in. */
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const idLength = 10;
const secretLength = 30;
const checksumLength = 6;

const shape = /^cs_(live|test)_([0-9A-Za-z]{10})[0-9A-Za-z]{30}[0-9A-Za-z]{6}$/;

export interface GeneratedApiKey {
  /** The whole key, shown once and never stored. */
  readonly key: string;
  /** Public part by which the key is looked up. */
  readonly id: string;
  readonly digest: string;
  readonly lastFour: string;
}

/**
 * `cs_live_` or `cs_test_`, a 10-character id, a 30-character secret (178 bits) and a 6-character checksum, all in base 62,
 * so that a double click selects it whole and a scanner recognises a leaked one.
 */
export function generateApiKey(mode: ApiKeyMode, random: Random): GeneratedApiKey {
  const id = drawCharacters(idLength, random);
  const unchecked = `cs_${mode}_${id}${drawCharacters(secretLength, random)}`;
  const key = unchecked + apiKeyChecksum(unchecked);
  return { key, id, digest: apiKeyDigest(key), lastFour: key.slice(-4) };
}

/** Mode and id of a key by shape and checksum alone: a mistyped or made-up key costs no look-up. */
export function parseApiKey(text: string): { readonly mode: ApiKeyMode; readonly id: string } | undefined {
  const match = shape.exec(text);
  const id = match?.[2];
  if (id === undefined) return undefined;
  const body = text.slice(0, -checksumLength);
  if (text.slice(-checksumLength) !== apiKeyChecksum(body)) return undefined;
  return { mode: match?.[1] === "live" ? "live" : "test", id };
}

/** What the store keeps of a key: SHA-256 (hex) of the whole text. */
export function apiKeyDigest(key: string): string {
  return hash("sha256", key, "hex");
}

/** CRC-32 of the ASCII text as six base-62 digits, most significant first. */
export function apiKeyChecksum(text: string): string {
  let rest = crc32(Buffer.from(text));
  let digits = "";
  for (let place = 0; place < checksumLength; place += 1) {
    digits = alphabet.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

/** CRC-32 as in ISO 3309 and PNG: reflected polynomial 0xEDB88320, start and end inverted. */
export function crc32(bytes: Uint8Array): number {
  let register = 0xffff_ffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit += 1) register = (register >>> 1) ^ (register & 1 ? 0xedb8_8320 : 0);
  }
  return (register ^ 0xffff_ffff) >>> 0;
}

function drawCharacters(length: number, random: Random): string {
  let text = "";
  while (text.length < length) text += alphabet.charAt(random.integer(alphabet.length));
  return text;
}
