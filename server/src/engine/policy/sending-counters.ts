import type { NumberFacts, OrganizationId } from "../model.ts";
import type { SendRules, TelephoneVia } from "./sending.ts";
import { countsNumber, type NumberCounts } from "./sending-calls.ts";
import { addTo, daySlots, hourSlots, type Series } from "./sending-series.ts";

/** One durable row of counters, found by its key; written in the step of the message that it counts. */
export interface SendCounter {
  readonly organization: OrganizationId;
  readonly key: string;
  /** One of the `…Counts` below, as the key says. */
  readonly counts: object;
  /** From then on the row says nothing any more and may be forgotten. */
  readonly expiresAt: number;
}

/** Everything sent, and what it was expected or said to cost in millionths of the organization's currency. */
export interface OrganizationCounts {
  readonly hour?: Series;
  readonly day?: Series;
  readonly hourSpend?: Series;
  readonly daySpend?: Series;
  /** Calls alone. */
  readonly calls?: Series;
}

/** Of one calling code. */
export interface CallingCodeCounts {
  readonly countries: Readonly<Record<string, CountryCounts>>;
}

/** What became of messages to one country or prefix. */
export interface ConversionCounts {
  /** Messages and approvals since the last block ended, per hour of the last day. */
  readonly sent?: Series;
  readonly approved?: Series;
  /** New numbers get nothing until then. */
  readonly blockedUntil?: number | undefined;
}

export interface CountryCounts extends ConversionCounts {
  /** All messages, whatever was blocked since. */
  readonly day?: Series;
  /** The newest ones: nobody had the time to answer them yet. */
  readonly recent?: Series;
  /** Prefixes blocked for their conversion, newest last: what an operator is shown of them. */
  readonly prefixes?: readonly { readonly prefix: string; readonly until: number }[];
}

/** Of one prefix: a number without its last four digits. */
export interface PrefixCounts extends ConversionCounts {
  /** Second and position of the messages of the last hour, oldest first. */
  readonly messages?: readonly (readonly [second: number, position: number])[];
  /** Positions whose owners gave the right code, newest last. */
  readonly known?: readonly number[];
}

/** Of one network of end users: second and address of the messages of the last hour, oldest first. */
export interface SourceCounts {
  readonly messages?: readonly (readonly [second: number, address: string])[];
}

/** The rows that one message is judged by; a row that is not needed is absent. */
export interface SendCounters {
  readonly organization: OrganizationCounts;
  readonly callingCode: CallingCodeCounts;
  readonly prefix?: PrefixCounts | undefined;
  readonly source?: SourceCounts | undefined;
  /** Of calls only. */
  readonly number?: NumberCounts | undefined;
}

/** Every key of an organization's counters, and no other key, begins with this. */
export function counterPrefix(organization: OrganizationId): string {
  return `${organization}/`;
}

export function organizationKey(organization: OrganizationId): string {
  return `${counterPrefix(organization)}o`;
}

/** Without a calling code: what all of them begin with. */
export function callingCodeKey(organization: OrganizationId, callingCode = ""): string {
  return `${counterPrefix(organization)}c/${callingCode}`;
}

export function prefixKey(organization: OrganizationId, prefix: string): string {
  return `${counterPrefix(organization)}p/${prefix}`;
}

export function sourceKey(organization: OrganizationId, network: string): string {
  return `${counterPrefix(organization)}s/${network}`;
}

export function numberKey(organization: OrganizationId, { prefix, position }: NumberFacts): string {
  return `${counterPrefix(organization)}n/${prefix}.${position}`;
}

/** Whose rows a message is judged by. */
export interface CountedMessage {
  readonly organization: OrganizationId;
  readonly via: TelephoneVia;
  readonly number: NumberFacts;
  readonly source?: string | undefined;
}

/** The keys of those rows that any rule in force looks at. */
export function counterKeys({ organization, via, number, source }: CountedMessage, rules: SendRules) {
  return {
    organization: organizationKey(organization),
    callingCode: callingCodeKey(organization, number.callingCode),
    prefix: countsPrefix(rules) ? prefixKey(organization, number.prefix) : undefined,
    source:
      source !== undefined && countsSource(rules)
        ? sourceKey(organization, splitSource(source).network)
        : undefined,
    number: via === "voice" && countsNumber(rules) ? numberKey(organization, number) : undefined,
  };
}

/** The rows themselves; what has no row yet counted nothing. */
export function countersOf(
  message: CountedMessage,
  rules: SendRules,
  find: (key: string) => SendCounter | undefined,
): SendCounters {
  const keys = counterKeys(message, rules);
  const countsAt = (key: string) => find(key)?.counts;
  return {
    organization: (countsAt(keys.organization) ?? {}) as OrganizationCounts,
    callingCode: (countsAt(keys.callingCode) ?? { countries: {} }) as CallingCodeCounts,
    ...(keys.prefix !== undefined && { prefix: (countsAt(keys.prefix) ?? {}) as PrefixCounts }),
    ...(keys.source !== undefined && { source: (countsAt(keys.source) ?? {}) as SourceCounts }),
    ...(keys.number !== undefined && { number: (countsAt(keys.number) ?? {}) as NumberCounts }),
  };
}

