import { CountersignError } from "../../engine/errors.ts";
import type { CommandContext } from "../../engine/store.ts";
import type { WriterParts } from "./execute.ts";

/** How long a key is remembered. */
const rememberedMs = 24 * 3600 * 1000;

interface StoredRow {
  readonly fingerprint: string;
  readonly expires_at: number;
  readonly outcome: string;
}

/**
 * Exactly once: the outcome is stored in the same step as the change, so a repeated request finds either both or neither.
 * The stored outcome is sealed (it may hold a receipt) and carries no delivery, so a replay sends nothing, nor that a
 * dialogue's turn was written with it, which happens once.
 */
export function createIdempotency(parts: WriterParts) {
  const find = parts.connection.prepare<unknown[], StoredRow>(
    "SELECT fingerprint, expires_at, outcome FROM idempotency WHERE key = ? AND organization = ? AND expires_at > ?",
  );
  const save = parts.connection.prepare(
    "INSERT OR REPLACE INTO idempotency (key, organization, fingerprint, outcome, expires_at) VALUES (?, ?, ?, ?, ?)",
  );
  const { vault } = parts.tools;

  return <Outcome>(context: CommandContext, run: () => Outcome): Outcome => {
    const { idempotency, organization, now } = context;
    if (!idempotency) return run();
    const { key, fingerprint, takeOverAfterMs } = idempotency;
    const place = { organization, table: "idempotency", column: "outcome", row: key };
    const stored = find.get(key, organization, now);
    const age = stored === undefined ? 0 : now - (stored.expires_at - rememberedMs);
    const takenOver = stored?.fingerprint !== fingerprint && age > (takeOverAfterMs ?? rememberedMs);
    if (stored && !takenOver) {
      if (stored.fingerprint !== fingerprint) {
        throw new CountersignError(
          "idempotency_conflict",
          "This Idempotency-Key was used before with a different request.",
        );
      }
      return JSON.parse(Buffer.from(vault.open(place, stored.outcome)).toString()) as Outcome;
    }
    const outcome = run();
    const sealed = vault.seal(
      place,
      JSON.stringify({ ...outcome, delivery: undefined, order: undefined, kept: undefined }),
    );
    save.run(key, organization, fingerprint, sealed, now + rememberedMs);
    return outcome;
  };
}
