import { readFileSync } from "node:fs";
import type { PublicJwk } from "../../engine/audit/checkpoint.ts";
import { CliError, exits } from "../exit.ts";

/** Public keys from a file: one JSON Web Key, a list of them, or `{"keys": [...]}` (RFC 7517 §5). */
export function readTrustedKeys(path: string): readonly PublicJwk[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw unusable(path);
  }
  const listed = typeof value === "object" && value !== null && "keys" in value ? value.keys : value;
  const keys = [listed].flat().map(keyOf);
  const usable = keys.flatMap((key) => key ?? []);
  if (usable.length === 0 || usable.length < keys.length) throw unusable(path);
  return usable;
}

function keyOf(value: unknown): PublicJwk | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kty, crv, x, kid } = value as Record<string, unknown>;
  if (kty !== "OKP" || crv !== "Ed25519" || typeof x !== "string" || typeof kid !== "string")
    return undefined;
  return { kty, crv, x, kid, use: "sig", alg: "EdDSA" };
}

function unusable(path: string): CliError {
  return new CliError(exits.usage, `${path} does not hold Ed25519 keys as JSON Web Keys.`, "keys_unreadable");
}
