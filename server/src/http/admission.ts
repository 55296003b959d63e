/**
 * What a request is worth under load: a check finishes something people have begun, a start makes new work, settings can
 * wait. Each kind may fill the server up to its own share, so the more important ones still get in when the others do not.
 */
export type Importance = "check" | "status" | "start" | "settings";

const shares: Readonly<Record<Importance, number>> = { check: 1, status: 0.9, start: 0.75, settings: 0.6 };

export interface AdmissionLimits {
  /** Requests in flight at most. */
  readonly maxInFlight: number;
  /** Event loop delay above which only checks are let in, up to their share. */
  readonly maxEventLoopDelayMs: number;
}

/** The gate before a request's body is read. */
export interface Admission {
  /** True: the request is in, and {@link Admission.leave} must follow exactly once. */
  enter(importance: Importance): boolean;
  leave(): void;
  readonly inFlight: number;
}

/** @param eventLoopDelayMs how late the event loop is now. */
export function createAdmission(limits: AdmissionLimits, eventLoopDelayMs: () => number): Admission {
  let inFlight = 0;
  return {
    enter(importance) {
      if (inFlight >= limits.maxInFlight * shares[importance]) return false;
      // A late loop only clears by taking less: checks are kept, since refusing them makes people repeat the whole round.
      if (importance !== "check" && eventLoopDelayMs() > limits.maxEventLoopDelayMs) return false;
      inFlight += 1;
      return true;
    },
    leave() {
      inFlight -= 1;
    },
    get inFlight() {
      return inFlight;
    },
  };
}
