import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { SignedRequest } from "./telephony.ts";

/** What stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo (RFC 8410 §4). */
const keyPrefix = Buffer.from("302a300506032b6570032100", "hex");

/** How old or how new a request may say it is. */
const toleranceMs = 300_000;

/**
 * Whether `telnyx-signature-ed25519` is the account's signature over `<telnyx-timestamp>|<raw body>`, made within five minutes
 * of `now` (developers.telnyx.com, webhook fundamentals). The address is not signed. `publicKey` is Base64, as the portal
 * shows it.
 */
export function isSignedByTelnyx(
  { headers, body }: Pick<SignedRequest, "headers" | "body">,
  publicKey: string,
  now: number,
): boolean {
  const signature = headers["telnyx-signature-ed25519"] ?? "";
  const time = headers["telnyx-timestamp"] ?? "";
  const key = keyOf(publicKey);
  if (key === undefined || !/^[A-Za-z0-9+/]{86}==$/.test(signature)) return false;
  const isFresh = /^[0-9]{9,11}$/.test(time) && Math.abs(Number(time) * 1_000 - now) <= toleranceMs;
  const signed = Buffer.concat([Buffer.from(`${time}|`), body]);
  return isFresh && verify(null, signed, key, Buffer.from(signature, "base64"));
}

function keyOf(publicKey: string): KeyObject | undefined {
  const bytes = Buffer.from(publicKey.trim(), "base64");
  if (bytes.length !== 32) return undefined;
  return createPublicKey({ key: Buffer.concat([keyPrefix, bytes]), format: "der", type: "spki" });
}
