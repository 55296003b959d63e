import { CountersignError } from "../engine/errors.ts";
import type { Clock } from "../engine/tools.ts";
import type { Metrics } from "./metrics.ts";
import type { Party } from "./parties.ts";
import { type Buckets, type Rate, take, waitMs } from "./rates.ts";

/** Requests per second, by whom they are counted. */
export interface RequestRates {
  /**
   * Takes one for the party and, where there is one, for the key. The refusal when one of them has none left; then nothing is
   * taken from either.
   */
  take(party: Party, apiKey: string | undefined): CountersignError | undefined;
}

export interface RequestRatesParts {
  /** Of one API key. */
  readonly key: Rate;
  /** Of one party: what an organization asks by its keys, by its channels, or by its SignalWire projects. */
  readonly party: Rate;
  /** What the keys have used. */
  readonly keys: Buckets;
  readonly metrics: Pick<Metrics, "requestShed">;
  readonly monotonic: Clock;
}

// Made once: a refusal under load has to be cheap.
const keyTooFast = rateLimited("This API key makes more requests than one key may.");
const partyTooFast = rateLimited("This organization makes more requests than one may.");

/** Rates are at least one a second, so a second is always enough. */
function rateLimited(sentence: string): CountersignError {
  return new CountersignError("rate_limited", sentence, { retryAfterSeconds: 1 });
}

export function createRequestRates(parts: RequestRatesParts): RequestRates {
  const { key, party: whole, keys, metrics, monotonic } = parts;
  return {
    take(party, apiKey) {
      const now = monotonic.now();
      const bucket = apiKey === undefined ? undefined : keys.of(apiKey);
      if (bucket !== undefined && waitMs(bucket, key, now) > 0) {
        metrics.requestShed("key_rate");
        return keyTooFast;
      }
      if (waitMs(party, whole, now) > 0) {
        metrics.requestShed("organization_rate");
        return partyTooFast;
      }
      if (bucket !== undefined) take(bucket, key, now);
      take(party, whole, now);
      return undefined;
    },
  };
}
