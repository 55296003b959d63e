import type { AuditDraft } from "../audit/event.ts";
import type { Conversation } from "../conversations.ts";
import type {
  Authenticator,
  AuthenticatorId,
  DeliveryVia,
  Guard,
  OrganizationId,
  RecoveryCode,
  User,
  UserId,
  Verification,
  VerificationId,
} from "../model.ts";
import type { Delivery } from "../outbox.ts";
import type { SendCounter } from "../policy/sending-counters.ts";
import type { CommandContext } from "../store.ts";

/**
 * What a `decide…` function may look at. A store answers inside its atomic step, with the rows locked or the only
 * writer being itself, so that what was read still holds when the changes are written.
 */
export interface Rows {
  user(organization: OrganizationId, id: UserId): User | undefined;
  authenticators(organization: OrganizationId, user: UserId): readonly Authenticator[];
  recoveryCode(user: UserId, authenticator: AuthenticatorId, selector: number): RecoveryCode | undefined;
  /** A guard without a row yet is an empty one. */
  guard(organization: OrganizationId, key: string): Guard;
  /** The guards of all authenticators of a user. */
  userGuards(organization: OrganizationId, user: UserId): readonly Guard[];
  /** A row of counters of the send rules. */
  counter(organization: OrganizationId, key: string): SendCounter | undefined;
  verification(organization: OrganizationId, id: VerificationId): Verification | undefined;
  /** Version of a conversation; undefined when there is none. */
  conversationVersion(organization: OrganizationId, id: string): number | undefined;
  /** Sealed fixed code of a living test number. */
  testCode(
    organization: OrganizationId,
    via: DeliveryVia,
    destinationKey: string,
    now: number,
  ): TestCode | undefined;
}

export interface TestCode {
  readonly id: string;
  readonly code: string;
}

/** One row to write. */
export type Change =
  | { readonly write: "verification_added"; readonly verification: Verification }
  | { readonly write: "verification"; readonly verification: Verification }
  | { readonly write: "guard"; readonly guard: Guard }
  | { readonly write: "counter"; readonly counter: SendCounter }
  | { readonly write: "delivery"; readonly delivery: Delivery }
  | { readonly write: "conversation"; readonly conversation: Conversation }
  | { readonly write: "authenticator"; readonly authenticator: Authenticator }
  | { readonly write: "recovery_code"; readonly user: UserId; readonly code: RecoveryCode };

/** What is answered, what is written, and what is told: written and told in one durable step, answered after it. */
export interface Decision<Outcome> {
  readonly outcome: Outcome;
  readonly changes: readonly Change[];
  readonly events: readonly AuditDraft[];
}

/** The verification a command names; one of another organization or, for a caller bound to an app, of another app is unknown. */
export function namedVerification(
  command: CommandContext & { readonly id: VerificationId },
  rows: Rows,
): Verification | undefined {
  const verification = rows.verification(command.organization, command.id);
  return command.onlyApp === undefined || verification?.app === command.onlyApp ? verification : undefined;
}

/** Pending verifications are kept on the guard under this key: one per (authenticator, purpose, app). */
export function pendingSlot(purpose: string, app: string | undefined): string {
  return app === undefined ? purpose : `${purpose}|${app}`;
}

/** A person who was disabled after the start is not let in by what was still pending. */
export function isUserDisabled({ organization, user }: Verification, rows: Rows): boolean {
  return user !== undefined && rows.user(organization, user)?.disabledAt !== undefined;
}
