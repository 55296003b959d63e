import type { NumberEntry, SendingLayer, SendRules } from "./sending.ts";
import { defaultSending, type SendLimit } from "./sending-defaults.ts";
import type { Candidate, PolicyLevel, Settled } from "./settle.ts";

export type SettledSending = { readonly [Rule in keyof SendRules]: Settled<SendRules[Rule]> };

export interface SendingAt {
  readonly level: PolicyLevel;
  readonly layer: SendingLayer;
}

/** Every send rule decided over the layers, the most general first. */
export function settleSending(ordered: readonly SendingAt[]): SettledSending {
  const of = <Rule extends keyof SendRules>(rule: Rule) => candidatesOf(rule, ordered);
  const fewest = (limit: SendLimit) => settleLimit(of(limit));
  return {
    enforce: settleEnforce(of("enforce")),
    smsCountries: settleCountries(of("smsCountries")),
    voiceCountries: settleCountries(of("voiceCountries")),
    blockedTypes: settleUnion(of("blockedTypes"), (one, other) => one === other),
    safeNumbers: newest(of("safeNumbers")),
    blockedNumbers: settleUnion(of("blockedNumbers"), isSameEntry),
    sendsPerSource: fewest("sendsPerSource"),
    sendsPerNetwork: fewest("sendsPerNetwork"),
    sendsPerPrefix: fewest("sendsPerPrefix"),
    numbersPerPrefix: fewest("numbersPerPrefix"),
    sendsPerCallingCode: fewest("sendsPerCallingCode"),
    sendsPerHour: fewest("sendsPerHour"),
    sendsPerDay: fewest("sendsPerDay"),
    spendPerHour: fewest("spendPerHour"),
    spendPerDay: fewest("spendPerDay"),
    currency: newest(of("currency")),
    smsPrices: newest(of("smsPrices")),
    voicePrices: newest(of("voicePrices")),
    conversionSends: fewest("conversionSends"),
    conversionPercent: settleBy(of("conversionPercent"), (a, b) => a > b),
    sequentialNumbers: fewest("sequentialNumbers"),
    callSeconds: settleBy(of("callSeconds"), (a, b) => (a ?? 0) > (b ?? 0)),
    callsPerNumber: fewest("callsPerNumber"),
    callsPerDay: fewest("callsPerDay"),
  };
}

/** The values alone. */
export function sendRulesOf(settled: SettledSending): SendRules {
  return {
    enforce: settled.enforce.value,
    smsCountries: settled.smsCountries.value,
    voiceCountries: settled.voiceCountries.value,
    blockedTypes: settled.blockedTypes.value,
    safeNumbers: settled.safeNumbers.value,
    blockedNumbers: settled.blockedNumbers.value,
    sendsPerSource: settled.sendsPerSource.value,
    sendsPerNetwork: settled.sendsPerNetwork.value,
    sendsPerPrefix: settled.sendsPerPrefix.value,
    numbersPerPrefix: settled.numbersPerPrefix.value,
    sendsPerCallingCode: settled.sendsPerCallingCode.value,
    sendsPerHour: settled.sendsPerHour.value,
    sendsPerDay: settled.sendsPerDay.value,
    spendPerHour: settled.spendPerHour.value,
    spendPerDay: settled.spendPerDay.value,
    currency: settled.currency.value,
    smsPrices: settled.smsPrices.value,
    voicePrices: settled.voicePrices.value,
    conversionSends: settled.conversionSends.value,
    conversionPercent: settled.conversionPercent.value,
    sequentialNumbers: settled.sequentialNumbers.value,
    callSeconds: settled.callSeconds.value,
    callsPerNumber: settled.callsPerNumber.value,
    callsPerDay: settled.callsPerDay.value,
  };
}

function candidatesOf<Rule extends keyof SendRules>(
  rule: Rule,
  ordered: readonly SendingAt[],
): readonly Candidate<SendRules[Rule]>[] {
  const candidates: Candidate<SendRules[Rule]>[] = [{ level: "default", value: defaultSending[rule] }];
  for (const { level, layer } of ordered) {
    const value = layer[rule];
    if (value !== undefined) candidates.push({ level, value: value as SendRules[Rule] });
  }
  return candidates;
}

/** As for every setting of a policy: the default yields to what the server or the organization says. */
function speaking<Value>(candidates: readonly Candidate<Value>[]): readonly Candidate<Value>[] {
  const overruled = candidates.some(({ level }) => level === "server" || level === "organization");
  return overruled ? candidates.filter(({ level }) => level !== "default") : candidates;
}

function settleBy<Value>(
  candidates: readonly Candidate<Value>[],
  stricter: (a: Value, b: Value) => boolean,
): Settled<Value> {
  const chosen = speaking(candidates).reduce((best, next) =>
    stricter(next.value, best.value) ? next : best,
  );
  return { value: chosen.value, decidedBy: chosen.level, candidates };
}

function settleEnforce(
  candidates: readonly Candidate<SendRules["enforce"]>[],
): Settled<SendRules["enforce"]> {
  return settleBy(candidates, (a, b) => a === "block" && b === "monitor");
}

/** No limit is the weakest one. */
function settleLimit(candidates: readonly Candidate<number | null>[]): Settled<number | null> {
  return settleBy(candidates, (a, b) => a !== null && (b === null || a < b));
}

/** What all layers name, by the same word; `*` names everything. */
function settleCountries(candidates: readonly Candidate<readonly string[]>[]): Settled<readonly string[]> {
  const [first, ...rest] = speaking(candidates);
  let chosen = first ?? { level: "default" as const, value: [] };
  for (const next of rest) {
    const value = chosen.value.includes("*")
      ? next.value
      : chosen.value.filter((entry) => next.value.includes("*") || next.value.includes(entry));
    if (value.join() !== chosen.value.join()) chosen = { level: next.level, value };
  }
  return { value: chosen.value, decidedBy: chosen.level, candidates };
}

function settleUnion<Entry>(
  candidates: readonly Candidate<readonly Entry[]>[],
  same: (one: Entry, other: Entry) => boolean,
): Settled<readonly Entry[]> {
  let chosen: Candidate<readonly Entry[]> = { level: "default", value: [] };
  for (const { level, value } of candidates) {
    const added = value.filter((entry) => !chosen.value.some((known) => same(known, entry)));
    if (added.length > 0) chosen = { level, value: [...chosen.value, ...added] };
  }
  return { value: chosen.value, decidedBy: chosen.level, candidates };
}

function isSameEntry(one: NumberEntry, other: NumberEntry): boolean {
  if ("key" in one) return "key" in other && one.key === other.key;
  return "prefix" in other && one.prefix === other.prefix;
}

/** Of the layers that may say it the most specific one. */
function newest<Value>(candidates: readonly Candidate<Value>[]): Settled<Value> {
  const chosen = candidates.reduce((_, next) => next);
  return { value: chosen.value, decidedBy: chosen.level, candidates };
}
