import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { DeliveryVia } from "../engine/model.ts";

/** Where a message went, as labels. */
export interface DeliveryLabels {
  /** Name of the provider, as the organization chose it. */
  readonly provider: string;
  readonly via: DeliveryVia;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/** What is counted of providers. */
export interface DeliveryMetrics {
  /** One call of a provider. `outcome`: `accepted` or the failure. */
  providerCalled(labels: DeliveryLabels, outcome: string, durationMs: number): void;
  /** A report about a message, or the approval of its verification. */
  providerResult(
    labels: DeliveryLabels,
    result: "reported_delivered" | "reported_failed" | "converted",
  ): void;
  providerBreaker(provider: string, state: "open" | "closed"): void;
}

/** Names are chosen by organizations: beyond so many of them the rest are counted together. */
const mostProviders = 200;
const other = "other";

/** Labels are bounded: providers by number, vias, countries and outcomes by what there is. */
export function createDeliveryMetrics(registry: Registry): DeliveryMetrics {
  const registers = [registry];
  const calls = new Counter({
    name: "countersign_provider_calls_total",
    help: "Calls of providers by outcome",
    labelNames: ["provider", "via", "country", "outcome"],
    registers,
  });
  const durations = new Histogram({
    name: "countersign_provider_call_duration_seconds",
    help: "Time until a provider answered",
    labelNames: ["provider", "via"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5],
    registers,
  });
  const results = new Counter({
    name: "countersign_provider_results_total",
    help: "What became of messages that providers took",
    labelNames: ["provider", "via", "country", "result"],
    registers,
  });
  const breakers = new Gauge({
    name: "countersign_provider_breaker_state",
    help: "1: the provider is left out because it failed too often, 0: it is not",
    labelNames: ["provider"],
    registers,
  });
  const names = new Set<string>();

  function named(provider: string): string {
    if (names.size < mostProviders) names.add(provider);
    return names.has(provider) ? provider : other;
  }

  return {
    providerCalled({ provider, via, country = "" }, outcome, durationMs) {
      const name = named(provider);
      calls.inc({ provider: name, via, country, outcome });
      durations.observe({ provider: name, via }, durationMs / 1000);
    },
    providerResult({ provider, via, country = "" }, result) {
      results.inc({ provider: named(provider), via, country, result });
    },
    providerBreaker: (provider, state) =>
      breakers.set({ provider: named(provider) }, state === "open" ? 1 : 0),
  };
}
