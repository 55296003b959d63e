import type { AuditDraft } from "../audit/event.ts";
import { normalizeCode } from "../code/normalize.ts";
import { recoveryHash } from "../code/recovery.ts";
import { parseRecoveryCode } from "../code/recovery-text.ts";
import { tokenCandidates } from "../code/token.ts";
import type { ConversationChange } from "../conversations.ts";
import type { Guard, Verification, VerificationState } from "../model.ts";
import { afterFailure, afterSuccess, isBlocked } from "../policy/limits.ts";
import type { EngineServices } from "../services.ts";
import type { CheckCommand, CheckOutcome, CheckRefusal, CommandContext } from "../store.ts";
import type { EngineTools } from "../tools.ts";
import { type Answer, compare } from "./compare.ts";
import { type Change, type Decision, isUserDisabled, namedVerification, type Rows } from "./decision.ts";
import { receiptClaims, signReceipt } from "./receipt.ts";
import { approvalChanges } from "./send-results.ts";
import { closeVerification, eventOf, isOpen } from "./status.ts";

export interface CheckRequest extends Omit<CheckCommand, "candidates" | "recovery" | "issuer" | "now"> {
  /** What the person typed or said, as it came. */
  readonly answer: string;
  /** Language of a spoken answer; also its digits' names. */
  readonly locale?: string | undefined;
  /** Lengths that a code can have here, where that is known; another length is a wrong answer. */
  readonly lengths?: readonly number[] | undefined;
}

/** `malformed`: not a code at all, so nothing was counted. */
export type CheckResult =
  | {
      readonly kind: "approved";
      readonly verification: VerificationState;
      readonly receipt: string;
      /** `whenApproved` was written in the same step. */
      readonly kept: boolean;
    }
  | Exclude<CheckOutcome, { readonly kind: "approved" }>
  | { readonly kind: "malformed" };

/**
 * Checks one answer: find, refuse if closed, count, compare, close — one atomic step in the store, durable before this
 * returns. At most two readings of the answer are compared and they are one attempt.
 */
export async function checkVerification(
  request: CheckRequest,
  services: EngineServices,
): Promise<CheckResult> {
  const { answer, locale, lengths = acceptedLengths, ...context } = request;
  const now = services.clock.now();
  const command = {
    ...context,
    now,
    issuer: services.settings.issuer,
  };
  const { check } = services.store.verifications;
  const digits = normalizeCode(answer, { locale, kind: "digits", lengths });
  if (digits.ok) return withReceipt(await check({ ...command, candidates: digits.candidates }), services);
  const recovery = parseRecoveryCode(answer, locale);
  if (!recovery) return { kind: "malformed" };
  const { selector } = recovery;
  const { organization, id } = request;
  const stored = await services.store.enrollments.recoveryCodeFor(organization, id, selector);
  const hash = await recoveryHash(recovery.secret, stored);
  return withReceipt(await check({ ...command, candidates: [], recovery: { selector, hash } }), services);
}

/**
 * The same for a surface whose codes may hold letters. Whatever the person answered is one attempt, also what can be no code:
 * its callers know no other answer than right and wrong.
 */
export async function checkToken(
  request: Omit<CheckRequest, "locale" | "lengths">,
  services: EngineServices,
): Promise<CheckResult> {
  const { answer, ...context } = request;
  const now = services.clock.now();
  const outcome = await services.store.verifications.check({
    ...context,
    now,
    candidates: tokenCandidates(answer),
    issuer: services.settings.issuer,
  });
  return withReceipt(outcome, services);
}

/** Signs what the outcome of a check is worth; Ed25519 is deterministic, so the same outcome has the same receipt. */
export function withReceipt(outcome: CheckOutcome, { vault }: EngineServices): CheckResult {
  if (outcome.kind !== "approved") return outcome;
  const { kind, verification, claims, kept = false } = outcome;
  return { kind, verification, receipt: signReceipt(claims, vault), kept };
}

/** The receipt of the answer with this name once more. Undefined: it was not the one that was approved. */
export async function receiptAgain(
  request: Pick<CheckRequest, "organization" | "id" | "actor"> & { readonly attempt: string },
  { store, clock, settings, vault }: EngineServices,
): Promise<string | undefined> {
  const outcome = await store.verifications.check({
    ...request,
    now: clock.now(),
    // Never looked at: an answer of this name was counted.
    candidates: [],
    issuer: settings.issuer,
  });
  return outcome.kind === "approved" ? signReceipt(outcome.claims, vault) : undefined;
}

/** Every length a code may have under any policy (design rule 4); a wrong length is a wrong answer, not a bad request. */
const acceptedLengths: readonly number[] = [3, 4, 5, 6, 7, 8, 9, 10];

/** Pure: count, then compare, then consume. */
export function decideCheck(command: CheckCommand, rows: Rows, tools: EngineTools): Decision<CheckOutcome> {
  const verification = namedVerification(command, rows);
  if (!verification) return { outcome: { kind: "unknown" }, changes: [], events: [] };
  if (command.attempt !== undefined && verification.lastAttempt === command.attempt) {
    return { outcome: outcomeAgain(verification, "wrong", command), changes: [], events: [] };
  }
  const guard = openGuard(verification, command.now, rows);
  if (typeof guard === "string") return refuseUncounted(verification, guard, command);
  if (verification.outside) return refuseUncounted(verification, "checked_outside", command);

  const counted = {
    ...verification,
    attempts: verification.attempts + 1,
    lastAttempt: command.attempt ?? verification.lastAttempt,
  };
  const answer = compare(counted, guard, command, rows, tools);
  return answer.right
    ? approve(counted, guard, answer, command, rows)
    : refuseCounted(counted, guard, answer.reason, command);
}

