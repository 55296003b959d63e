import type { AuditDraft } from "../audit/event.ts";
import { timeOrderedId } from "../code/random.ts";
import type { Authenticator, Guard, Verification, Via } from "../model.ts";
import { isDeliveryVia } from "../model.ts";
import type { OutsideService } from "../outside.ts";
import { authenticatorGuard } from "../policy/guards.ts";
import { resendWait } from "../policy/limits.ts";
import { isTelephoneVia } from "../policy/sending.ts";
import type { EngineServices } from "../services.ts";
import type { CommandContext, ResendCommand, StartOutcome, StartRefusal } from "../store.ts";
import type { EngineTools } from "../tools.ts";
import {
  type Change,
  type Decision,
  isUserDisabled,
  namedVerification,
  pendingSlot,
  type Rows,
} from "./decision.ts";
import { pointTo, supersede } from "./pending.ts";
import { checkSend, type SendRefused, withMessage } from "./send.ts";
import { eventOf, isOpen } from "./status.ts";

export type ResendRequest = Omit<ResendCommand, "deliveryId" | "now">;

/** Sends another message of a pending verification, by the same or another method; attempts go on counting. */
export async function resendVerification(
  request: ResendRequest,
  services: EngineServices,
): Promise<StartOutcome> {
  const now = services.clock.now();
  const deliveryId = timeOrderedId(now, services.random);
  const outcome = await services.store.verifications.resend({ ...request, deliveryId, now });
  if (outcome.kind !== "refused" && outcome.delivery) services.dispatch(outcome.delivery);
  return outcome;
}

/** Pure: one more message over the rows it concerns. */
export function decideResend(command: ResendCommand, rows: Rows, tools: EngineTools): Decision<StartOutcome> {
  const verification = namedVerification(command, rows);
  if (!verification) return refuse("not_found", undefined, command);
  if (!isOpen(verification, command.now)) return refuse("already_closed", verification, command);
  if (isUserDisabled(verification, rows)) return refuse("not_found", verification, command);
  if (command.via === undefined || command.via === verification.via) {
    const { organization, user } = verification;
    const authenticator =
      user === undefined
        ? undefined
        : rows.authenticators(organization, user).find((one) => one.id === verification.authenticator);
    return decideResendOf(verification, authenticator, command, rows, tools);
  }
  return resendBy(command.via, verification, command, rows, tools);
}

interface ResendContext extends CommandContext {
  readonly deliveryId: string;
  readonly production?: boolean;
  readonly outside?: OutsideService | undefined;
  /** Names of the providers whose messages did not arrive: this one goes by another, and need not wait. */
  readonly insteadOf?: readonly string[] | undefined;
}

/** The message itself; `verification` is open and `authenticator` is the one it now belongs to. */
export function decideResendOf(
  verification: Verification,
  authenticator: Authenticator | undefined,
  context: ResendContext,
  rows: Rows,
  tools: EngineTools,
): Decision<StartOutcome> {
  const { now, insteadOf } = context;
  const guard = rows.guard(verification.organization, verification.guard);
  const obstacle = obstacleTo(verification, guard, authenticator, context);
  if (obstacle) return refuse(obstacle, verification, context);
  const wait = resendWait(verification.rules, verification.sends, verification.lastSentAt, now);
  if (wait > 0 && !insteadOf) return refuse("resend_too_soon", verification, context, wait);
  const test = testCodeOf(verification, now, rows);
  let changes: readonly Change[] = [];
  let noticed: readonly AuditDraft[] = [];
  if (!test) {
    const owner = verification.user === undefined ? undefined : guard;
    const { actor, deliveryId } = context;
    const question = { owner, limits: verification.rules, authenticator, actor, deliveryId, now };
    const send = checkSend(verification, question, rows, tools);
    if (!send.allowed) return refuseSend(send, verification, context);
    changes = [...send.guards.map((one): Change => ({ write: "guard", guard: one })), ...send.changes];
    noticed = send.events;
  }
  const message = withMessage(
    verification,
    { deliveryId: context.deliveryId, now, test, authenticator, skip: insteadOf },
    tools,
  );
  return {
    outcome: {
      kind: "resent",
      verification: message.verification,
      ...(message.delivery && { delivery: message.delivery }),
      ...(message.order && { order: message.order }),
    },
    changes: [{ write: "verification", verification: message.verification }, ...changes, ...message.changes],
    events: [
      ...noticed,
      eventOf("verification.resent", message.verification, context.actor, {
        sends: message.verification.sends,
        ...(insteadOf && { insteadOf: insteadOf.join(", ") }),
      }),
    ],
  };
}

