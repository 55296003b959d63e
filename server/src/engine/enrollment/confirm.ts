import type { AuditDraft } from "../audit/event.ts";
import { matchAuthenticatorApp } from "../authenticators/totp.ts";
import { normalizeCode } from "../code/normalize.ts";
import type { ConfirmCommand, ConfirmOutcome } from "../enrollments.ts";
import type { Authenticator, Guard } from "../model.ts";
import { authenticatorGuard } from "../policy/guards.ts";
import type { EngineServices } from "../services.ts";
import type { EngineTools } from "../tools.ts";
import { decideCheck } from "../verification/check.ts";
import { type Change, type Decision, pendingSlot, type Rows } from "../verification/decision.ts";
import { enrollmentPurpose } from "../verification/start.ts";

export interface ConfirmRequest extends Omit<ConfirmCommand, "candidates" | "now" | "issuer"> {
  readonly answer: string;
}

/** Wrong codes after which a pending enrollment is dead. */
const mostAttempts = 5;

/** Activates a pending authenticator by one right code. `malformed`: not a code at all, nothing was counted. */
export async function confirmEnrollment(
  request: ConfirmRequest,
  services: EngineServices,
): Promise<ConfirmOutcome | { readonly kind: "malformed" }> {
  const { answer, ...context } = request;
  const digits = normalizeCode(answer, { kind: "digits", lengths: [6, 7, 8, 9, 10] });
  if (!digits.ok) return { kind: "malformed" };
  const now = services.clock.now();
  return services.store.enrollments.confirm({
    ...context,
    now,
    candidates: digits.candidates,
    issuer: services.settings.issuer,
  });
}

/** Pure: count, compare, activate. */
export function decideConfirm(
  command: ConfirmCommand,
  rows: Rows,
  tools: EngineTools,
): Decision<ConfirmOutcome> {
  const authenticator = rows
    .authenticators(command.organization, command.user)
    .find((one) => one.id === command.id);
  if (!authenticator) return { outcome: { kind: "unknown" }, changes: [], events: [] };
  const over = authenticator.expiresAt !== undefined && authenticator.expiresAt <= command.now;
  if (authenticator.status !== "pending" || over) return refused(authenticator, command, "closed", []);
  const guard = rows.guard(command.organization, authenticatorGuard(command.user, command.id));
  return authenticator.kind === "totp"
    ? confirmTotp(authenticator, guard, command, tools)
    : confirmDestination(authenticator, guard, command, rows, tools);
}

function confirmTotp(
  authenticator: Authenticator,
  guard: Guard,
  command: ConfirmCommand,
  tools: EngineTools,
): Decision<ConfirmOutcome> {
  const failures = guard.failures + 1;
  const step = matchAuthenticatorApp(authenticator, command.candidates, command.now, tools);
  if (step === undefined) {
    const changes: Change[] = [{ write: "guard", guard: { ...guard, failures } }];
    // A dead enrollment also forgets its seed.
    if (failures >= mostAttempts) {
      changes.push({
        write: "authenticator",
        authenticator: { ...authenticator, status: "revoked", seed: undefined },
      });
    }
    return refused(authenticator, command, "wrong", changes);
  }
  // The step of the confirming code is spent: the same code cannot log in next.
  return confirmed(
    authenticator,
    command,
    [{ write: "guard", guard: { ...guard, failures: 0, lastStep: step } }],
    [],
  );
}

/** The code that proves a new address is an ordinary verification of the pending authenticator, checked in this same step. */
function confirmDestination(
  authenticator: Authenticator,
  guard: Guard,
  command: ConfirmCommand,
  rows: Rows,
  tools: EngineTools,
): Decision<ConfirmOutcome> {
  const id = guard.pending[pendingSlot(enrollmentPurpose, undefined)];
  if (id === undefined) return refused(authenticator, command, "closed", []);
  const check = decideCheck({ ...command, id }, rows, tools);
  return check.outcome.kind === "approved"
    ? confirmed(authenticator, command, check.changes, check.events)
    : { ...check, outcome: { kind: "refused" } };
}

function confirmed(
  authenticator: Authenticator,
  command: ConfirmCommand,
  changes: readonly Change[],
  events: readonly AuditDraft[],
): Decision<ConfirmOutcome> {
  const active: Authenticator = {
    ...authenticator,
    status: "active",
    confirmedAt: command.now,
    expiresAt: undefined,
  };
  return {
    outcome: { kind: "confirmed", authenticator: active },
    changes: [{ write: "authenticator", authenticator: active }, ...changes],
    events: [...events, enrollmentEvent("authenticator.added", active, command.actor)],
  };
}

function refused(
  authenticator: Authenticator,
  command: ConfirmCommand,
  reason: string,
  changes: readonly Change[],
): Decision<ConfirmOutcome> {
  const event = enrollmentEvent("authenticator.enrollment_refused", authenticator, command.actor);
  return {
    outcome: { kind: "refused" },
    changes,
    events: [{ ...event, details: { ...event.details, reason } }],
  };
}

/** The event of an authenticator, with its masked hint. */
export function enrollmentEvent(
  type: AuditDraft["type"],
  authenticator: Authenticator,
  actor: string | undefined,
): AuditDraft {
  return {
    type,
    organization: authenticator.organization,
    user: authenticator.user,
    actor,
    details: { authenticator: authenticator.id, kind: authenticator.kind, to: authenticator.hint },
  };
}
