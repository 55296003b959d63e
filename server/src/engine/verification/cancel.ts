import type { EngineServices } from "../services.ts";
import type { CancelCommand, CancelOutcome } from "../store.ts";
import { type Decision, namedVerification, type Rows } from "./decision.ts";
import { closeVerification, eventOf, isOpen } from "./status.ts";

/** Ends a pending verification; one that is already closed stays as it was. */
export function cancelVerification(
  request: Omit<CancelCommand, "now">,
  services: EngineServices,
): Promise<CancelOutcome> {
  return services.store.verifications.cancel({ ...request, now: services.clock.now() });
}

/** Pure: the cancellation over its row. */
export function decideCancel(command: CancelCommand, rows: Rows): Decision<CancelOutcome> {
  const verification = namedVerification(command, rows);
  if (!verification) return { outcome: { kind: "unknown" }, changes: [], events: [] };
  if (!isOpen(verification, command.now)) {
    return { outcome: { kind: "closed", verification }, changes: [], events: [] };
  }
  const canceled = closeVerification(verification, "canceled", "by_caller", command.now);
  return {
    outcome: { kind: "canceled", verification: canceled },
    changes: [{ write: "verification", verification: canceled }],
    events: [eventOf("verification.canceled", canceled, command.actor)],
  };
}
