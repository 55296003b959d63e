import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { PublicJwk } from "../../engine/audit/checkpoint.ts";

/** An Ed25519 key pair (RFC 8032), imported once. */
export interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: PublicJwk;
}

/** The fixed beginning of an Ed25519 private key in PKCS #8 (RFC 8410 §7); the 32-byte seed follows. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** Imports a 32-byte seed. */
export function importSigningKey(kid: string, seed: Uint8Array): SigningKey {
  const der = Buffer.concat([pkcs8Prefix, seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  const publicKey = createPublicKey(privateKey);
  const { x } = publicKey.export({ format: "jwk" });
  if (typeof x !== "string") {
    throw new Error("An Ed25519 public key without x cannot be.");
  }
  return {
    kid,
    privateKey,
    publicKey,
    jwk: { kty: "OKP", crv: "Ed25519", x, kid, use: "sig", alg: "EdDSA" },
  };
}

/** Ed25519 over the text (UTF-8), base64url. */
export function signText(key: SigningKey, text: string): string {
  return sign(null, Buffer.from(text), key.privateKey).toString("base64url");
}

/** False too for another spelling of the same signature. */
export function isTextSigned(key: SigningKey, text: string, signature: string): boolean {
  const bytes = Buffer.from(signature, "base64url");
  return bytes.toString("base64url") === signature && verify(null, Buffer.from(text), key.publicKey, bytes);
}

/** A compact JWS with `alg: EdDSA` (RFC 7515 §7.1, RFC 8037 §3.1). */
export function signJwtWith(key: SigningKey, typ: string, claims: Readonly<Record<string, unknown>>): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const text = `${jwtHeader(key.kid, typ)}.${payload}`;
  return `${text}.${signText(key, text)}`;
}

/**
 * The claims of a token that one of these keys signed as `typ`; undefined for any other. Times are not looked at.
 * Only our own spelling of the header is accepted, so `alg` cannot be chosen and `crit` cannot be slipped in (RFC 8725 §3.1).
 */
export function verifyJwtWith(
  keys: Iterable<SigningKey>,
  token: string,
  typ: string,
): Readonly<Record<string, unknown>> | undefined {
  const [header, payload, signature, ...rest] = token.split(".");
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    return undefined;
  }
  for (const key of keys) {
    if (header === jwtHeader(key.kid, typ) && isTextSigned(key, `${header}.${payload}`, signature)) {
      return JSON.parse(Buffer.from(payload, "base64url").toString());
    }
  }
  return undefined;
}

function jwtHeader(kid: string, typ: string): string {
  return Buffer.from(JSON.stringify({ alg: "EdDSA", typ, kid })).toString("base64url");
}
