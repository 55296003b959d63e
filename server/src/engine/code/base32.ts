import { CountersignError } from "../errors.ts";

/** RFC 4648 §6. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 §6 in upper case without padding, as authenticator apps expect it. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet.charAt((value << (5 - bits)) & 31) : text;
}

/**
 * The bytes of a pasted secret: lower case, white space and padding are fine. Throws `invalid_request` for any other
 * character, for a length that no encoder makes, and for set bits behind the last byte (RFC 4648 §3.5).
 */
export function decodeBase32(text: string): Uint8Array {
  const letters = withoutPadding(text.replace(/\s/g, "").toUpperCase());
  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8));
  let bits = 0;
  let value = 0;
  let written = 0;
  for (const letter of letters) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) throw notBase32();
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[written] = value >>> bits;
      written += 1;
      value &= (1 << bits) - 1;
    }
  }
  if (bits >= 5 || value !== 0) throw notBase32();
  return bytes;
}

function withoutPadding(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === "=") end -= 1;
  return text.slice(0, end);
}

function notBase32(): CountersignError {
  return new CountersignError("invalid_request", "The secret is not Base32 text.");
}
