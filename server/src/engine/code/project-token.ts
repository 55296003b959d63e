import type { Random, Vault } from "../tools.ts";
import { equalBytes } from "./digest.ts";

const domain = "countersign/signalwire-token/v1";

/** The form of SignalWire's own tokens, 192 random bits: what recognises those in a leak recognises ours. */
export function generateProjectToken(random: Random): string {
  return `PT${Buffer.from(random.bytes(24)).toString("hex")}`;
}

/**
 * What the store keeps of a project's token: `<kid>.<hex>`, keyed, because a token that was taken over from elsewhere may be
 * too short for a plain hash. The index key never changes, so neither does this.
 */
export function projectTokenDigest(project: string, token: string, vault: Vault): string {
  const { kid, value } = vault.mac("index", [domain, project, token]);
  return `${kid}.${Buffer.from(value).toString("hex")}`;
}

/** Whether this is the project's token, in constant time. Without a digest the same work is done, and it is not. */
export function isProjectToken(
  given: { readonly project: string; readonly token: string },
  digest: string | undefined,
  vault: Vault,
): boolean {
  const fields = [domain, given.project, given.token];
  const [kid = "", expected = ""] = digest?.split(".") ?? [];
  const made = digest === undefined ? vault.mac("index", fields).value : vault.macWith(kid, "index", fields);
  return made !== undefined && equalBytes(made, Buffer.from(expected, "hex"));
}
