import type { Bucket } from "./rates.ts";

/** For whom requests are counted: each party gets its part under load, whatever the others ask. */
export interface Party extends Bucket {
  readonly pace: Pace;
  inFlight: number;
  /** Those of them whose body is not there yet. */
  withoutBody: number;
  waiting: number;
}

/**
 * `prompt`: its requests wait for nobody outside, so that how long they stay tells how busy the server is. `may_wait`: a turn of a
 * conversation, for example, waits for a provider.
 */
type Pace = "prompt" | "may_wait";

/** The parties of whom something is known. */
export interface Parties {
  /** The same object for the same name as long as anything is known of it. */
  of(name: string): Party;
  /** Forgets those that have nothing here and whose rate is whole again: a new one is the same. */
  forget(now: number): void;
  readonly size: number;
}

export function createParties(pace: Pace): Parties {
  // As many as there are organizations, thrice at most: nobody names a party that was not found in the store.
  const parties = new Map<string, Party>();
  return {
    of(name) {
      const known = parties.get(name);
      if (known !== undefined) return known;
      const party: Party = { pace, inFlight: 0, withoutBody: 0, waiting: 0, paidAt: 0 };
      parties.set(name, party);
      return party;
    },
    forget(now) {
      for (const [name, { inFlight, waiting, paidAt }] of parties) {
        if (inFlight === 0 && waiting === 0 && paidAt <= now) parties.delete(name);
      }
    },
    get size() {
      return parties.size;
    },
  };
}
