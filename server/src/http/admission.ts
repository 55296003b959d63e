import type { Clock, Timers } from "../engine/tools.ts";
import { createOccupancy } from "./occupancy.ts";
import type { Party } from "./parties.ts";
import { createWaitingQueue, type Waiting, type WaitingLimits, type WaitRefusal } from "./waiting.ts";

/**
 * What a request is worth under load: a check finishes something people have begun, a start makes new work, settings can
 * wait. Each kind may fill the server up to its own share, so the more important ones still get in when the others do not.
 */
export type Importance = "check" | "status" | "start" | "settings";

/** The server takes fewer at once when its loop is late, or requests stay, longer than this part of the delay at which only checks are let in. */
const busyAt = { delay: 0.2, stay: 0.25 };

export interface AdmissionLimits extends WaitingLimits {
  /** Requests in flight at most. */
  readonly maxInFlight: number;
  /** Event loop delay above which only checks are let in, up to their share. */
  readonly maxEventLoopDelayMs: number;
}

export interface AdmissionTools {
  /** How late the event loop is now. */
  readonly eventLoopDelayMs: () => number;
  readonly monotonic: Clock;
  readonly timers: Timers;
}

export type AdmissionRefusal = "late" | WaitRefusal;

/** The gate before a request's body is read. */
export interface Admission {
  /** `in`: {@link Admission.leave} must follow exactly once. `full`: it may {@link Admission.wait}. `late`: refused. */
  enter(party: Party, importance: Importance): "in" | "full" | "late";
  /** Waits for a place; tells once what came of it, perhaps at once: undefined when it is in. Gives how to stop waiting. */
  wait(party: Party, importance: Importance, decided: (refusal: WaitRefusal | undefined) => void): () => void;
  /** The body of one that is in is there: see `occupancy.ts`. */
  arrived(party: Party): void;
  leave(party: Party, body: "arrived" | "missing"): void;
  /** To be called whenever the event loop delay was measured, with the time since then: a busy server takes fewer at once. */
  adapt(sinceMs: number): void;
  readonly inFlight: number;
  readonly limit: number;
  readonly waiting: number;
}

export function createAdmission(limits: AdmissionLimits, tools: AdmissionTools): Admission {
  const { maxEventLoopDelayMs } = limits;
  const queue = createWaitingQueue(limits, tools);
  const occupancy = createOccupancy(limits.maxInFlight);

  const hasRoom = ({ party, importance }: Pick<Waiting, "party" | "importance">) =>
    occupancy.hasRoom(party, importance);
  const hasLess = ({ party, importance }: Pick<Waiting, "party" | "importance">) =>
    occupancy.hasLess(party, importance);

  function grant(): void {
    while (queue.size > 0) {
      const one = queue.next(hasRoom, hasLess);
      if (one === undefined) return;
      occupancy.settle(one.party);
      occupancy.begin(one.party);
      one.decided(undefined);
    }
  }

  return {
    enter(party, importance) {
      // A late loop only clears by taking less: checks are kept, since refusing them makes people repeat the whole round.
      if (importance !== "check" && tools.eventLoopDelayMs() > maxEventLoopDelayMs) return "late";
      if (queue.size > 0 || !occupancy.hasRoom(party, importance)) return "full";
      occupancy.begin(party);
      return "in";
    },
    wait(party, importance, decided) {
      occupancy.notice(party);
      const one: Waiting = {
        party,
        importance,
        since: tools.monotonic.now(),
        decided(refusal) {
          if (refusal !== undefined) occupancy.settle(party);
          decided(refusal);
        },
      };
      queue.add(one);
      // Who comes while others wait may have room that they have not.
      grant();
      return () => {
        if (queue.cancel(one)) occupancy.settle(party);
      };
    },
    arrived: occupancy.arrived,
    leave(party, body) {
      if (body === "missing") occupancy.arrived(party);
      occupancy.end(party);
      if (queue.size > 0) grant();
    },
    adapt(sinceMs) {
      const isLate = tools.eventLoopDelayMs() > maxEventLoopDelayMs * busyAt.delay;
      const staysLong = occupancy.stayMs(sinceMs) > maxEventLoopDelayMs * busyAt.stay;
      if (isLate || staysLong) occupancy.shrink();
      else occupancy.grow();
      if (queue.size > 0) grant();
    },
    get inFlight() {
      return occupancy.inFlight;
    },
    get limit() {
      return occupancy.limit;
    },
    get waiting() {
      return queue.size;
    },
  };
}
