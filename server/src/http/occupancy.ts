import type { Importance } from "./admission.ts";
import type { Party } from "./parties.ts";

const shares: Readonly<Record<Importance, number>> = { check: 1, status: 0.9, start: 0.75, settings: 0.6 };

/** What is left of these shares to a party that has more than its part while others are there. */
const greedyShare = 0.5;

/** A late event loop brings the number of requests in flight down, as far as this part of what is configured. */
const leastOfLimit = 0.25;
const shrinkTo = 0.75;
const growBy = 0.05;

/**
 * So many requests in flight may have no body yet; more are not counted before it is there, so that clients which send slowly
 * hold connections and never the places of others. In ordinary traffic the body comes with the head.
 */
const fewWithoutBody = 32;

/** How many are in flight, whose they are, and who may be one more. */
export interface Occupancy {
  hasRoom(party: Party, importance: Importance): boolean;
  /** It has at least its part of all places, and others want some too. */
  isGreedy(party: Party): boolean;
  begin(party: Party): void;
  /** The body of one that is in flight is there. */
  arrived(): void;
  end(party: Party): void;
  /** Before the party has its first one waiting. */
  notice(party: Party): void;
  /** After the party has one less waiting. */
  settle(party: Party): void;
  /** Fewer at once, or again more up to the configured number. */
  shrink(): void;
  grow(): void;
  readonly inFlight: number;
  readonly limit: number;
}

export function createOccupancy(maxInFlight: number): Occupancy {
  let limit = maxInFlight;
  let inFlight = 0;
  let withoutBody = 0;
  /** Parties with a request in flight or waiting. */
  let active = 0;

  const isIdle = (party: Party) => party.inFlight === 0 && party.waiting === 0;
  const isGreedy = (party: Party) => active > 1 && party.inFlight * active >= limit;
  const notice = (party: Party) => {
    if (isIdle(party)) active += 1;
  };
  const settle = (party: Party) => {
    if (isIdle(party)) active -= 1;
  };

  return {
    isGreedy,
    notice,
    settle,
    hasRoom(party, importance) {
      const busy = inFlight - Math.max(0, withoutBody - fewWithoutBody);
      const share = isGreedy(party) ? shares[importance] * greedyShare : shares[importance];
      return busy < limit * share;
    },
    begin(party) {
      notice(party);
      party.inFlight += 1;
      inFlight += 1;
      withoutBody += 1;
    },
    arrived() {
      withoutBody -= 1;
    },
    end(party) {
      party.inFlight -= 1;
      inFlight -= 1;
      settle(party);
    },
    shrink() {
      limit = Math.max(maxInFlight * leastOfLimit, limit * shrinkTo);
    },
    grow() {
      limit = Math.min(maxInFlight, limit + maxInFlight * growBy);
    },
    get inFlight() {
      return inFlight;
    },
    get limit() {
      return limit;
    },
  };
}
