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

/** Pointers that stay, and what had to end for a new one. */
interface Room {
  readonly pending: Guard["pending"];
  readonly ended?: Verification | undefined;
}

/**
 * Purposes are the caller's words and without number, and a guard is written with every start: it points at what is open, and
 * at little else. The server's own purposes are few; none of them is ended for another.
 */
function makeRoom(guard: Guard, command: StartCommand, rows: Rows): Room {
  const own = pendingSlot(command.purpose, command.app);
  const pointers = Object.entries(guard.pending).filter(([slot]) => slot !== own);
  const findOpen = (id: string) => {
    const verification = rows.verification(command.organization, id);
    return verification && isOpen(verification, command.now) ? verification : undefined;
  };
  if (lookAt.includes(pointers.length)) {
    return { pending: Object.fromEntries(pointers.filter(([, id]) => findOpen(id) !== undefined)) };
  }
  const callers = pointers.filter(([slot]) => !slot.startsWith(ownPurposePrefix));
  if (callers.length < mostPending) return { pending: guard.pending };
  // Ids are in the order of time.
  const oldest = callers.map(([, id]) => id).toSorted()[0] ?? "";
  return {
    pending: Object.fromEntries(pointers.filter(([, id]) => id !== oldest)),
    ended: findOpen(oldest),
  };
}

/** The guards to write, with the owner among them pointing at its new pending verification. */
export function pointTo(
  owner: Guard,
  guards: readonly Guard[],
  command: StartCommand,
  rows: Rows,
): Pick<Decision<never>, "changes" | "events"> {
  const written = guards.some((guard) => guard.key === owner.key) ? guards : [...guards, owner];
  const { pending, ended } = makeRoom(owner, command, rows);
  const pointing = { ...pending, [pendingSlot(command.purpose, command.app)]: command.id };
  const saved = written.map(
    (guard): Change => ({
      write: "guard",
      guard: guard.key === owner.key ? { ...guard, pending: pointing } : guard,
    }),
  );
  const displaced = ended && supersede(ended, command);
  return { changes: [...saved, ...(displaced?.changes ?? [])], events: displaced?.events ?? [] };
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
