import { timeOfId } from "../code/random.ts";
import type { Guard, Verification } from "../model.ts";
import type { StartCommand } from "../store.ts";
import { type Change, pendingSlot, type Rows } from "./decision.ts";
import { isOpen } from "./status.ts";
import { ownPurposePrefix } from "./terms.ts";

/** The open verification of this guard for the same purpose and app. */
export function findPending(command: StartCommand, guard: Guard, rows: Rows): Verification | undefined {
  const id = guard.pending[pendingSlot(command.purpose, command.app)];
  if (id === undefined) return undefined;
  const verification = rows.verification(command.organization, id);
  return verification && isOpen(verification, command.now) ? verification : undefined;
}

/** Whether a start asks for what is pending already: then it is a resend of it. Nobody sends another one's codes again. */
export function isRepeat(command: StartCommand, pending: Verification): boolean {
  const sameSender = pending.outside?.service === command.outside;
  return command.terms === undefined && sameSender && sameBinding(pending, command);
}

function sameBinding(pending: Verification, command: StartCommand): boolean {
  const [a, b] = [pending.binding ?? {}, command.binding ?? {}];
  return a.call === b.call && a.action === b.action && a.amount === b.amount;
}

/** The guards to write, with the owner among them pointing at its new pending verification. */
export function pointTo(owner: Guard, guards: readonly Guard[], slot: string, id: string): readonly Change[] {
  const written = guards.some((guard) => guard.key === owner.key) ? guards : [...guards, owner];
  return written.map((guard) => ({
    write: "guard",
    guard:
      guard.key === owner.key ? { ...guard, pending: { ...recent(guard.pending, id), [slot]: id } } : guard,
  }));
}

/**
 * Purposes are the caller's words and without number: pointers to verifications of another day are dropped. The server's own
 * purposes are few, and what is started on terms may be pending for a week.
 */
function recent(pending: Guard["pending"], newest: string): Guard["pending"] {
  const dayBefore = timeOfId(newest) - 24 * 3600 * 1000;
  return Object.fromEntries(
    Object.entries(pending).filter(
      ([slot, id]) => slot.startsWith(ownPurposePrefix) || timeOfId(id) > dayBefore,
    ),
  );
}
