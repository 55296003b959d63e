import type { NumberFacts } from "../model.ts";
import {
  allowsCountry,
  neverSentBecause,
  type SendRuleName,
  type SendRules,
  type TelephoneVia,
} from "./sending.ts";
import { judgeCall } from "./sending-calls.ts";
import {
  type CallingCodeCounts,
  type ConversionCounts,
  countryOf,
  messagesWithin,
  type PrefixCounts,
  recentSlots,
  type SendCounters,
  type SourceCounts,
  splitSource,
} from "./sending-counters.ts";
import { daySlots, hourSlots, type Series, type Slots, sumOf, waitFor } from "./sending-series.ts";

/** One message that somebody wants sent, as far as the rules look at it. */
export interface SendFacts {
  readonly via: TelephoneVia;
  /** Undefined: nothing is known of the number, so nothing is sent to it. */
  readonly number: NumberFacts | undefined;
  readonly listed: "safe" | "blocked" | undefined;
  /** It has been the person's own, confirmed number for a day or longer. */
  readonly established: boolean;
  /** Keyed digests of the end user's network and address. */
  readonly source: string | undefined;
  readonly priceMicros: number;
}

export interface SendRefusal {
  readonly rule: SendRuleName;
  /** When it may be different, as far as that is known. */
  readonly retryAfterSeconds?: number;
}

/** A country or prefix whose messages hardly anybody answers. */
export interface Suspicion {
  readonly scope: "country" | "prefix";
  readonly sent: number;
  readonly approved: number;
}

export interface SendVerdict {
  /** Every rule that says no, in the order of `sendRuleNames`; empty: it may go. */
  readonly refusals: readonly SendRefusal[];
  /** What this message brought to light; each begins a block of `conversionBlockMs`. */
  readonly suspicions: readonly Suspicion[];
}

/** How long new numbers get nothing where hardly anybody answers. */
export const conversionBlockMs = 3600 * 1000;

/** Neighbours: at most this far apart, within this time. */
const neighbourDistance = 10;
const neighbourSeconds = 600;
const positions = 10_000;

/** Pure: the rules over one message and what was counted before it. `now` in milliseconds. */
export function judgeSend(
  facts: SendFacts,
  counters: SendCounters,
  rules: SendRules,
  now: number,
): SendVerdict {
  const { number, via, listed } = facts;
  if (number === undefined || neverSentBecause(via, number) !== undefined) {
    return { refusals: [{ rule: "number_type_blocked" }], suspicions: [] };
  }
  const refusals: SendRefusal[] = [];
  const add = (refusal: SendRefusal | undefined) => {
    if (refusal) refusals.push(refusal);
  };
  const safe = listed === "safe";
  const countries = via === "sms" ? rules.smsCountries : rules.voiceCountries;
  if (!safe && !allowsCountry(countries, number)) add({ rule: "country_not_allowed" });
  if (rules.blockedTypes.includes(number.type)) add({ rule: "number_type_blocked" });
  if (listed === "blocked") add({ rule: "number_blocked" });
  if (!safe) add(judgeSource(facts.source, counters.source, rules, now));
  if (!safe) add(judgePrefix(number, counters.prefix, rules, now));
  add(judgeCallingCode(counters.callingCode, rules, now));
  add(judgeOrganization(counters, rules, now));
  add(judgeSpend(facts.priceMicros, counters, rules, now));
  const conversion = judgeConversion(facts, number, counters, rules, now);
  add(conversion.refusal);
  add(judgeNeighbours(number, counters.prefix, rules, now));
  if (via === "voice") {
    const calls = { number: counters.number, all: counters.organization.calls };
    refusals.push(...judgeCall(calls, listed, rules, now));
  }
  return { refusals, suspicions: conversion.suspicions };
}

function judgeSource(
  source: string | undefined,
  counts: SourceCounts | undefined,
  rules: SendRules,
  now: number,
): SendRefusal | undefined {
  if (source === undefined || counts === undefined) return undefined;
  const { address } = splitSource(source);
  const all = messagesWithin(counts.messages, 3600, now);
  const own = all.filter(([, who]) => who === address);
  const wait = Math.max(
    roomIn(all, rules.sendsPerNetwork, 3600, now),
    roomIn(own, rules.sendsPerSource, 3600, now),
  );
  return wait > 0 ? { rule: "source_velocity", retryAfterSeconds: wait } : undefined;
}

/** Seconds until one more fits; 0: now. */
function roomIn(
  messages: readonly (readonly [second: number, who: unknown])[],
  limit: number | null,
  seconds: number,
  now: number,
): number {
  if (limit === null) return 0;
  const deciding = messages.at(-limit);
  return deciding === undefined ? 0 : secondsUntil((deciding[0] + seconds) * 1000, now);
}

function secondsUntil(at: number, now: number): number {
  return Math.max(1, Math.ceil((at - now) / 1000));
}

function judgePrefix(
  number: NumberFacts,
  counts: PrefixCounts | undefined,
  rules: SendRules,
  now: number,
): SendRefusal | undefined {
  const messages = messagesWithin(counts?.messages, 3600, now);
  const wait = Math.max(
    roomIn(messages, rules.sendsPerPrefix, 3600, now),
    roomForNumber(number.position, messages, rules.numbersPerPrefix, now),
  );
  return wait > 0 ? { rule: "prefix_velocity", retryAfterSeconds: wait } : undefined;
}

