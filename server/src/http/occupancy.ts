import type { Importance } from "./admission.ts";
import type { Party } from "./parties.ts";

const shares: Readonly<Record<Importance, number>> = { check: 1, status: 0.9, start: 0.75, settings: 0.6 };

/** A party that has its part already gets more only while less than this part of a share is in use by all. */
const beyondPart = 0.5;

/** A busy server brings the number of requests in flight down, as far as this part of what is configured. */
const leastOfLimit = 0.25;
const shrinkTo = 0.75;
/** Up to this part of what is configured are too few to tell from how long they stay. */
const fewPrompt = 0.125;
const growBy = 0.05;

/**
 * So many requests in flight may have no body yet; more are not counted before it is there, so that clients which send slowly
 * hold connections and never the places of others. In ordinary traffic the body comes with the head.
 */
const fewWithoutBody = 32;

function counted({ inFlight, withoutBody }: Pick<Party, "inFlight" | "withoutBody">): number {
  return inFlight - Math.max(0, withoutBody - fewWithoutBody);
}

/** How many are in flight, whose they are, and who may be one more. */
export interface Occupancy {
  /**
   * Within its part a party has room up to what is configured, also while a busy server takes fewer: the parts of all together are no
   * more than those fewer.
   */
  hasRoom(party: Party, importance: Importance): boolean;
  /** It has less than its part: what falls to each of the parties that are there. */
  hasLess(party: Party, importance: Importance): boolean;
  begin(party: Party): void;
  /** The body of one that is in flight is there. */
  arrived(party: Party): void;
  end(party: Party): void;
  /** Before the party has its first one waiting. */
  notice(party: Party): void;
  /** After the party has one less waiting. */
  settle(party: Party): void;
  /** Fewer at once, or again more up to the configured number. */
  shrink(): void;
  grow(): void;
  /**
   * How long requests of prompt parties stay, by those that ended since it was asked the last time (Little's law: how many are
   * there, by how many leave). 0 while there are few: a single one that asks a provider says nothing of the others.
   */
  stayMs(sinceMs: number): number;
  readonly inFlight: number;
  readonly limit: number;
}

export function createOccupancy(maxInFlight: number): Occupancy {
  let limit = maxInFlight;
  const all = { inFlight: 0, withoutBody: 0 };
  let prompt = 0;
  let promptEnded = 0;
  /** Parties with a request in flight or waiting. */
  let active = 0;

  const isIdle = (party: Party) => party.inFlight === 0 && party.waiting === 0;
  const hasLess = (party: Party, importance: Importance) => {
    const present = isIdle(party) ? active + 1 : active;
    return counted(party) * present < limit * shares[importance];
  };
  const notice = (party: Party) => {
    if (isIdle(party)) active += 1;
  };
  const settle = (party: Party) => {
    if (isIdle(party)) active -= 1;
  };

  return {
    hasLess,
    notice,
    settle,
    hasRoom(party, importance) {
      const most = hasLess(party, importance) ? maxInFlight : limit * beyondPart;
      return counted(all) < most * shares[importance];
    },
    begin(party) {
      notice(party);
      party.inFlight += 1;
      party.withoutBody += 1;
      all.inFlight += 1;
      all.withoutBody += 1;
      if (party.pace === "prompt") prompt += 1;
    },
    arrived(party) {
      party.withoutBody -= 1;
      all.withoutBody -= 1;
    },
    end(party) {
      party.inFlight -= 1;
      all.inFlight -= 1;
      if (party.pace === "prompt") {
        prompt -= 1;
        promptEnded += 1;
      }
      settle(party);
    },
    shrink() {
      limit = Math.max(maxInFlight * leastOfLimit, limit * shrinkTo);
    },
    grow() {
      limit = Math.min(maxInFlight, limit + maxInFlight * growBy);
    },
    stayMs(sinceMs) {
      const isFew = prompt <= maxInFlight * fewPrompt;
      const stay = isFew ? 0 : (prompt * sinceMs) / Math.max(1, promptEnded);
      promptEnded = 0;
      return stay;
    },
    get inFlight() {
      return all.inFlight;
    },
    get limit() {
      return limit;
    },
  };
}
