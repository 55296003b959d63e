import { runTtlMs } from "../../dialogue/state.ts";
import type { Errand } from "./errand.ts";
import { keepSealed, openSealed, rowOf } from "./sealed.ts";

/** `customer`: the place where a code was asked for last. `session`: whom a call is about. */
type NoteKind = "customer" | "session";

/** One line that later requests go by. Undefined: there is none, or its time is over. */
export async function findNote(kind: NoteKind, about: string, errand: Errand): Promise<string | undefined> {
  return (await openSealed<string>(nameOf(kind, about), errand)).content;
}

export async function writeNote(
  kind: NoteKind,
  about: string,
  content: string,
  errand: Errand,
): Promise<void> {
  const externalId = nameOf(kind, about);
  const now = errand.tools.services.clock.now();
  const { id, stored, content: before } = await openSealed<string>(externalId, errand);
  const isFresh = stored !== undefined && stored.updatedAt > now - runTtlMs / 2;
  if (before === content && isFresh) return;
  const row = { ...rowOf({ id, externalId }, stored, errand), expiresAt: now + 2 * runTtlMs };
  // Another node that was first wrote the note of a later request: it may stand.
  await keepSealed(content, { row }, errand);
}

function nameOf(kind: NoteKind, about: string): string {
  return `${kind}:${about}`;
}
