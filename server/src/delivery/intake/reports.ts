import { timeOrderedId } from "../../engine/code/random.ts";
import type { DeliveryVia, OrganizationId } from "../../engine/model.ts";
import type { Delivery, FailOver, OutboxStore, ReportCommand } from "../../engine/outbox.ts";
import type { Random, Timers } from "../../engine/tools.ts";
import type { ConfiguredProvider } from "../open-providers.ts";
import type { DeliveryReport, ReportRequest } from "../provider.ts";
import {
  type Configured,
  type ConfiguredTools,
  configuredProvider,
  type IntakeAnswer,
  refusal,
  refusalOf,
} from "./configured.ts";
import type { Redaction } from "./redaction.ts";

/** What providers say of messages after they have taken them. */
export interface ReportIntake {
  /** The same answer to whatever a provider proved, known message or not. */
  receive(providerId: string, request: ReportRequest): Promise<IntakeAnswer>;
  /** Forgets what waits for its message to become known. */
  close(): void;
}

export interface ReportIntakeTools extends ConfiguredTools {
  readonly store: ConfiguredTools["store"] & { readonly outbox: Pick<OutboxStore, "report"> };
  /** Enabled providers for a via, in the organization's order. */
  readonly providersOf: (
    organization: OrganizationId,
    via: DeliveryVia,
  ) => Promise<readonly ConfiguredProvider[]>;
  /** Called with a message that goes out instead of one that did not arrive. */
  readonly dispatch: (delivery: Delivery) => void;
  readonly redaction: Pick<Redaction, "push">;
  readonly random: Random;
  readonly timers: Timers;
}

/** Reports of one web-hook that are read; the provider that sends the most sends a hundred. */
const mostReports = 1_000;

/**
 * A provider may be faster than the commit that records its hand-over: what it says of a message that nobody knows is looked
 * at again after these times.
 */
const againAfterMs: readonly number[] = [1_000, 10_000];
const mostWaiting = 1_000;

export function createReportIntake(tools: ReportIntakeTools): ReportIntake {
  const waiting = new Set<() => void>();

  async function note(report: DeliveryReport, found: Configured, delays = againAfterMs): Promise<void> {
    const outcome = await tools.store.outbox.report(await commandOf(report, found, tools));
    const [delayMs, ...later] = delays;
    if (outcome.kind === "unknown" && delayMs !== undefined && waiting.size < mostWaiting) {
      const stop = tools.timers.after(delayMs, () => {
        waiting.delete(stop);
        note(report, found, later).catch(() => undefined);
      });
      waiting.add(stop);
    }
    if (outcome.kind !== "changed") return;
    if (outcome.instead) tools.dispatch(outcome.instead);
    if (report.state !== "accepted") {
      const { verification, delivery } = outcome;
      tools.redaction.push({ found, reference: report.reference, verification, delivery });
    }
  }

  async function receive(id: string, request: ReportRequest): Promise<IntakeAnswer> {
    const found = await configuredProvider(id, tools);
    if (found?.kind.readReports === undefined) return refusal;
    const { kind, provider } = found;
    const question = await kind.answerHandshake?.(request, provider.settings, found.tools);
    if (question !== undefined) return { status: 200, mediaType: "text/plain", body: question };
    const reports = await found.kind.readReports(request, provider.settings, found.tools);
    // Together, so that they share a commit; in what order they are noted makes no difference to where they end.
    await Promise.all(reports.slice(0, mostReports).map((report) => note(report, found)));
    return { status: 200 };
  }

  return {
    receive: (id, request) => receive(id, request).catch(refusalOf),
    close() {
      for (const stop of waiting) stop();
      waiting.clear();
    },
  };
}

async function commandOf(
  report: DeliveryReport,
  { provider }: Configured,
  tools: ReportIntakeTools,
): Promise<ReportCommand> {
  const { reference, state, reason, providerCode, price } = report;
  const now = tools.clock.now();
  const message = { provider: provider.id, reference };
  const failOver =
    state === "failed"
      ? {
          deliveryId: timeOrderedId(now, tools.random),
          providers: await namesOf(provider.organization, provider.vias, tools),
        }
      : undefined;
  return { message, state, reason, providerCode, price, now, failOver };
}

async function namesOf(
  organization: OrganizationId,
  vias: readonly DeliveryVia[],
  { providersOf }: ReportIntakeTools,
): Promise<FailOver["providers"]> {
  const entries = vias.map(async (via) => {
    const providers = await providersOf(organization, via);
    return [via, providers.map(({ name }) => name)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
