import { destinationKey, numberFacts } from "../engine/authenticators/destination.ts";
import type { KnownDestination } from "../engine/enrollment/begin.ts";
import { CountersignError } from "../engine/errors.ts";
import type { DeliveryVia, OrganizationId } from "../engine/model.ts";
import { isTelephoneVia, neverSentBecause } from "../engine/policy/sending.ts";
import type { StartTarget } from "../engine/store.ts";
import type { Vault } from "../engine/tools.ts";
import type { Destination, NumberPlan } from "./destination.ts";

/** A destination as an organization keeps it: what equal ones and their neighbours are recognised by, under its own key. */
export function keyedDestination(
  organization: OrganizationId,
  via: DeliveryVia,
  { canonical, sendTo, hint, number }: Destination,
  vault: Pick<Vault, "mac">,
): KnownDestination {
  const key = destinationKey(organization, via, canonical, vault);
  return {
    sendTo,
    hint,
    key,
    ...(number && { number: numberFacts(organization, canonical, number, vault) }),
  };
}

export type NamedTarget = Extract<StartTarget, { destination: string }>;

/** The target of a verification by `to`. */
export function targetAt({ sendTo, key, hint, number }: KnownDestination): NamedTarget {
  return { destination: sendTo, destinationKey: key, hint, number };
}

/** Nothing is saved that could never be used. Throws `number_type_blocked`. */
export function demandUsable(
  via: DeliveryVia,
  { number }: { readonly number?: NumberPlan | undefined },
): void {
  const problem = isTelephoneVia(via) ? neverSentBecause(via, number) : undefined;
  if (problem !== undefined) throw new CountersignError("number_type_blocked", problem);
}
