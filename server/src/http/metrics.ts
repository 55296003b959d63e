import { Counter, Gauge, Registry } from "prom-client";
import type { DeliveryState, Via } from "../engine/model.ts";
import type { SendRuleName } from "../engine/policy/sending.ts";
import type { RetainedKind } from "../engine/retention.ts";
import type { CheckRefusal, StartRefusal } from "../engine/store.ts";
import type { AdmissionRefusal } from "./admission.ts";
import { createDeliveryMetrics, type DeliveryMetrics } from "./delivery-metrics.ts";
import { createDurations, type RouteDurations } from "./durations.ts";

/** What the rooms count. Labels are closed words: never an id, a destination or a code. */
export interface Metrics extends DeliveryMetrics {
  verificationStarted(via: Via): void;
  verificationApproved(via: Via): void;
  /** A start that was refused. */
  startRefused(via: Via, reason: StartRefusal | SendRuleName): void;
  /** An answer that was refused. */
  attemptRefused(via: Via, reason: CheckRefusal): void;
  delivery(provider: string, state: DeliveryState): void;
  /** One try to tell a web-hook of an event. */
  webhookTold(outcome: "delivered" | "failed"): void;
  /** A request that got a place. */
  requestAdmitted(how: "at_once" | "after_waiting"): void;
  /** A request that was refused before it was read. */
  requestShed(reason: AdmissionRefusal | "key_rate" | "organization_rate"): void;
  /** Rows that retention removed or emptied. */
  retained(kind: RetainedKind, rows: number): void;
  /** Takes the durations of one route; ask for it once, at the route's registration. */
  durationsOf(method: string, route: string): RouteDurations;
  /** Adds a value that is read when the metrics are. */
  gauge(name: string, help: string, read: () => number): void;
  /** Everything in the Prometheus text format 0.0.4. */
  render(): Promise<string>;
  readonly contentType: string;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const durations = createDurations();
  const count = tallies(registry);
  const started = count("countersign_verifications_started_total", "Verifications started", ["via"]);
  const approved = count("countersign_verifications_approved_total", "Verifications approved", ["via"]);
  const startsRefused = count("countersign_starts_refused_total", "Starts refused", ["via", "reason"]);
  const attemptsRefused = count("countersign_attempts_refused_total", "Answers refused", ["via", "reason"]);
  const deliveries = count("countersign_deliveries_total", "Deliveries by outcome", ["provider", "state"]);
  const told = count("countersign_webhook_tries_total", "Tries to tell a web-hook by outcome", ["outcome"]);
  const forgotten = count(
    "countersign_retention_rows_total",
    "Rows removed or emptied because their time was over",
    ["kind"],
  );
  const admitted = count("countersign_requests_admitted_total", "Requests let in", ["how"]);
  const shed = count("countersign_requests_shed_total", "Requests refused to stay responsive", ["reason"]);
  return {
    ...createDeliveryMetrics(registry),
    verificationStarted: (via) => started(via),
    verificationApproved: (via) => approved(via),
    startRefused: (via, reason) => startsRefused(via, reason),
    attemptRefused: (via, reason) => attemptsRefused(via, reason),
    delivery: (provider, state) => deliveries(provider, state),
    webhookTold: (outcome) => told(outcome),
    requestAdmitted: (how) => admitted(how),
    requestShed: (reason) => shed(reason),
    retained: (kind, rows) => forgotten.add(rows, kind),
    durationsOf: durations.of,
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    async render() {
      return `${await registry.metrics()}\n${durations.render()}`;
    },
    contentType: registry.contentType,
  };
}

interface Tally {
  (...labelValues: readonly string[]): void;
  /** Several at once. */
  add(times: number, ...labelValues: readonly string[]): void;
}

/**
 * Counters for the hot path: an increment is one look-up in a map; the labels are taken apart only when someone reads the
 * metrics.
 */
function tallies(registry: Registry): (name: string, help: string, labelNames: readonly string[]) => Tally {
  return (name, help, labelNames) => {
    const pending = new Map<string, number>();
    new Counter({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        for (const [joined, times] of pending) {
          const values = joined.split("\n");
          this.inc(Object.fromEntries(labelNames.map((label, index) => [label, values[index] ?? ""])), times);
        }
        pending.clear();
      },
    });
    const add = (times: number, ...labelValues: readonly string[]) => {
      const joined = labelValues.length === 1 ? String(labelValues[0]) : labelValues.join("\n");
      pending.set(joined, (pending.get(joined) ?? 0) + times);
    };
    return Object.assign((...labelValues: readonly string[]) => add(1, ...labelValues), { add });
  };
}
