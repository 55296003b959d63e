import type { DeliveryVia, OrganizationId, VerificationId } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { Clock } from "../engine/tools.ts";
import {
  createHours,
  type HealthCounts,
  type Hour,
  type Hours,
  type Lane,
  putLast,
  sumOf,
  weighedSumOf,
} from "./health-hours.ts";
import { createRecent } from "./health-recent.ts";
import type { DeliveryReport } from "./provider.ts";

export interface CountryHealth extends Readonly<HealthCounts> {
  readonly via: DeliveryVia;
  /** ISO 3166-1 alpha-2; absent for e-mail and for numbers of no country. */
  readonly country?: string | undefined;
}

/** How a provider does. */
export interface ProviderHealth {
  /** What went wrong last, since this process started. */
  readonly lastFailure?: { readonly reason: string; readonly at: number } | undefined;
  /** 95 of 100 messages were handed over in this time or less, of the last 200 of this process. */
  readonly handOverP95Ms?: number | undefined;
  /** Of the last day, most calls first. */
  readonly countries: readonly CountryHealth[];
}

/** One message in the hands of a provider. */
export interface HandOver {
  readonly lane: Lane;
  readonly at: number;
  readonly delivery: string;
  readonly verification: VerificationId;
  readonly outcome: "accepted" | "other";
}

/** One message, what became of it there, and how long that took. */
export interface MeasuredCall {
  readonly delivery: Pick<Delivery, "id" | "organization" | "verification" | "via" | "country">;
  /** Name of the provider. */
  readonly provider: string;
  /** `accepted`, or the stable word of the failure. */
  readonly result: string;
  readonly durationMs: number;
}

/** Under which name a service outside is measured beside the organization's providers. */
export function outsideLane(service: string): string {
  return `outside:${service}`;
}

/** What is measured of providers: in memory, by the hour, and rebuilt from the record. */
export interface Health {
  noteCall(call: MeasuredCall): void;
  noteHandOver(handOver: HandOver): void;
  /** A report of a provider; gives the lane of the message where it is known. */
  noteReport(delivery: string, state: DeliveryReport["state"]): Lane | undefined;
  /** An approval; gives the lane of the verification's newest message where it is known. */
  noteApproval(verification: VerificationId): Lane | undefined;
  of(organization: OrganizationId, provider: string): ProviderHealth;
  /** Of one lane, the newer the more: what happened three hours ago counts half. */
  weighed(lane: Lane): Readonly<HealthCounts>;
}

interface Speed {
  readonly lastFailure: ProviderHealth["lastFailure"];
  readonly durationsMs: readonly number[];
}

interface Message {
  readonly lane: Lane;
  readonly hour: Hour;
  isConverted: boolean;
}

const mostProviders = 2_000;
const keptDurations = 200;
const unknownSpeed: Speed = { lastFailure: undefined, durationsMs: [] };

export function createHealth({ clock }: { readonly clock: Clock }): Health {
  const hours = createHours();
  const speeds = new Map<string, Speed>();
  const messages = createRecent<Message>();

  function noteHandOver({ lane, at, delivery, verification, outcome }: HandOver): void {
    const hour = hours.at(lane, at);
    hour.calls += 1;
    if (outcome === "accepted") hour.accepted += 1;
    const message = { lane, hour, isConverted: false };
    messages.set(`delivery ${delivery}`, message);
    messages.set(`verification ${verification}`, message);
  }

  return {
    noteHandOver,
    noteCall({ delivery: { id, organization, verification, via, country }, provider, result, durationMs }) {
      const at = clock.now();
      const lane = { organization, provider, via, country };
      const outcome = result === "accepted" ? "accepted" : "other";
      noteHandOver({ lane, at, delivery: id, verification, outcome });
      const key = speedKey(organization, provider);
      const { lastFailure, durationsMs } = speeds.get(key) ?? unknownSpeed;
      const speed =
        result === "accepted"
          ? { lastFailure, durationsMs: [...durationsMs.slice(1 - keptDurations), durationMs] }
          : { lastFailure: { reason: result, at }, durationsMs };
      putLast(speeds, key, speed, mostProviders);
    },
    noteReport(delivery, state) {
      const message = messages.get(`delivery ${delivery}`);
      if (message && state !== "accepted") message.hour[state] += 1;
      return message?.lane;
    },
    noteApproval(verification) {
      const message = messages.get(`verification ${verification}`);
      if (message && !message.isConverted) {
        message.isConverted = true;
        message.hour.converted += 1;
      }
      return message?.lane;
    },
    of(organization, provider) {
      const { lastFailure, durationsMs } = speeds.get(speedKey(organization, provider)) ?? unknownSpeed;
      const sorted = durationsMs.toSorted((a, b) => a - b);
      return {
        lastFailure,
        handOverP95Ms: sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)],
        countries: countriesOf(organization, provider, hours, clock.now()),
      };
    },
    weighed: (lane) => weighedSumOf(hours.of(lane) ?? { hours: [] }, clock.now()),
  };
}

function countriesOf(
  organization: OrganizationId,
  provider: string,
  hours: Hours,
  now: number,
): readonly CountryHealth[] {
  return [...hours.all()]
    .filter(({ lane }) => lane.organization === organization && lane.provider === provider)
    .map((series) => ({ via: series.lane.via, country: series.lane.country, ...sumOf(series, now) }))
    .filter(({ calls }) => calls > 0)
    .toSorted((a, b) => b.calls - a.calls);
}

function speedKey(organization: OrganizationId, provider: string): string {
  return `${organization}\n${provider}`;
}
