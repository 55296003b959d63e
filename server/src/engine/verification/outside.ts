import type { Guard, Verification } from "../model.ts";
import type {
  CountedAnswer,
  CountOutsideCommand,
  CountOutsideOutcome,
  NotedOutside,
  NoteOutsideCommand,
  Outside,
  SettleOutsideCommand,
} from "../outside.ts";
import { afterFailure, afterSuccess } from "../policy/limits.ts";
import type { EngineServices } from "../services.ts";
import type { CheckOutcome, CheckRefusal } from "../store.ts";
import type { EngineTools } from "../tools.ts";
import { type CheckResult, openGuard, outcomeAgain, refuseUncounted, withReceipt } from "./check.ts";
import { type Change, type Decision, isUserDisabled, namedVerification, type Rows } from "./decision.ts";
import { receiptClaims } from "./receipt.ts";
import { furtherState } from "./report.ts";
import { approvalChanges } from "./send-results.ts";
import { closeVerification, eventOf, isOpen } from "./status.ts";

/** Notes what the service outside said to an order. Returns when it is durable. */
export async function noteOutside(
  request: Omit<NoteOutsideCommand, "now">,
  { store, clock }: EngineServices,
): Promise<void> {
  await store.verifications.outside.note({ ...request, now: clock.now() });
}

/** Counts one answer; only what is `counted` may be shown to the service outside, and its word goes to `settleOutside`. */
export async function countOutside(
  request: Omit<CountOutsideCommand, "now" | "issuer">,
  services: EngineServices,
): Promise<Extract<CountOutsideOutcome, { readonly kind: "counted" }> | CheckResult> {
  const { store, clock, settings } = services;
  const command = { ...request, now: clock.now(), issuer: settings.issuer };
  const outcome = await store.verifications.outside.count(command);
  return outcome.kind === "counted" ? outcome : withReceipt(outcome, services);
}

/** Decides over a counted answer by what the service said of it. */
export async function settleOutside(
  request: Omit<SettleOutsideCommand, "now" | "issuer">,
  services: EngineServices,
): Promise<CheckResult> {
  const { store, clock, settings } = services;
  const command = { ...request, now: clock.now(), issuer: settings.issuer };
  return withReceipt(await store.verifications.outside.settle(command), services);
}

const unknown = { outcome: { kind: "unknown" }, changes: [], events: [] } as const;

/** Pure: what became of an order. Only the newest code of an open verification can be asked for. */
export function decideNoteOutside(
  command: NoteOutsideCommand,
  rows: Rows,
  tools: EngineTools,
): Decision<NotedOutside | undefined> {
  const verification = namedVerification(command, rows);
  const record = verification?.deliveries.find(({ id }) => id === command.delivery);
  if (!verification?.outside || !record) return { ...unknown, outcome: undefined };
  const { delivery, reference, now: at, actor } = command;
  const isNewest = verification.deliveries.at(-1) === record && isOpen(verification, at);
  const state = furtherState(record.state, command.state);
  const noted: Verification = {
    ...verification,
    deliveries: verification.deliveries.map((one) => (one === record ? { ...one, state, at } : one)),
    ...(isNewest &&
      reference !== undefined && {
        outside: {
          ...verification.outside,
          reference: tools.vault.seal(referencePlace(verification), reference),
        },
      }),
  };
  const country = verification.number?.country;
  const where = { via: record.via, ...(country !== undefined && { country }) };
  const details = {
    delivery,
    ...where,
    ...(command.reason !== undefined && { failure: command.reason }),
    ...(command.providerCode !== undefined && { code: command.providerCode }),
  };
  return {
    outcome: { service: verification.outside.service, ...where },
    changes: [{ write: "verification", verification: noted }],
    events: [eventOf(`delivery.${command.state}`, noted, actor, details)],
  };
}

function referencePlace({ organization, id }: Verification) {
  return { organization, table: "verifications", column: "outside", row: id };
}

/**
 * Pure: count first. It counts as a failure until the service has said otherwise, so an answer that is never learned stays one.
 * The last attempt does not close the verification yet: its answer is still to come.
 */
export function decideCountOutside(
  command: CountOutsideCommand,
  rows: Rows,
  tools: EngineTools,
): Decision<CountOutsideOutcome> {
  const verification = namedVerification(command, rows);
  if (!verification?.outside) return unknown;
  const { outside, rules, sends } = verification;
  const { attempt } = command;
  if (attempt !== undefined && verification.lastAttempt === attempt) {
    // Shown once: of an answer that was on its way when the process ended, nobody knows what the service said.
    const refusal = outside.lastRefusal ?? "unanswered";
    return { outcome: outcomeAgain(verification, refusal, command), changes: [], events: [] };
  }
  const guard = openGuard(verification, command.now, rows);
  if (typeof guard === "string") return refuseUncounted(verification, guard, command);
  if (outside.reference === undefined) return refuseUncounted(verification, "expired", command);
  if (verification.attempts >= rules.maxAttempts) return refuseUncounted(verification, "exhausted", command);
  const attempts = verification.attempts + 1;
  const named = attempt !== undefined && { lastRefusal: undefined };
  const counted = {
    ...verification,
    ...{ attempts, lastAttempt: attempt ?? verification.lastAttempt },
    outside: { ...outside, ...named, waiting: outside.waiting + 1 },
  };
  const failed = afterFailure(guard, rules, command.now);
  const { failures, disabledAt } = failed;
  const events = [eventOf("attempt.counted", counted, command.actor, { attempts, failures })];
  if (disabledAt !== undefined) {
    events.push(eventOf("authenticator.disabled", counted, command.actor, { failures }));
  }
  return {
    outcome: {
      kind: "counted",
      verification: counted,
      counted: {
        sends,
        ...(disabledAt !== undefined && { disabledAt }),
        ...(attempt !== undefined && { attempt }),
      },
      reference: Buffer.from(tools.vault.open(referencePlace(verification), outside.reference)).toString(),
    },
    changes: [
      { write: "verification", verification: counted },
      { write: "guard", guard: failed },
    ],
    events,
  };
}

