import type { DeliveryVia, NumberFacts, OrganizationId } from "../model.ts";
import type { Vault } from "../tools.ts";

/**
 * The keyed digest (hex) by which equal destinations of an organization are recognised without being readable: a plain hash
 * of a phone number could be found by trying all of them. `spelling` is the one canonical form used for comparing.
 */
export function destinationKey(
  organization: OrganizationId,
  via: DeliveryVia,
  spelling: string,
  vault: Pick<Vault, "mac">,
): string {
  const family = via === "email" ? "email" : "phone";
  const mac = vault.mac("index", ["countersign/destination/v1", organization, family, spelling]);
  return Buffer.from(mac.value).toString("hex");
}

/** Digits of a number that are not part of its prefix: its ten thousand neighbours differ in these only. */
const ownDigits = 4;

/** What the send rules keep of a number (E.164): its plan, and what recognises its prefix and its neighbours without naming them. */
export function numberFacts(
  organization: OrganizationId,
  e164: string,
  plan: Pick<NumberFacts, "country" | "callingCode" | "type">,
  vault: Pick<Vault, "mac">,
): NumberFacts {
  const digest = Buffer.from(
    vault.mac("index", ["countersign/prefix/v1", organization, e164.slice(0, -ownDigits)]).value,
  );
  const places = 10 ** ownDigits;
  return {
    ...plan,
    prefix: digest.subarray(0, 16).toString("base64url"),
    position: (Number(e164.slice(-ownDigits)) + digest.readUInt32BE(16)) % places,
  };
}
