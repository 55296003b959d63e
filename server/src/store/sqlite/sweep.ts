import { firstIdAt } from "../../engine/code/random.ts";
import type { Verification } from "../../engine/model.ts";
import type { WriterParts } from "./execute.ts";

/** No verification is pending longer than this after its creation. */
const longestLifeMs = 24 * 3600 * 1000;

/**
 * Finds verifications whose time is over. Ids are time-ordered, so the sweep walks the primary key from the oldest one that
 * may still be pending: no index on the insert path pays for it. It also forgets idempotency keys and consumed receipts.
 */
export function createSweep(parts: WriterParts) {
  const forgetKeys = parts.connection.prepare("DELETE FROM idempotency WHERE expires_at <= ?");
  const forgetReceipts = parts.connection.prepare("DELETE FROM consumed_receipts WHERE expires_at <= ?");
  let oldest: string | undefined;
  let nextForgetting = 0;

  return (now: number, limit: number): readonly Verification[] => {
    if (now >= nextForgetting) {
      forgetKeys.run(now);
      forgetReceipts.run(now);
      nextForgetting = now + 600_000;
    }
    oldest ??= firstIdAt(now - longestLifeMs);
    const found = parts.rows.verificationsAfter(oldest, limit);
    for (const verification of found) {
      // Only what is already closed on the disk is passed: this step may still be rolled back.
      if (verification.status === "pending") break;
      oldest = verification.id;
    }
    return found;
  };
}
