import type { Verification } from "../model.ts";
import type { Decision } from "./decision.ts";
import { closeVerification, eventOf } from "./status.ts";

/** Pure: closes the given verifications whose time is over; the others are left as they are. */
export function decideExpire(verifications: readonly Verification[], now: number): Decision<number> {
  const closed = verifications
    .filter((one) => one.status === "pending" && one.expiresAt <= now)
    .map((one) => closeVerification(one, "expired", "time_over", now));
  return {
    outcome: closed.length,
    changes: closed.map((verification) => ({ write: "verification", verification })),
    events: closed.map((verification) => eventOf("verification.expired", verification, "system")),
  };
}
