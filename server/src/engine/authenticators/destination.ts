import type { DeliveryVia, OrganizationId } from "../model.ts";
import type { Vault } from "../tools.ts";

/**
 * The keyed digest (hex) by which equal destinations of an organization are recognised without being readable: a plain hash
 * of a phone number could be found by trying all of them. `spelling` is the one canonical form used for comparing.
 */
export function destinationKey(
  organization: OrganizationId,
  via: DeliveryVia,
  spelling: string,
  vault: Vault,
): string {
  const family = via === "email" ? "email" : "phone";
  const mac = vault.mac("index", ["countersign/destination/v1", organization, family, spelling]);
  return Buffer.from(mac.value).toString("hex");
}
