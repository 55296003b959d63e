import type { BreakerChange } from "./delivery/breaker.ts";
import type { DispatcherOptions } from "./delivery/dispatcher.ts";
import { createHealth, type Health, type MeasuredCall, outsideLane } from "./delivery/health.ts";
import { createHealthRecord, type HealthRecord } from "./delivery/health-record.ts";
import type { OutsideStore } from "./engine/outside.ts";
import type { CheckOutcome, Store } from "./engine/store.ts";
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
  const noteCall = (call: MeasuredCall) => {
    health.noteCall(call);
    const { delivery, provider, result, durationMs } = call;
    metrics.providerCalled({ provider, via: delivery.via, country: delivery.country }, result, durationMs);
  };
  return {
    health,
    record: createHealthRecord({ audit: store.audit, health, startedAt: clock.now() }),
    store: {
      ...store,
      outbox: measuredOutbox(store.outbox, metrics, health),
      verifications: measuredVerifications(store.verifications, { metrics, health, noteCall }),
    },
    listeners: {
      onCall: ({ delivery, provider: { name: provider }, result, durationMs }) =>
        noteCall({ delivery, provider, result: result.ok ? "accepted" : result.reason, durationMs }),
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

interface VerificationMeasures {
  readonly metrics: Metrics;
  readonly health: Health;
  readonly noteCall: (call: MeasuredCall) => void;
}

function measuredVerifications(
  verifications: Store["verifications"],
  measures: VerificationMeasures,
): Store["verifications"] {
  const { metrics, health } = measures;
  const told = (outcome: CheckOutcome) => {
    if (outcome.kind === "approved") {
      const lane = health.noteApproval(outcome.verification.id);
      if (lane) metrics.providerResult(lane, "converted");
    }
    return outcome;
  };
  return {
    ...verifications,
    check: async (command) => told(await verifications.check(command)),
    outside: measuredOutside(verifications.outside, told, measures),
  };
}

/** A service that makes its codes itself is no provider, but what it takes is counted as if it were one. */
function measuredOutside(
  outside: OutsideStore,
  told: (outcome: CheckOutcome) => CheckOutcome,
  { metrics, noteCall }: VerificationMeasures,
): OutsideStore {
  return {
    ...outside,
    note: async (command) => {
      const noted = await outside.note(command);
      if (noted === undefined) return undefined;
      const { id: verification, delivery: id, organization, state, reason, durationMs = 0 } = command;
      const { via, country } = noted;
      const provider = outsideLane(noted.service);
      const result = state === "accepted" ? "accepted" : (reason ?? "ambiguous");
      metrics.delivery(provider, state);
      const delivery = { id, organization, verification, via, country };
      noteCall({ delivery, provider, result, durationMs });
      return noted;
    },
    settle: async (command) => told(await outside.settle(command)),
  };
}