/** Why no message of it can be sent at all. */
function obstacleTo(
  verification: Verification,
  guard: Guard,
  authenticator: Authenticator | undefined,
  context: ResendContext,
): StartRefusal | undefined {
  const { via, outside, rules } = verification;
  if (outside && outside.service !== context.outside) return "sent_outside";
  const reaches = outside ? isTelephoneVia : isDeliveryVia;
  if (!reaches(via)) return "method_not_allowed_by_policy";
  if (verification.user !== undefined && !isUsable(authenticator, verification)) return "no_authenticator";
  if (guard.disabledAt !== undefined || guard.failures >= rules.failureBudget)
    return "authenticator_disabled";
  return verification.sends >= rules.maxSends ? "too_many_sends" : undefined;
}

/** A verification of a test number stays one: its rule was captured at the start. */
function testCodeOf(verification: Verification, now: number, rows: Rows) {
  const { via, destinationKey, organization } = verification;
  if (!verification.rules.test || !isDeliveryVia(via) || destinationKey === undefined) return undefined;
  return rows.testCode(organization, via, destinationKey, now);
}

function isUsable(authenticator: Authenticator | undefined, verification: Verification): boolean {
  if (!authenticator) return false;
  return (
    authenticator.status === "active" ||
    (authenticator.status === "pending" && verification.authenticator === authenticator.id)
  );
}

/** Another method: the user's own authenticator of that kind, or the same number read aloud. */
function resendBy(
  via: Via,
  verification: Verification,
  command: ResendCommand,
  rows: Rows,
  tools: EngineTools,
): Decision<StartOutcome> {
  const { organization, user } = verification;
  if (!isDeliveryVia(via) || !verification.rules.vias.includes(via)) {
    return refuse("method_not_allowed_by_policy", verification, command);
  }
  if (user === undefined) {
    if (via === "email" || verification.via === "email")
      return refuse("no_authenticator", verification, command);
    return decideResendOf({ ...verification, via }, undefined, command, rows, tools);
  }
  const authenticator = rows
    .authenticators(organization, user)
    .findLast((one) => one.kind === via && one.status === "active");
  if (!authenticator) return refuse("no_authenticator", verification, command);
  const guard = rows.guard(organization, authenticatorGuard(user, authenticator.id));
  const moved: Verification = {
    ...verification,
    via,
    authenticator: authenticator.id,
    guard: guard.key,
    destinationKey: authenticator.destinationKey,
    number: authenticator.number,
    hint: authenticator.hint,
    // The old code was for another destination: it must not be repeated to this one.
    sealedCode: undefined,
  };
  const decision = decideResendOf(moved, authenticator, command, rows, tools);
  if (decision.outcome.kind === "refused") return decision;
  return withPendingMoved(decision, guard, verification, command, rows);
}

/** One pending verification per authenticator: the one that moves here takes the place of another. */
function withPendingMoved(
  decision: Decision<StartOutcome>,
  guard: Guard,
  verification: Verification,
  command: ResendCommand,
  rows: Rows,
): Decision<StartOutcome> {
  const other = guard.pending[pendingSlot(verification.purpose, verification.app)];
  const { pending, ...room } = pointTo(verification, guard, command, rows);
  const changes = decision.changes.map(
    (change): Change =>
      change.write === "guard" && change.guard.key === guard.key
        ? { write: "guard", guard: { ...change.guard, pending } }
        : change,
  );
  const displaced =
    other === undefined || other === verification.id
      ? undefined
      : rows.verification(verification.organization, other);
  const replaced = displaced && isOpen(displaced, command.now) ? supersede(displaced, command) : undefined;
  return {
    ...decision,
    changes: [...changes, ...room.changes, ...(replaced?.changes ?? [])],
    events: [...decision.events, ...room.events, ...(replaced?.events ?? [])],
  };
}

function refuseSend(
  refused: SendRefused,
  verification: Verification,
  context: CommandContext,
): Decision<StartOutcome> {
  const { reason, rule, retryAfterSeconds, place, changes, events } = refused;
  const { outcome } = refuse(reason, verification, context, retryAfterSeconds);
  return {
    outcome: { ...outcome, ...(rule && { rule }) } as StartOutcome,
    changes,
    events: [
      ...events,
      eventOf("send.refused", verification, context.actor, { ...place, reason: rule ?? reason }),
    ],
  };
}

function refuse(
  reason: StartRefusal,
  verification: Verification | undefined,
  context: CommandContext,
  retryAfterSeconds?: number,
): Decision<StartOutcome> {
  return {
    outcome: { kind: "refused", reason, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    changes: [],
    events: verification ? [eventOf("send.refused", verification, context.actor, { reason })] : [],
  };
}
