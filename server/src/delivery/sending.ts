import type { DeliveryVia, OrganizationId } from "../engine/model.ts";
import type { Delivery, DeliveryOutcome } from "../engine/outbox.ts";
import type { Store } from "../engine/store.ts";
import type { Timers, Vault } from "../engine/tools.ts";
import { type AttemptOutcome, attempt, callInTime, callSimulated } from "./attempt.ts";
import type { Breakers } from "./breaker.ts";
import type { Claim } from "./claims.ts";
import type { ConfiguredProvider, OpenProviders, OpenProvidersTools } from "./open-providers.ts";
import type { Arrange } from "./order.ts";
import type { DeliveryResult, OutboundMessage } from "./provider.ts";
import { withRetries } from "./retries.ts";
import type { States } from "./states.ts";

/** One delivery on its way through this process. */
export interface Job {
  readonly delivery: Delivery;
  /** Found in the outbox, so another node may have found it too: claimed even for a simulated provider. */
  readonly found: boolean;
  claimed: boolean;
  readonly done: () => void;
}

export type DispatcherProblem = "claim_failed" | "finish_failed" | "scan_failed";

/** What the dispatcher is given. */
export interface SendingTools extends OpenProvidersTools {
  readonly store: Pick<Store, "outbox">;
  /** Enabled providers for a via, in the organization's order. */
  readonly providersOf: (
    organization: OrganizationId,
    via: DeliveryVia,
  ) => readonly ConfiguredProvider[] | Promise<readonly ConfiguredProvider[]>;
  readonly compose: (
    delivery: Delivery,
    code: string,
    destination: string,
  ) => OutboundMessage | Promise<OutboundMessage>;
  readonly vault: Pick<Vault, "open">;
  readonly timers: Timers;
  /** Orders the providers for one message; absent: as `providersOf` gives them. */
  readonly arrange?: Arrange | undefined;
  /** Told of every call of a provider, for what is measured. */
  readonly onCall?: ((call: ProviderCall) => void) | undefined;
  /** For the log: what could not be written, and for which delivery. */
  readonly onProblem?: (problem: DispatcherProblem, delivery?: string) => void;
}

/** One call of one provider with one message. */
export interface ProviderCall {
  readonly delivery: Pick<Delivery, "id" | "organization" | "verification" | "via" | "country">;
  readonly provider: ConfiguredProvider;
  readonly result: DeliveryResult;
  readonly durationMs: number;
}

/** What a job needs around it. */
export interface Sending {
  readonly tools: SendingTools;
  readonly providers: OpenProviders;
  readonly claim: Claim;
  readonly states: States;
  readonly breakers: Breakers;
  readonly isEnding: () => boolean;
  /** Calls under way, so that a shutdown can end them. */
  readonly active: Set<AbortController>;
  readonly providerTimeoutMs: number;
  /** Called when a delivery had to be left in the outbox. */
  readonly onLeft: () => void;
}

export const storeRetryDelaysMs: readonly number[] = [50, 250, 1_000, 4_000];

/** Never rejects: every way of ending is recorded, or left to the outbox. */
export async function runJob(job: Job, sending: Sending): Promise<void> {
  const { delivery } = job;
  const outcome = await outcomeOf(job, sending).catch((error: unknown) => unsettled(error, job, sending));
  if (outcome === "left") {
    sending.onLeft();
    sending.states.end(delivery, "queued");
  } else if (outcome === undefined) {
    sending.states.end(delivery, "dropped");
  } else {
    await record(delivery, outcome, sending);
  }
}

/** Only a failing store or a fault of ours ends here; whatever was claimed may have been sent. */
function unsettled(error: unknown, job: Job, sending: Sending): AttemptOutcome | "left" {
  if (error instanceof ClaimFailed) {
    sending.tools.onProblem?.("claim_failed", job.delivery.id);
    return "left";
  }
  return { state: job.claimed ? "maybe_sent" : "failed", reason: "internal_error", tries: 0 };
}

