import type { OrganizationId } from "../model.ts";
import type { SendingStore } from "../sending.ts";
import {
  type CallingCodeCounts,
  type CountryCounts,
  callingCodeKey,
  type OrganizationCounts,
  organizationKey,
} from "./sending-counters.ts";
import { daySlots, hourSlots, sumOf } from "./sending-series.ts";

/** What an organization sent to telephones, and where nothing new goes for now. It names no number. */
export interface SendingOverview {
  readonly hour: Totals;
  readonly day: Totals;
  /** Those of the last day, busiest first. */
  readonly countries: readonly CountryOverview[];
  readonly blockedPrefixes: readonly BlockedPrefix[];
}

export interface Totals {
  readonly sends: number;
  readonly spentMicros: number;
}

export interface CountryOverview {
  readonly country: string;
  readonly callingCode: string;
  readonly sends: number;
  /** Since the last block of the country ended, at most a day. */
  readonly judged: { readonly sends: number; readonly approved: number };
  readonly blockedUntil?: number | undefined;
}

export interface BlockedPrefix {
  /** Tells two prefixes apart, and no more. */
  readonly id: string;
  readonly country: string;
  readonly callingCode: string;
  readonly blockedUntil: number;
}

export async function sendingOverview(
  organization: OrganizationId,
  store: SendingStore,
  now: number,
): Promise<SendingOverview> {
  const rows = await store.totals(organization);
  const own = rows.find(({ key }) => key === organizationKey(organization))?.counts;
  const { hour, day, hourSpend, daySpend } = (own ?? {}) as OrganizationCounts;
  const codes = callingCodeKey(organization);
  const countries = rows
    .filter(({ key }) => key.startsWith(codes))
    .flatMap(({ key, counts }) => countriesOf(key.slice(codes.length), counts as CallingCodeCounts));
  return {
    hour: { sends: sumOf(hour, hourSlots, now), spentMicros: sumOf(hourSpend, hourSlots, now) },
    day: { sends: sumOf(day, daySlots, now), spentMicros: sumOf(daySpend, daySlots, now) },
    countries: countries
      .map((place) => countryOverview(place, now))
      .filter(({ sends, blockedUntil }) => sends > 0 || blockedUntil !== undefined)
      .sort((a, b) => b.sends - a.sends),
    blockedPrefixes: countries.flatMap((place) => blockedIn(place, now)),
  };
}

interface Place {
  readonly country: string;
  readonly callingCode: string;
  readonly counts: CountryCounts;
}

function countriesOf(callingCode: string, { countries }: CallingCodeCounts): readonly Place[] {
  return Object.entries(countries).map(([country, counts]) => ({ country, callingCode, counts }));
}

function countryOverview({ country, callingCode, counts }: Place, now: number): CountryOverview {
  const { day, sent, approved, blockedUntil = 0 } = counts;
  return {
    country,
    callingCode,
    sends: sumOf(day, daySlots, now),
    judged: { sends: sumOf(sent, daySlots, now), approved: sumOf(approved, daySlots, now) },
    ...(blockedUntil > now && { blockedUntil }),
  };
}

function blockedIn({ country, callingCode, counts }: Place, now: number): readonly BlockedPrefix[] {
  return (counts.prefixes ?? [])
    .filter(({ until }) => until > now)
    .map(({ prefix, until }) => ({ id: prefix.slice(0, 8), country, callingCode, blockedUntil: until }));
}
