import type { Change } from "../../engine/collection.ts";
import { CountersignError } from "../../engine/errors.ts";

/** The entity with what the change says: null takes a member away, and identity is never changed. */
export function merge<Entity extends object>(entity: Entity, change: Change<Entity>): Entity {
  const said = Object.entries(change).filter(([member, value]) => value !== undefined && !fixed.has(member));
  const merged = Object.entries({ ...entity, ...Object.fromEntries(said) });
  return Object.fromEntries(merged.filter(([, value]) => value !== null)) as Entity;
}

const fixed = new Set(["id", "organization", "createdAt", "updatedAt"]);

/** Somebody else changes the same row between our reading and our writing at most this often. */
const mostAttempts = 8;

/**
 * Read, decide, write-if-unchanged, and again when another writer came in between. `attempt` answers undefined to be asked
 * again. Throws `conflict` when that never ends.
 */
export async function untilUnchanged<Result>(
  attempt: () => Promise<{ readonly result: Result } | undefined>,
): Promise<Result> {
  for (let tries = 0; tries < mostAttempts; tries += 1) {
    const done = await attempt();
    if (done) return done.result;
  }
  throw new CountersignError("conflict", "It is being changed by others at the same time. Try again.");
}