async function outcomeOf(job: Job, sending: Sending): Promise<AttemptOutcome | undefined> {
  const { delivery } = job;
  const { tools, providers } = sending;
  const lateness = () => latenessOf(delivery, tools.clock.now());
  const late = lateness();
  if (late !== undefined) {
    return { state: "dropped", reason: late, tries: 0 };
  }
  if (job.found && !(await claimed(job, sending))) {
    return undefined;
  }
  const choices = await tools.providersOf(delivery.organization, delivery.via);
  const arranged = tools.arrange ? await tools.arrange(choices, delivery) : choices;
  const fresh = arranged.filter(({ name }) => !delivery.skip?.includes(name));
  return attempt(fresh, {
    lateness,
    isEnding: sending.isEnding,
    admit: (choice) => sending.breakers.admit(choice, delivery.organization),
    lastResort: sending.breakers.lastResort,
    claim: () => claimed(job, sending),
    compose: async () => {
      const { code, destination } = openSealed(delivery, tools.vault);
      return tools.compose(delivery, code, destination);
    },
    isSimulated: providers.isSimulated,
    reports: providers.reports,
    soon: (result) => inTime(result, tools.timers),
    call: (choice, message) => callOne(choice, message, delivery, sending),
  });
}

/** So long a message waits for a provider that it tries because it was left out. */
const tryMs = 400;

function inTime(result: Promise<DeliveryResult>, timers: Timers): Promise<DeliveryResult> {
  return new Promise((resolve) => {
    const stop = timers.after(tryMs, () => resolve({ ok: false, reason: "ambiguous" }));
    const end = (said: DeliveryResult) => {
      stop();
      resolve(said);
    };
    result.then(end, () => end({ ok: false, reason: "ambiguous" }));
  });
}

/** A code that comes when half of its life is over is one more code to confuse with the next. */
function latenessOf(
  { expiresAt, createdAt, ttlSeconds }: Delivery,
  now: number,
): "expired" | "late" | undefined {
  if (now >= expiresAt) return "expired";
  return now >= createdAt + (ttlSeconds * 1000) / 2 ? "late" : undefined;
}

async function callOne(
  choice: ConfiguredProvider,
  message: OutboundMessage,
  delivery: Delivery,
  sending: Sending,
): Promise<DeliveryResult> {
  const { tools, providers, active, providerTimeoutMs } = sending;
  const begunAt = tools.clock.now();
  const result = await (providers.isSimulated(choice)
    ? callSimulated(choice, message, providers)
    : callInTime((signal) => providers.send(choice, message, signal), providerTimeoutMs, {
        timers: tools.timers,
        active,
      }));
  tools.onCall?.({ delivery, provider: choice, result, durationMs: tools.clock.now() - begunAt });
  return result;
}

async function claimed(job: Job, { claim, tools }: Sending): Promise<boolean> {
  if (!job.claimed) {
    const answer = await withRetries(() => claim(job.delivery.id), storeRetryDelaysMs, tools.timers);
    if (answer === undefined) {
      throw new ClaimFailed();
    }
    job.claimed = answer.result !== undefined;
  }
  return job.claimed;
}

/** A failing store is asked again; the message itself is never sent again. */
export async function record(
  delivery: Delivery,
  outcome: AttemptOutcome,
  { tools, states }: Pick<Sending, "tools" | "states">,
): Promise<void> {
  const { id, organization, verification, via } = delivery;
  const now = tools.clock.now();
  const result: DeliveryOutcome = { ...outcome, organization, delivery: id, verification, via, now };
  const write = async (): Promise<void> => {
    try {
      await tools.store.outbox.finish(result);
    } finally {
      // After the first try, not after the last: a conversation that waits is told what is true.
      states.end(delivery, outcome.state);
    }
  };
  if ((await withRetries(write, storeRetryDelaysMs, tools.timers)) === undefined) {
    tools.onProblem?.("finish_failed", id);
  }
}

/** The store could not say whether the delivery is ours, so nothing was sent. */
class ClaimFailed extends Error {
  override readonly name = "ClaimFailed";
}

const text = new TextDecoder();

function openSealed(
  delivery: Delivery,
  vault: Pick<Vault, "open">,
): { readonly code: string; readonly destination: string } {
  const { organization, id, destinationAt } = delivery;
  const code = vault.open({ organization, table: "deliveries", column: "code", row: id }, delivery.code);
  const destination = vault.open(
    { organization, table: destinationAt.table, column: "destination", row: destinationAt.row },
    delivery.destination,
  );
  return { code: text.decode(code), destination: text.decode(destination) };
}
