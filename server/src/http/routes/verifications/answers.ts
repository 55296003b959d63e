import { CountersignError } from "../../../engine/errors.ts";
import type { VerificationState } from "../../../engine/model.ts";
import type { StartOutcome, StartRefusal } from "../../../engine/store.ts";
import { holdsScope, type Principal } from "../../access.ts";

/**
 * The verification of a start or resend that was granted; throws the refusal otherwise. Which send rule refused is told to keys
 * that may know the details: to all others it would be a probe of the rules.
 */
export function grantedOf(outcome: StartOutcome, principal: Principal): VerificationState {
  if (outcome.kind !== "refused") return outcome.verification;
  const { reason, rule, retryAfterSeconds } = outcome;
  if (rule === undefined || !holdsScope(principal, "verifications:detail")) {
    throw refusal(reason, rule === undefined ? retryAfterSeconds : undefined);
  }
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  throw new CountersignError(rule, `${refusals.send_refused} It is the rule ${rule}.`, details);
}

export function refusal(reason: StartRefusal, retryAfterSeconds?: number): CountersignError {
  return new CountersignError(
    reason,
    refusals[reason],
    retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
  );
}

const refusals = {
  not_found: "There is no such verification or user.",
  no_authenticator: "The user has no active authenticator for this way of verifying.",
  authenticator_disabled: "Too many failures in a row disabled this authenticator.",
  method_not_allowed_by_policy: "The policy in force does not allow this.",
  already_closed: "This verification is already closed.",
  resend_too_soon: "The last message was sent too short a time ago.",
  too_many_sends: "This verification has had all its messages.",
  rate_limited: "This destination or user has had as many messages as the policy allows for now.",
  send_refused: "The rules for messages to telephones refuse this one.",
  sent_outside: "Another service makes and sends the codes of this verification.",
} as const;

/** Unknown and foreign ids get this very answer. */
export function unknownVerification(): CountersignError {
  return new CountersignError("not_found", "There is no such verification.");
}
