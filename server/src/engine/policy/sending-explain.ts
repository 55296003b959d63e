import type { SendRules } from "./sending.ts";
import type { SettledSending } from "./sending-settle.ts";
import type { Settled } from "./settle.ts";

/** Why a send rule has its value. */
export type ExplainedSending = {
  readonly [Rule in keyof SendRules]: Settled<SendRules[Rule]> & { readonly rule: string };
};

const countries =
  "A country is open when every layer that lists countries lists it by the same word; where none does, only the organization's own.";
const fewest = "The smallest limit wins; null is none. The default yields to what the organization says.";

const rules: Readonly<Record<keyof SendRules, string>> = {
  enforce: "Refusing wins over watching.",
  smsCountries: countries,
  voiceCountries: countries,
  blockedTypes: "What any layer blocks is blocked, beside the types that always are.",
  safeNumbers: "The organization's list.",
  blockedNumbers: "The organization's list; the entry that says most decides between it and the safe list.",
  sendsPerSource: fewest,
  sendsPerNetwork: fewest,
  sendsPerPrefix: fewest,
  numbersPerPrefix: fewest,
  sendsPerCallingCode: fewest,
  sendsPerHour: fewest,
  sendsPerDay: fewest,
  spendPerHour: fewest,
  spendPerDay: fewest,
  currency: "The organization's word.",
  smsPrices: "The organization's list; what a provider says a message cost replaces it afterwards.",
  voicePrices: "The organization's list; what a provider says a call cost replaces it afterwards.",
  conversionSends: fewest,
  conversionPercent: "The highest share wins.",
  sequentialNumbers: fewest,
  callSeconds: "The longest time wins; null is none. The default yields to what the organization says.",
  callsPerNumber: fewest,
  callsPerDay: fewest,
};

/** The same decision as `settleSending`, with its reasons. */
export function explainSending(settled: SettledSending): ExplainedSending {
  const explained = Object.entries(settled).map(([name, one]) => [
    name,
    { ...one, rule: rules[name as keyof SendRules] },
  ]);
  return Object.fromEntries(explained) as ExplainedSending;
}