/** The two halves of a source: keyed digests of the network and of the address in it. */
export function splitSource(source: string): { readonly network: string; readonly address: string } {
  const [network = "", address = ""] = source.split(".");
  return { network, address };
}

/** Its row is neither read nor written where nothing looks at it. */
function countsPrefix(rules: SendRules): boolean {
  return (
    rules.sendsPerPrefix !== null ||
    rules.numbersPerPrefix !== null ||
    rules.conversionSends !== null ||
    rules.sequentialNumbers !== null
  );
}

function countsSource(rules: SendRules): boolean {
  return rules.sendsPerSource !== null || rules.sendsPerNetwork !== null;
}

const hourMs = 3600 * 1000;
const dayMs = 24 * hourMs;
/** How long a prefix remembers who gave a right code. */
const knownMs = 30 * dayMs;

/** When each kind of row has nothing to say any more. */
export const counterLifeMs = {
  organization: dayMs + hourMs,
  prefix: knownMs,
  source: hourMs + 60_000,
} as const;

/** Longest lists kept in a row, whatever the limits say. */
const mostMessages = 1000;
const mostKnown = 64;
const mostPrefixes = 20;

/** One message more, at its price. */
export function countMessage(
  counts: OrganizationCounts,
  { via, priceMicros }: { readonly via: TelephoneVia; readonly priceMicros: number },
  now: number,
): OrganizationCounts {
  const counted = {
    ...counts,
    hour: addTo(counts.hour, 1, hourSlots, now),
    day: addTo(counts.day, 1, daySlots, now),
    ...(via === "voice" && { calls: addTo(counts.calls, 1, daySlots, now) }),
  };
  return priceMicros === 0 ? counted : addSpend(counted, priceMicros, now);
}

/** More or less spent than was expected. */
export function addSpend(counts: OrganizationCounts, micros: number, now: number): OrganizationCounts {
  return {
    ...counts,
    hourSpend: addTo(counts.hourSpend, micros, hourSlots, now),
    daySpend: addTo(counts.daySpend, micros, daySlots, now),
  };
}

/** The counts of the number's country. */
export function countryOf(counts: CallingCodeCounts, number: NumberFacts): CountryCounts {
  return counts.countries[number.country ?? ""] ?? {};
}

export function withCountry(
  counts: CallingCodeCounts,
  number: NumberFacts,
  country: CountryCounts,
): CallingCodeCounts {
  return { countries: { ...counts.countries, [number.country ?? ""]: country } };
}

export function countForCountry(counts: CountryCounts, rules: SendRules, now: number): CountryCounts {
  const counted = { ...counts, day: addTo(counts.day, 1, daySlots, now) };
  if (rules.conversionSends === null) return counted;
  return {
    ...counted,
    sent: addTo(counts.sent, 1, daySlots, now),
    recent: addTo(counts.recent, 1, recentSlots, now),
  };
}

/** Long enough for a code to be read and typed: a message younger than that is not yet one that nobody answered. */
export const recentSlots = { seconds: 60, count: 10 } as const;

export function countForPrefix(counts: PrefixCounts, position: number, now: number): PrefixCounts {
  return {
    ...counts,
    messages: withMessage(counts.messages ?? [], position, now),
    sent: addTo(counts.sent, 1, daySlots, now),
  };
}

export function countForSource(counts: SourceCounts, address: string, now: number): SourceCounts {
  return { messages: withMessage(counts.messages ?? [], address, now) };
}

type Message<Who> = readonly [second: number, who: Who];

/** Rounded up, so that whole seconds never make the hour shorter than it is. */
function withMessage<Who>(messages: readonly Message<Who>[], who: Who, now: number): readonly Message<Who>[] {
  return [...messagesWithin(messages, 3600, now), [Math.ceil(now / 1000), who] as const].slice(-mostMessages);
}

/** Those of the last so many seconds. */
export function messagesWithin<Who>(
  messages: readonly Message<Who>[] | undefined,
  seconds: number,
  now: number,
): readonly Message<Who>[] {
  return (messages ?? []).filter(([second]) => (second + seconds) * 1000 > now);
}

/** A right code came back: the share of approvals rises, and the number is no new one any more. */
export function countApproval<Counts extends ConversionCounts>(counts: Counts, now: number): Counts {
  return { ...counts, approved: addTo(counts.approved, 1, daySlots, now) };
}

export function withKnown(counts: PrefixCounts, position: number): PrefixCounts {
  const others = (counts.known ?? []).filter((one) => one !== position);
  return { ...counts, known: [...others, position].slice(-mostKnown) };
}

/** Counting begins anew with the block, so that the time after it gets a judgement of its own. */
export function blocked<Counts extends ConversionCounts>(counts: Counts, until: number): Counts {
  const { sent: _sent, approved: _approved, ...kept } = counts;
  return { ...kept, blockedUntil: until } as Counts;
}

/** The country's list of what is blocked in it. */
export function withBlockedPrefix(
  counts: CountryCounts,
  prefix: string,
  until: number,
  now: number,
): CountryCounts {
  const living = (counts.prefixes ?? []).filter((one) => one.until > now && one.prefix !== prefix);
  return { ...counts, prefixes: [...living, { prefix, until }].slice(-mostPrefixes) };
}
