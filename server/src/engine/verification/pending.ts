import type { Guard, Verification } from "../model.ts";
import type { CommandContext, StartCommand } from "../store.ts";
import { type Change, type Decision, pendingSlot, type Rows } from "./decision.ts";
import { closeVerification, eventOf, isOpen } from "./status.ts";
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

/** To so many verifications of callers' purposes one authenticator, or one number, points; a further start ends the oldest. */
export const mostPending = 32;

/** Numbers of pointers at which those of closed verifications are looked for: looking costs a read for each. */
const lookAt: readonly number[] = [8, 16];

/** The pointers of a guard with a new one among them, and what has to end for it. */
export interface Pointed extends Pick<Decision<never>, "changes" | "events"> {
  readonly pending: Guard["pending"];
}

/**
 * Purposes are the caller's words and without number, and a guard is written with every start: it points at what is open, and
 * at little else. The server's own purposes are few; none of them is ended for another.
 */
export function pointTo(
  { id, purpose, app }: Pick<Verification, "id" | "purpose" | "app">,
  guard: Guard,
  context: CommandContext,
  rows: Rows,
): Pointed {
  const slot = pendingSlot(purpose, app);
  const pointers = Object.entries(guard.pending).filter(([other]) => other !== slot);
  const findOpen = (other: string) => {
    const verification = rows.verification(context.organization, other);
    return verification && isOpen(verification, context.now) ? verification : undefined;
  };
  const isLookedAt = lookAt.includes(pointers.length);
  const living = isLookedAt ? pointers.filter(([, other]) => findOpen(other) !== undefined) : pointers;
  const callers = living.filter(([other]) => !other.startsWith(ownPurposePrefix)).map(([, other]) => other);
  // Ids are in the order of time.
  const oldest = new Set(callers.toSorted().slice(0, Math.max(0, callers.length + 1 - mostPending)));
  const ended = [...oldest].flatMap((other) => {
    const verification = findOpen(other);
    return verification === undefined ? [] : [supersede(verification, context)];
  });
  return {
    pending: { ...Object.fromEntries(living.filter(([, other]) => !oldest.has(other))), [slot]: id },
    changes: ended.flatMap(({ changes }) => changes),
    events: ended.flatMap(({ events }) => events),
  };
}

/** The guards to write, with the owner among them pointing at what is pending. */
export function savedGuards(
  owner: Guard,
  guards: readonly Guard[],
  pending: Guard["pending"],
): readonly Change[] {
  const all = guards.some(({ key }) => key === owner.key) ? guards : [...guards, owner];
  return all.map((guard) => ({
    write: "guard",
    guard: guard.key === owner.key ? { ...guard, pending } : guard,
  }));
}

/** Ends what a newer verification takes the place of. */
export function supersede(
  verification: Verification,
  { now, actor }: CommandContext,
): Pick<Decision<never>, "changes" | "events"> {
  const closed = closeVerification(verification, "canceled", "superseded", now);
  return {
    changes: [{ write: "verification", verification: closed }],
    events: [eventOf("verification.canceled", closed, actor)],
  };
}
