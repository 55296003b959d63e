import type { Bounds } from "./bounds.ts";
import type { SendRules } from "./sending.ts";

/** What holds where no layer says otherwise. The countries are the organization's own one, put in by `policy/source.ts`. */
export const defaultSending: SendRules = {
  enforce: "block",
  smsCountries: [],
  voiceCountries: [],
  blockedTypes: [],
  safeNumbers: [],
  blockedNumbers: [],
  sendsPerSource: 10,
  sendsPerNetwork: 30,
  sendsPerPrefix: 30,
  numbersPerPrefix: 20,
  sendsPerCallingCode: 2000,
  sendsPerHour: 1000,
  sendsPerDay: 10_000,
  spendPerHour: null,
  spendPerDay: null,
  currency: "EUR",
  smsPrices: {},
  voicePrices: {},
  conversionSends: 30,
  conversionPercent: 10,
  sequentialNumbers: 5,
  // Half a minute of ringing, and the code slowly and twice: who did not get it must be able to ask again.
  callSeconds: 60,
  callsPerNumber: 5,
  callsPerDay: 500,
};

/** The weakest rules that there are: any country, no limit. For simulated phones, which cost nothing and ring nobody. */
export const openSending: SendRules = {
  ...defaultSending,
  smsCountries: ["*"],
  voiceCountries: ["*"],
  sendsPerSource: null,
  sendsPerNetwork: null,
  sendsPerPrefix: null,
  numbersPerPrefix: null,
  sendsPerCallingCode: null,
  sendsPerHour: null,
  sendsPerDay: null,
  conversionSends: null,
  sequentialNumbers: null,
  callSeconds: null,
  callsPerNumber: null,
  callsPerDay: null,
};

/** What a limit may be, where it is not null. */
export const sendingBounds = {
  sendsPerSource: { least: 1, most: 1000 },
  sendsPerNetwork: { least: 1, most: 1000 },
  sendsPerPrefix: { least: 1, most: 1000 },
  numbersPerPrefix: { least: 1, most: 1000 },
  sendsPerCallingCode: { least: 1, most: 100_000_000 },
  sendsPerHour: { least: 1, most: 100_000_000 },
  sendsPerDay: { least: 1, most: 100_000_000 },
  spendPerHour: { least: 1, most: 1_000_000_000_000 },
  spendPerDay: { least: 1, most: 1_000_000_000_000 },
  conversionSends: { least: 10, most: 1_000_000 },
  sequentialNumbers: { least: 1, most: 20 },
  callSeconds: { least: 10, most: 3600 },
  callsPerNumber: { least: 1, most: 100 },
  callsPerDay: { least: 1, most: 100_000_000 },
} as const satisfies Partial<Record<keyof SendRules, Bounds>>;

export type SendLimit = keyof typeof sendingBounds;

/** Percent of messages that are answered with the right code. */
export const conversionPercentBounds: Bounds = { least: 1, most: 90 };

/** Millionths of a currency per message. */
export const priceBounds: Bounds = { least: 0, most: 100_000_000 };

/** Numbers and prefixes on one list, and digits of a prefix: a longer one could be somebody's whole number. */
export const listBounds = { entries: 200, prefixDigits: 10 } as const;
