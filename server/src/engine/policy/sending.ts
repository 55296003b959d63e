import type { NumberFacts, NumberType } from "../model.ts";

/**
 * What may be sent to telephones (SMS and voice calls; nothing here touches e-mail). Layers set some members; everything that
 * is counted, is counted for the whole organization. A limit of null is none.
 */
export interface SendRules {
  /** `monitor`: a message that these rules would refuse goes out and is only noted, but never to a type that nobody may use. */
  readonly enforce: "block" | "monitor";
  /**
   * Where text messages may go: ISO 3166-1 alpha-2 countries (`DE`), calling codes (`+44`, all its countries), or `*`. Layers
   * intersect. Where no layer says anything, the organization's own country.
   */
  readonly smsCountries: readonly string[];
  readonly voiceCountries: readonly string[];
  /** Types refused beside those that always are (`neverSent`). Layers add up. */
  readonly blockedTypes: readonly NumberType[];
  /** Numbers that rules about country, person, source and prefix do not hold for; set by the organization only. */
  readonly safeNumbers: readonly NumberEntry[];
  readonly blockedNumbers: readonly NumberEntry[];
  /** Messages per hour that one address of an end user may ask for, and one network (/24, /64). */
  readonly sendsPerSource: number | null;
  readonly sendsPerNetwork: number | null;
  /** Messages per hour, and numbers per hour, to numbers that differ in their last four digits only. */
  readonly sendsPerPrefix: number | null;
  readonly numbersPerPrefix: number | null;
  /** Messages per day to one calling code. */
  readonly sendsPerCallingCode: number | null;
  /** Messages of the organization per hour and per day. */
  readonly sendsPerHour: number | null;
  readonly sendsPerDay: number | null;
  /** What they may cost per hour and per day, in millionths of `currency`. */
  readonly spendPerHour: number | null;
  readonly spendPerDay: number | null;
  /** ISO 4217. */
  readonly currency: string;
  /** Millionths of `currency` per message, by country or `*`; what a provider says it cost replaces them afterwards. */
  readonly smsPrices: PriceList;
  readonly voicePrices: PriceList;
  /** From so many messages to a country or prefix within a day its share of approvals is looked at. */
  readonly conversionSends: number | null;
  /** Below this share, in percent, numbers that nobody has answered from get nothing there for an hour. */
  readonly conversionPercent: number;
  /** Different neighbours (10 apart at most) of a number that may get messages within 10 minutes. */
  readonly sequentialNumbers: number | null;
  /** How long a call is taken to last from its request on, ringing included: until then its number gets no other one. */
  readonly callSeconds: number | null;
  /** Calls per day to one number, and of the organization. */
  readonly callsPerNumber: number | null;
  readonly callsPerDay: number | null;
}

export type SendingLayer = Partial<SendRules>;

export type PriceList = Readonly<Record<string, number>>;

/** All numbers that begin so; or one number, known by its keyed digest and its mask. */
export type NumberEntry = { readonly prefix: string } | { readonly key: string; readonly hint: string };

/** Why a message is refused; also the `reason` of its event and the `code` that a trusted caller gets. */
export const sendRuleNames = [
  "country_not_allowed",
  "number_type_blocked",
  "number_blocked",
  "source_velocity",
  "prefix_velocity",
  "dial_code_daily",
  "organization_cap",
  "spend_cap",
  "low_conversion",
  "sequential_numbers",
  "call_in_progress",
  "calls_daily",
] as const;
export type SendRuleName = (typeof sendRuleNames)[number];

/** The ways that the rules are about: e-mail costs nothing and has no country. */
export type TelephoneVia = "sms" | "voice";

export function isTelephoneVia(via: string): via is TelephoneVia {
  return via === "sms" || via === "voice";
}

/** Types that no setting opens: somebody else pays or earns, or no person is there. Unknown is one of them: fail closed. */
const neverSent: ReadonlySet<NumberType> = new Set<NumberType>([
  "premium_rate",
  "toll_free",
  "shared_cost",
  "personal_number",
  "pager",
  "uan",
  "voicemail",
  "unknown",
]);

/** A sentence when nothing may ever be sent this way to such a number; undefined: it may. */
export function neverSentBecause(
  via: TelephoneVia,
  number: Pick<NumberFacts, "country" | "type"> | undefined,
): string | undefined {
  if (number === undefined) return "Nothing is known of this number.";
  if (number.country === undefined) return "Numbers that belong to no country cannot be used.";
  if (neverSent.has(number.type)) {
    return "Numbers of this type (premium, shared cost, toll-free, service) cannot be used.";
  }
  if (number.type === "fixed_line" && via === "sms") {
    return "A fixed-line number cannot receive a text message.";
  }
  return undefined;
}

/** Countries, calling codes with their +, or `*`. */
export function allowsCountry(list: readonly string[], number: NumberFacts): boolean {
  return list.some(
    (entry) => entry === "*" || entry === number.country || entry === `+${number.callingCode}`,
  );
}

/**
 * Which list a number is on. The entry that says most decides: one number before a prefix, a longer prefix before a shorter
 * one; on both lists alike, it is blocked. `open` gives the whole number and is called only where prefixes are to be compared.
 */
export function listedAs(
  rules: Pick<SendRules, "safeNumbers" | "blockedNumbers">,
  destinationKey: string | undefined,
  open: () => string,
): "safe" | "blocked" | undefined {
  const { safeNumbers, blockedNumbers } = rules;
  if (safeNumbers.length === 0 && blockedNumbers.length === 0) return undefined;
  const hasPrefix = [...safeNumbers, ...blockedNumbers].some((entry) => "prefix" in entry);
  const number = hasPrefix ? open() : "";
  const safe = weightOf(safeNumbers, destinationKey, number);
  const blocked = weightOf(blockedNumbers, destinationKey, number);
  if (safe === 0 && blocked === 0) return undefined;
  return safe > blocked ? "safe" : "blocked";
}

/** Longer than any number: an entry for exactly this one. */
const wholeNumber = 99;

function weightOf(entries: readonly NumberEntry[], key: string | undefined, number: string): number {
  let weight = 0;
  for (const entry of entries) {
    if ("key" in entry) {
      if (entry.key === key) return wholeNumber;
    } else if (number.startsWith(entry.prefix)) weight = Math.max(weight, entry.prefix.length);
  }
  return weight;
}

/** What a message is expected to cost, in millionths of the rules' currency; 0 where no price is known. */
export function expectedPrice(
  rules: Pick<SendRules, "smsPrices" | "voicePrices">,
  via: TelephoneVia,
  country: string | undefined,
): number {
  const prices = via === "sms" ? rules.smsPrices : rules.voicePrices;
  return (country === undefined ? undefined : prices[country]) ?? prices["*"] ?? 0;
}
