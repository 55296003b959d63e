import type { DeliveryVia, OrganizationId } from "../engine/model.ts";

/** What became of the messages of one provider in one country by one via. */
export interface HealthCounts {
  /** Times that the provider was called. */
  calls: number;
  accepted: number;
  /** As it reported. */
  delivered: number;
  failed: number;
  /** Verifications whose newest message it carried and that were approved. */
  converted: number;
}

/** Where a message went: names, so that the record can tell the same after a restart. */
export interface Lane {
  readonly organization: OrganizationId;
  /** Name of the provider. */
  readonly provider: string;
  readonly via: DeliveryVia;
  /** ISO 3166-1 alpha-2; absent for e-mail and for numbers of no country. */
  readonly country?: string | undefined;
}

export interface Hour extends HealthCounts {
  readonly hour: number;
}

export interface Series {
  readonly lane: Lane;
  readonly hours: Hour[];
}

/** Counts by lane and hour, of the last day and of a bounded number of lanes. */
export interface Hours {
  at(lane: Lane, time: number): Hour;
  of(lane: Lane): Series | undefined;
  all(): Iterable<Series>;
}

export const hourMs = 3_600_000;
export const keptHours = 24;
const halfLifeHours = 3;
/** The lane that was used least lately is forgotten. */
const mostLanes = 2_000;

export function createHours(): Hours {
  const lanes = new Map<string, Series>();
  return {
    at(lane, time) {
      const key = keyOf(lane);
      const series = lanes.get(key) ?? { lane, hours: [] };
      putLast(lanes, key, series, mostLanes);
      const hour = Math.floor(time / hourMs);
      const known = series.hours.find((one) => one.hour === hour);
      if (known) return known;
      const fresh = { hour, calls: 0, accepted: 0, delivered: 0, failed: 0, converted: 0 };
      series.hours.push(fresh);
      while (series.hours.length > keptHours) series.hours.shift();
      return fresh;
    },
    of: (lane) => lanes.get(keyOf(lane)),
    all: () => lanes.values(),
  };
}

/** Of the last day. */
export function sumOf({ hours }: Pick<Series, "hours">, now: number): HealthCounts {
  const since = Math.floor(now / hourMs) - keptHours;
  return sum(hours, ({ hour }) => (hour > since ? 1 : 0));
}

/** The newer the more: what happened three hours ago counts half. */
export function weighedSumOf({ hours }: Pick<Series, "hours">, now: number): HealthCounts {
  return sum(hours, ({ hour }) => 0.5 ** (Math.max(0, now / hourMs - hour - 1) / halfLifeHours));
}

function sum(hours: readonly Hour[], weightOf: (hour: Hour) => number): HealthCounts {
  const total = { calls: 0, accepted: 0, delivered: 0, failed: 0, converted: 0 };
  for (const hour of hours) {
    const weight = weightOf(hour);
    total.calls += hour.calls * weight;
    total.accepted += hour.accepted * weight;
    total.delivered += hour.delivered * weight;
    total.failed += hour.failed * weight;
    total.converted += hour.converted * weight;
  }
  return total;
}

function keyOf({ organization, provider, via, country }: Lane): string {
  return [organization, provider, via, country ?? ""].join("\n");
}

/** Makes it the one used last, and forgets the one used least lately. */
export function putLast<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
