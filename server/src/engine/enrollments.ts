import type {
  Authenticator,
  AuthenticatorId,
  Guard,
  NumberFacts,
  OrganizationId,
  RecoveryCode,
  UserId,
  VerificationId,
} from "./model.ts";
import type { CommandContext, ReasonedContext } from "./store.ts";

/** The authenticators of people, and what proves that they are theirs. */
export interface EnrollmentStore {
  begin(authenticator: Authenticator, codes: readonly RecoveryCode[], context: CommandContext): Promise<void>;
  /** Counts the attempt, compares, activates; one winner. */
  confirm(command: ConfirmCommand): Promise<ConfirmOutcome>;
  find(organization: OrganizationId, user: UserId, id: AuthenticatorId): Promise<Authenticator | undefined>;
  list(organization: OrganizationId, user: UserId): Promise<readonly AuthenticatorView[]>;
  /** The recovery code with this printed number, of the set that the verification asks for. */
  recoveryCodeFor(
    organization: OrganizationId,
    verification: VerificationId,
    selector: number,
  ): Promise<RecoveryCode | undefined>;
  /** Telephone numbers of any organization that the send rules know nothing of yet, at most `limit`. */
  withoutNumber(limit: number): Promise<readonly Authenticator[]>;
  /** Notes what is known of the number; nothing happens when it changed meanwhile. */
  noteNumber(authenticator: Authenticator, number: NumberFacts): Promise<void>;
  /** Ends it for good; pending verifications on it can no longer be approved. False: not there. */
  revoke(context: CommandContext, user: UserId, id: AuthenticatorId): Promise<boolean>;
  /** Takes away `disabled` and the failure count; `reason` stands in the record. False: not there. */
  enable(context: ReasonedContext, user: UserId, id: AuthenticatorId): Promise<boolean>;
  /** The same for a number or address of verifications by `to`; `hint` is its mask. False: nothing was counted. */
  enableDestination(context: ReasonedContext, destinationKey: string, hint: string): Promise<boolean>;
}

export interface ConfirmCommand extends CommandContext {
  readonly user: UserId;
  readonly id: AuthenticatorId;
  readonly candidates: readonly string[];
  readonly issuer: string;
}

export type ConfirmOutcome =
  | { readonly kind: "confirmed"; readonly authenticator: Authenticator }
  | { readonly kind: "refused" }
  | { readonly kind: "unknown" };

/** An authenticator together with its counters, for lists. */
export interface AuthenticatorView {
  readonly authenticator: Authenticator;
  readonly guard?: Guard | undefined;
  readonly recoveryCodesLeft?: number | undefined;
}