/** A number that got a message within the hour takes no more room. */
function roomForNumber(
  position: number,
  messages: readonly (readonly [second: number, position: number])[],
  limit: number | null,
  now: number,
): number {
  if (limit === null || messages.some(([, other]) => other === position)) return 0;
  const newest = new Map(messages.map(([second, other]) => [other, second]));
  if (newest.size < limit) return 0;
  const deciding = [...newest.values()].sort((a, b) => a - b).at(-limit) ?? 0;
  return secondsUntil((deciding + 3600) * 1000, now);
}

function judgeCallingCode(
  counts: CallingCodeCounts,
  { sendsPerCallingCode: limit }: SendRules,
  now: number,
): SendRefusal | undefined {
  if (limit === null) return undefined;
  const days = Object.values(counts.countries).map(({ day }) => day);
  const sum = days.reduce((total, day) => total + sumOf(day, daySlots, now), 0);
  if (sum + 1 <= limit) return undefined;
  // Each country's own share of the limit is what the others leave of it.
  const waits = days.map((day) => waitFor(day, 1, limit - (sum - sumOf(day, daySlots, now)), daySlots, now));
  return { rule: "dial_code_daily", retryAfterSeconds: Math.min(...waits) };
}

function judgeOrganization(
  { organization: { hour, day } }: SendCounters,
  rules: SendRules,
  now: number,
): SendRefusal | undefined {
  const wait = Math.max(
    room(hour, 1, rules.sendsPerHour, hourSlots, now),
    room(day, 1, rules.sendsPerDay, daySlots, now),
  );
  return wait > 0 ? { rule: "organization_cap", retryAfterSeconds: wait } : undefined;
}

function judgeSpend(
  priceMicros: number,
  { organization: { hourSpend, daySpend } }: SendCounters,
  rules: SendRules,
  now: number,
): SendRefusal | undefined {
  // A message without a known price still needs a cap that is not used up.
  const amount = Math.max(1, priceMicros);
  const wait = Math.max(
    room(hourSpend, amount, rules.spendPerHour, hourSlots, now),
    room(daySpend, amount, rules.spendPerDay, daySlots, now),
  );
  return wait > 0 ? { rule: "spend_cap", retryAfterSeconds: wait } : undefined;
}

function room(
  series: Series | undefined,
  amount: number,
  limit: number | null,
  slots: Slots,
  now: number,
): number {
  return limit === null ? 0 : waitFor(series, amount, limit, slots, now);
}

function judgeConversion(
  facts: SendFacts,
  number: NumberFacts,
  counters: SendCounters,
  rules: SendRules,
  now: number,
): { readonly refusal?: SendRefusal; readonly suspicions: readonly Suspicion[] } {
  const { conversionSends } = rules;
  const isKnown = facts.established || counters.prefix?.known?.includes(number.position) === true;
  if (conversionSends === null || isKnown) return { suspicions: [] };
  const country = countryOf(counters.callingCode, number);
  const prefix = counters.prefix ?? {};
  const until = Math.max(country.blockedUntil ?? 0, prefix.blockedUntil ?? 0);
  const suspicions = [
    ...suspicionOf("country", country, sumOf(country.recent, recentSlots, now), rules, now),
    ...suspicionOf("prefix", prefix, recentOf(prefix, now), rules, now),
  ];
  const ends = suspicions.length > 0 ? now + conversionBlockMs : until;
  if (ends <= now) return { suspicions };
  return { refusal: { rule: "low_conversion", retryAfterSeconds: secondsUntil(ends, now) }, suspicions };
}

function recentOf(counts: PrefixCounts, now: number): number {
  return messagesWithin(counts.messages, recentSlots.seconds * recentSlots.count, now).length;
}

/** Only messages that somebody had the time to answer are held against a place; nothing begins while a block lasts. */
function suspicionOf(
  scope: Suspicion["scope"],
  counts: ConversionCounts,
  recent: number,
  rules: SendRules,
  now: number,
): readonly Suspicion[] {
  if ((counts.blockedUntil ?? 0) > now) return [];
  const sent = sumOf(counts.sent, daySlots, now) - recent;
  const approved = sumOf(counts.approved, daySlots, now);
  const enough = sent >= (rules.conversionSends ?? Number.POSITIVE_INFINITY);
  return enough && approved * 100 < sent * rules.conversionPercent ? [{ scope, sent, approved }] : [];
}

function judgeNeighbours(
  { position }: NumberFacts,
  counts: PrefixCounts | undefined,
  { sequentialNumbers: limit }: SendRules,
  now: number,
): SendRefusal | undefined {
  if (limit === null) return undefined;
  const messages = messagesWithin(counts?.messages, neighbourSeconds, now);
  // A number that got a message already is not the next one of a row.
  if (messages.some(([, other]) => other === position)) return undefined;
  const near = messages.filter(([, other]) => distance(other, position) <= neighbourDistance);
  const neighbours = new Map(near.map(([second, other]) => [other, second]));
  if (neighbours.size < limit) return undefined;
  const deciding = [...neighbours.values()].sort((a, b) => a - b).at(-limit) ?? 0;
  return {
    rule: "sequential_numbers",
    retryAfterSeconds: secondsUntil((deciding + neighbourSeconds) * 1000, now),
  };
}

/** Positions go round: the keyed shift may lie between two neighbours. */
function distance(one: number, other: number): number {
  const apart = Math.abs(one - other);
  return Math.min(apart, positions - apart);
}
