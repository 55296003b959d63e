import { timingSafeEqual } from "node:crypto";

/** First field of everything that is hashed for a one-time code, so that no other MAC of ours can stand for it. */
const codeDomain = "countersign/otp/v1";

/**
 * Each field as a 4-byte big-endian length and its UTF-8 bytes: two different lists of fields never give the same bytes.
 * Fields are well-formed text (a lone surrogate has no UTF-8 form and would be written as U+FFFD).
 */
export function lengthPrefixed(fields: readonly string[]): Buffer {
  let size = 0;
  for (const field of fields) size += 4 + Buffer.byteLength(field);
  const bytes = Buffer.allocUnsafe(size);
  let offset = 0;
  for (const field of fields) {
    const written = bytes.write(field, offset + 4);
    bytes.writeUInt32BE(written, offset);
    offset += 4 + written;
  }
  return bytes;
}

/** What the MAC of a code covers: a code is worth something for its own verification of its own organization only. */
export function codeFields(organization: string, verification: string, code: string): readonly string[] {
  return [codeDomain, organization, verification, code];
}

/** Constant time for equal lengths; false, without an error, for others. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}
