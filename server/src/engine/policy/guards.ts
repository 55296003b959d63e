import type { AuthenticatorId, Guard, OrganizationId, UserId } from "../model.ts";

/** Key of the guard of one authenticator: its failures, its pending verifications, its part of the user's send log. */
export function authenticatorGuard(user: UserId, id: AuthenticatorId): string {
  return `${userGuardPrefix(user)}${id}`;
}

/** Key of the guard of a destination: the send log of the number, and the failures of verifications by `to`. */
export function destinationGuard(destinationKey: string): string {
  return `d:${destinationKey}`;
}

/** Every guard key of a user's authenticators, and no other key, begins with this. */
export function userGuardPrefix(user: UserId): string {
  return `a:${user}:`;
}

/** The guard of something nobody has tried yet. */
export function emptyGuard(organization: OrganizationId, key: string): Guard {
  return { organization, key, failures: 0, pending: {}, sends: [] };
}