/** The counters of a verification that takes an answer now; otherwise why it does not. */
export function openGuard(verification: Verification, now: number, rows: Rows): Guard | CheckRefusal {
  if (!isOpen(verification, now)) return verification.status === "pending" ? "expired" : "closed";
  if (isUserDisabled(verification, rows)) return "disabled";
  const guard = rows.guard(verification.organization, verification.guard);
  const isSpent = guard.disabledAt !== undefined || guard.failures >= verification.rules.failureBudget;
  if (isSpent) return "disabled";
  return isBlocked(guard, now) ? "throttled" : guard;
}

/** What an answer that was counted before is told: the right one has its receipt again, every other one its refusal. */
export function outcomeAgain(
  verification: Verification,
  reason: CheckRefusal,
  { issuer }: Pick<CheckCommand, "issuer">,
): CheckOutcome {
  const { status, closedAt: now } = verification;
  return status === "approved" && now !== undefined
    ? { kind: "approved", verification, claims: receiptClaims(verification, { issuer, now }) }
    : { kind: "refused", reason, verification };
}

function approve(
  counted: Verification,
  guard: Guard,
  answer: Extract<Answer, { right: true }>,
  command: CheckCommand,
  rows: Rows,
): Decision<CheckOutcome> {
  const approved = closeVerification(counted, "approved", undefined, command.now);
  const cleared = clearedGuard(guard, answer.lastStep);
  const changes: Change[] = [{ write: "verification", verification: approved }, ...answer.changes];
  // A guard that had nothing to clear is not written: the common case costs one row.
  if (cleared !== guard) changes.push({ write: "guard", guard: cleared });
  changes.push(...approvalChanges(approved, rows, command.now));
  const events: AuditDraft[] = [
    eventOf("verification.approved", approved, command.actor, {
      attempts: approved.attempts,
      receipt: approved.id,
    }),
  ];
  if (command.recovery) {
    events.push(
      eventOf("recovery_code.used", approved, command.actor, { selector: command.recovery.selector }),
    );
  }
  const claims = receiptClaims(approved, command);
  const { conversation, events: told } = keptTurn(command, rows);
  if (conversation !== undefined) changes.push({ write: "conversation", conversation });
  return {
    outcome: {
      kind: "approved",
      verification: approved,
      claims,
      ...(conversation !== undefined && { kept: true }),
    },
    changes,
    events: [...events, ...told],
  };
}

/** The dialogue's turn, unless another one came first. */
function keptTurn(
  { organization, whenApproved }: CheckCommand,
  rows: Rows,
): Partial<ConversationChange> & Pick<ConversationChange, "events"> {
  if (whenApproved === undefined) return { events: [] };
  const { id, version } = whenApproved.conversation;
  const current = rows.conversationVersion(organization, id) ?? 0;
  return current === version - 1 ? whenApproved : { events: [] };
}

/** The same object when there is nothing to clear or to remember. */
function clearedGuard(guard: Guard, lastStep: number | undefined): Guard {
  if (guard.failures === 0 && guard.blockedUntil === undefined && lastStep === undefined) return guard;
  const cleared = afterSuccess(guard);
  return lastStep === undefined ? cleared : { ...cleared, lastStep };
}

function refuseCounted(
  counted: Verification,
  guard: Guard,
  reason: "wrong" | "replayed",
  command: CheckCommand,
): Decision<CheckOutcome> {
  const { now, actor } = command;
  const failed = afterFailure(guard, counted.rules, now);
  const exhausted = counted.attempts >= counted.rules.maxAttempts;
  const disabled = failed.disabledAt !== undefined;
  const verification =
    exhausted || disabled
      ? closeVerification(counted, "denied", exhausted ? "too_many_attempts" : "authenticator_disabled", now)
      : counted;
  const details = { reason, attempts: counted.attempts, failures: failed.failures };
  const events = [eventOf("attempt.refused", verification, actor, details)];
  if (verification.status === "denied") events.push(eventOf("verification.denied", verification, actor));
  if (disabled)
    events.push(eventOf("authenticator.disabled", verification, actor, { failures: failed.failures }));
  return {
    outcome: { kind: "refused", reason, verification },
    changes: [
      { write: "verification", verification },
      { write: "guard", guard: failed },
    ],
    events,
  };
}

/** Closed, blocked or disabled: the answer is not looked at, so it tells nothing and costs nothing. */
export function refuseUncounted(
  verification: Verification,
  reason: CheckRefusal,
  command: CommandContext,
): Decision<Extract<CheckOutcome, { readonly kind: "refused" }>> {
  return {
    outcome: { kind: "refused", reason, verification },
    changes: [],
    events: [eventOf("attempt.refused", verification, command.actor, { reason, counted: false })],
  };
}
