import type { BreakerChange } from "./delivery/breaker.ts";
import type { DispatcherOptions } from "./delivery/dispatcher.ts";
import { createHealth, type Health } from "./delivery/health.ts";
import { createHealthRecord, type HealthRecord } from "./delivery/health-record.ts";
import type { Store } from "./engine/store.ts";
import type { Clock } from "./engine/tools.ts";
import type { Metrics } from "./http/metrics.ts";

/** What is measured of deliveries, for metrics, for `provider list --health` and for the order of providers. */
export interface Measuring {
  readonly health: Health;
  readonly record: HealthRecord;
  /** The store, with the outcome of every delivery and the approvals in what is measured. */
  readonly store: Store;
  readonly listeners: Required<Pick<DispatcherOptions, "onCall" | "onBreaker">>;
}

export function measure(store: Store, { metrics, clock }: { metrics: Metrics; clock: Clock }): Measuring {
  const health = createHealth({ clock });
  return {
    health,
    record: createHealthRecord({ audit: store.audit, health, startedAt: clock.now() }),
    store: {
      ...store,
      outbox: measuredOutbox(store.outbox, metrics, health),
      verifications: measuredVerifications(store.verifications, metrics, health),
    },
    listeners: {
      onCall: (call) => {
        health.noteCall(call);
        const { delivery, provider, result, durationMs } = call;
        const labels = { provider: provider.name, via: delivery.via, country: delivery.country };
        metrics.providerCalled(labels, result.ok ? "accepted" : result.reason, durationMs);
      },
      onBreaker: (change) => {
        metrics.providerBreaker(change.provider.name, change.state);
        // A store that refuses has told so elsewhere; the breaker works without its record.
        store.audit.append(breakerEvent(change), clock.now()).catch(() => undefined);
      },
    },
  };
}

function breakerEvent({ organization, provider, state, reason }: BreakerChange) {
  return {
    type: state === "open" ? "provider.unavailable" : "provider.available",
    organization,
    actor: "system",
    details: {
      provider: provider.name,
      kind: provider.kind,
      ...(reason !== undefined && { failure: reason }),
    },
  } as const;
}

function measuredOutbox(outbox: Store["outbox"], metrics: Metrics, health: Health): Store["outbox"] {
  return {
    ...outbox,
    finish: async (result) => {
      await outbox.finish(result);
      metrics.delivery(result.provider ?? "none", result.state);
    },
    report: async (report) => {
      const outcome = await outbox.report(report);
      if (outcome.kind !== "changed") return outcome;
      const { state } = outcome;
      metrics.delivery(outcome.provider ?? "none", state);
      const lane = health.noteReport(outcome.delivery, state);
      if (lane && state !== "accepted") metrics.providerResult(lane, `reported_${state}`);
      return outcome;
    },
  };
}

function measuredVerifications(
  verifications: Store["verifications"],
  metrics: Metrics,
  health: Health,
): Store["verifications"] {
  return {
    ...verifications,
    check: async (command) => {
      const outcome = await verifications.check(command);
      if (outcome.kind === "approved") {
        const lane = health.noteApproval(outcome.verification.id);
        if (lane) metrics.providerResult(lane, "converted");
      }
      return outcome;
    },
  };
}
