import { createCipheriv, createDecipheriv, type KeyObject } from "node:crypto";
import type { Random } from "../../engine/tools.ts";
import { SealError } from "./errors.ts";

const algorithm = "aes-256-gcm";
const ivBytes = 12;
/** Always given to the cipher: without it Node accepts a tag cut to 4 bytes when opening. */
const tagBytes = 16;

/** A symmetric key under its name, imported once. */
export interface SealingKey {
  readonly kid: string;
  readonly key: KeyObject;
}

/** Sealed text taken apart: `body` is iv, ciphertext and tag. */
export interface SealedParts {
  readonly kid: string;
  readonly body: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D) as text `v1.<kid>.<base64url(iv|ciphertext|tag)>`. */
export function sealBytes(
  sealing: SealingKey,
  context: Uint8Array,
  plaintext: string | Uint8Array,
  random: Random,
): string {
  const iv = random.bytes(ivBytes);
  // A shorter IV would be taken by the cipher without a word.
  if (iv.length !== ivBytes) {
    throw new Error("The random generator gave fewer bytes than it was asked for.");
  }
  const cipher = createCipheriv(algorithm, sealing.key, iv, { authTagLength: tagBytes });
  cipher.setAAD(context);
  const ciphertext =
    typeof plaintext === "string" ? cipher.update(plaintext, "utf8") : cipher.update(plaintext);
  cipher.final();
  const body = Buffer.concat([iv, ciphertext, cipher.getAuthTag()]);
  return `v1.${sealing.kid}.${body.toString("base64url")}`;
}

const sealedPattern = /^v1\.([\w-]{1,64})\.([\w-]+)$/;

/** Takes sealed text apart; only the one spelling that `sealBytes` writes is accepted. Throws `SealError` (`malformed`). */
export function splitSealed(text: string): SealedParts {
  const [, kid = "", encoded = ""] = sealedPattern.exec(text) ?? [];
  const body = Buffer.from(encoded, "base64url");
  if (body.length < ivBytes + tagBytes || body.toString("base64url") !== encoded) {
    throw new SealError("malformed", "This is not a sealed value.");
  }
  return { kid, body };
}

/** Throws `SealError` (`forged`) unless exactly this was sealed with this key in this context. */
export function openBytes(key: KeyObject, context: Uint8Array, body: Buffer): Buffer {
  const tagAt = body.length - tagBytes;
  const decipher = createDecipheriv(algorithm, key, body.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(context);
  decipher.setAuthTag(body.subarray(tagAt));
  try {
    return Buffer.concat([decipher.update(body.subarray(ivBytes, tagAt)), decipher.final()]);
  } catch {
    throw new SealError("forged", "This value was altered, or was sealed for another place.");
  }
}
