import { parseDestination } from "../../../delivery/destination.ts";
import { keyedDestination, type NamedTarget, targetAt } from "../../../delivery/destination-known.ts";
import type { KnownDestination } from "../../../engine/enrollment/begin.ts";
import { CountersignError } from "../../../engine/errors.ts";
import { type DeliveryVia, isDeliveryVia } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import type { StartTarget } from "../../../engine/store.ts";
import { defaultPurpose } from "../../../engine/tools.ts";
import { ownPurposePrefix } from "../../../engine/verification/terms.ts";
import type { Principal } from "../../access.ts";
import type { StartBodyType } from "./start.ts";

/** Whom the body names: a user, or a destination in its one canonical form. */
export async function targetOf(
  body: StartBodyType,
  principal: Principal,
  services: EngineServices,
): Promise<StartTarget> {
  if ((body.user === undefined) === (body.to === undefined)) {
    throw invalid("/user", "give either `user` or `to`");
  }
  if (body.user !== undefined) return { user: body.user, authenticator: body.authenticator };
  if (body.authenticator !== undefined) throw invalid("/authenticator", "belongs to a `user`, not to `to`");
  if (!isDeliveryVia(body.via)) throw invalid("/via", "a verification by `to` goes by sms, voice or email");
  return targetTo(principal.organization, body.via, body.to ?? "", services);
}

/** A destination that the caller names. Throws `invalid_destination`. */
export async function targetTo(
  organization: string,
  via: DeliveryVia,
  to: string,
  services: EngineServices,
): Promise<NamedTarget> {
  const known = await knownDestination(organization, via, to, services);
  return targetAt(known);
}

/** Reads a number or an address as people write it. Throws `invalid_destination`. */
export async function knownDestination(
  organization: string,
  via: DeliveryVia,
  input: string,
  services: EngineServices,
): Promise<KnownDestination> {
  const country = await services.settings.countryOf(organization);
  return keyedDestination(organization, via, parseDestination(via, input, { country }), services.vault);
}

/** Purposes beginning with `countersign.` are the server's own: a caller could otherwise confirm an enrollment by the API. */
export function purposeOf(purpose: string | undefined): string {
  if (purpose?.startsWith(ownPurposePrefix)) throw invalid("/purpose", "is reserved");
  return purpose ?? defaultPurpose;
}

/** A key made for one app works for that app only. */
export function appFor(app: string | undefined, principal: Principal): string | undefined {
  if (principal.app === undefined || app === principal.app) return app;
  if (app !== undefined) throw new CountersignError("forbidden", "This key works for another app.");
  return principal.app;
}

function invalid(field: string, problem: string): CountersignError {
  return new CountersignError("invalid_request", "The request is not valid.", {
    fields: [{ field, problem }],
  });
}