/** Pure: then close, one winner. What was counted is not counted again. */
export function decideSettleOutside(command: SettleOutsideCommand, rows: Rows): Decision<CheckOutcome> {
  const verification = namedVerification(command, rows);
  if (!verification?.outside) return unknown;
  const { outside } = verification;
  const settled = { ...verification, outside: { ...outside, waiting: Math.max(0, outside.waiting - 1) } };
  if (!isOpen(verification, command.now)) {
    const late = verification.status === "pending" ? "expired" : "closed";
    return refuseLate(remembering(settled, late, command), late, command);
  }
  const guard = rows.guard(verification.organization, verification.guard);
  const reason = refusalReason(verification, guard, command, rows);
  return reason === undefined
    ? approve(settled, guard, command, rows)
    : refuse(remembering(settled, reason, command), guard, reason, command);
}

type Settled = Verification & { readonly outside: Outside };

/** What this answer is told when it comes again, unless another one was given meanwhile. */
function remembering(
  settled: Settled,
  lastRefusal: CheckRefusal,
  { counted }: SettleOutsideCommand,
): Settled {
  const isLast = counted.attempt !== undefined && counted.attempt === settled.lastAttempt;
  return isLast ? { ...settled, outside: { ...settled.outside, lastRefusal } } : settled;
}

/** Undefined: it is right. A code that was sent before the newest one is wrong, whatever the service says. */
function refusalReason(
  verification: Verification,
  guard: Guard,
  { answer, counted }: SettleOutsideCommand,
  rows: Rows,
): CheckRefusal | undefined {
  if (answer === "unknown") return "unanswered";
  if (answer === "wrong" || counted.sends !== verification.sends) return "wrong";
  if (answer === "over") return "expired";
  const { disabledAt } = unlocked(guard, counted);
  return disabledAt !== undefined || isUserDisabled(verification, rows) ? "disabled" : undefined;
}

/** Disabled by counting this very answer: if it is right, there was no failure. */
function unlocked(guard: Guard, counted: CountedAnswer): Guard {
  const isOwn = guard.disabledAt !== undefined && guard.disabledAt === counted.disabledAt;
  return isOwn ? { ...guard, disabledAt: undefined } : guard;
}

function approve(
  settled: Verification,
  guard: Guard,
  command: SettleOutsideCommand,
  rows: Rows,
): Decision<CheckOutcome> {
  const { now, actor, counted } = command;
  const approved = closeVerification(settled, "approved", undefined, now);
  const { attempts, id: receipt } = approved;
  const events = [eventOf("verification.approved", approved, actor, { attempts, receipt })];
  if (counted.disabledAt !== undefined) events.push(eventOf("authenticator.enabled", approved, actor));
  const changes: Change[] = [
    { write: "verification", verification: approved },
    { write: "guard", guard: afterSuccess(unlocked(guard, counted)) },
    ...approvalChanges(approved, rows, now),
  ];
  const claims = receiptClaims(approved, command);
  return { outcome: { kind: "approved", verification: approved, claims }, changes, events };
}

function refuse(
  settled: Settled,
  guard: Guard,
  reason: CheckRefusal,
  { now, actor }: SettleOutsideCommand,
): Decision<CheckOutcome> {
  const { outside, attempts, rules } = settled;
  // The last answer closes it, and while one is still on its way that is not known to be the last.
  const exhausted = attempts >= rules.maxAttempts && outside.waiting === 0;
  const disabled = guard.disabledAt !== undefined;
  const kept: Verification = {
    ...settled,
    // The service has no more use for this code: only another one can be right.
    ...(reason === "expired" && { outside: { ...outside, reference: undefined } }),
  };
  const verification =
    exhausted || disabled
      ? closeVerification(kept, "denied", exhausted ? "too_many_attempts" : "authenticator_disabled", now)
      : kept;
  const { failures } = guard;
  const events = [eventOf("attempt.refused", verification, actor, { reason, attempts, failures })];
  if (verification.status === "denied") events.push(eventOf("verification.denied", verification, actor));
  return {
    outcome: { kind: "refused", reason, verification },
    changes: [{ write: "verification", verification }],
    events,
  };
}

/** It was closed while the service was asked. */
function refuseLate(
  settled: Verification,
  reason: CheckRefusal,
  { actor }: SettleOutsideCommand,
): Decision<CheckOutcome> {
  const { attempts } = settled;
  return {
    outcome: { kind: "refused", reason, verification: settled },
    changes: [{ write: "verification", verification: settled }],
    events: [eventOf("attempt.refused", settled, actor, { reason, attempts })],
  };
}
