import { firstIdAt } from "../../engine/code/random.ts";
import type { Verification } from "../../engine/model.ts";
import type { WriterParts } from "./execute.ts";
import { createReportSweep } from "./references.ts";

/** No verification is pending longer than this after its creation, but for those in the index of the long-lived. */
const longestLifeMs = 24 * 3600 * 1000;

/** The longest life that a policy gives a code (`policyBounds`); what lives longer stands in an index of its own. */
export const policyLifeMs = 600_000;

/**
 * Finds verifications whose time is over. Ids are time-ordered, so the sweep walks the primary key from the oldest one that
 * may still be pending: no index on the insert path pays for it. The few that live longer than a policy allows would hold the
 * walk up for hours or days: it passes over them, and they are found by their end. It also forgets counters and references
 * that have nothing to say any more; what is personal or has no order by its end is left to retention.
 */
export function createSweep(parts: WriterParts) {
  const forgetReported = createReportSweep(parts.connection);
  let oldest: string | undefined;
  let nextForgetting = 0;

  return (now: number, limit: number): readonly Verification[] => {
    if (now >= nextForgetting) {
      parts.counters.expire(now);
      nextForgetting = now + 600_000;
    }
    forgetReported(now);
    oldest ??= firstIdAt(now - longestLifeMs);
    const found = parts.rows.verificationsAfter(oldest, limit);
    for (const verification of found) {
      // Only what is already closed on the disk is passed: this step may still be rolled back.
      if (verification.status === "pending" && !isLongLived(verification)) break;
      oldest = verification.id;
    }
    return [...found.filter((one) => !isLongLived(one)), ...parts.rows.longLivedUntil(now, limit)];
  };
}

/** For good, once it is: its end only moves away from its beginning. */
function isLongLived({ createdAt, expiresAt }: Verification): boolean {
  return expiresAt - createdAt > policyLifeMs;
}
