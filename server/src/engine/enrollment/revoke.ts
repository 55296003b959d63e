import type { AuthenticatorView } from "../enrollments.ts";
import { CountersignError } from "../errors.ts";
import type { AuthenticatorId, OrganizationId, UserId } from "../model.ts";
import type { EngineServices } from "../services.ts";
import type { CommandContext } from "../store.ts";

export interface AuthenticatorRequest {
  readonly organization: OrganizationId;
  readonly actor: string;
  readonly user: UserId;
  readonly authenticator: AuthenticatorId;
}

/**
 * Ends an authenticator for good; what is pending on it can no longer be approved. Throws `not_found` when it is not there,
 * somebody else's, or already revoked.
 */
export async function revokeAuthenticator(
  request: AuthenticatorRequest,
  services: EngineServices,
): Promise<void> {
  const context = contextOf(request, services);
  const { user, authenticator } = request;
  const revoked = await services.store.enrollments.revoke(context, user, authenticator);
  if (!revoked) throw noSuchAuthenticator();
}

/**
 * Takes a disable back and forgives the failures; `reason` stands in the record. Throws `not_found` when there is no active
 * or disabled authenticator of this id.
 */
export async function enableAuthenticator(
  request: AuthenticatorRequest & { readonly reason: string },
  services: EngineServices,
): Promise<AuthenticatorView> {
  const { user, authenticator, reason } = request;
  const context = { ...contextOf(request, services), reason };
  const enabled = await services.store.enrollments.enable(context, user, authenticator);
  if (!enabled) throw noSuchAuthenticator();
  const views = await services.store.enrollments.list(request.organization, user);
  const view = views.find((one) => one.authenticator.id === authenticator);
  if (!view) throw noSuchAuthenticator();
  return view;
}

function contextOf(request: AuthenticatorRequest, services: EngineServices): CommandContext {
  const { organization, actor } = request;
  return { organization, actor, now: services.clock.now() };
}

function noSuchAuthenticator(): CountersignError {
  return new CountersignError("not_found", "There is no such authenticator.");
}
