import type { DeliveryOutcome } from "../engine/outbox.ts";
import type { Timers } from "../engine/tools.ts";
import type { ConfiguredProvider, OpenProviders } from "./open-providers.ts";
import type { DeliveryFailure, DeliveryResult, OutboundMessage } from "./provider.ts";

/** How the sending of one message ended. */
export type AttemptOutcome = Pick<
  DeliveryOutcome,
  "state" | "provider" | "reason" | "providerCode" | "tries" | "reference" | "price"
>;

export interface AttemptTools {
  /** Asked before a real provider is called; false: the message is not ours to send any more. */
  claim(): Promise<boolean>;
  /** Opens the sealed code and writes the text; called at most once. */
  compose(): Promise<OutboundMessage>;
  isLate(): boolean;
  call(choice: ConfiguredProvider, message: OutboundMessage): Promise<DeliveryResult>;
  isSimulated(choice: ConfiguredProvider): boolean;
  /** Whether it will tell what becomes of the message, so that what it knows the message by is kept. */
  reports(choice: ConfiguredProvider): boolean;
}

/**
 * Tries the providers in the organization's order, with the same code. A definite failure goes on to the next one;
 * `invalid_recipient` is the same everywhere; after `ambiguous` a second message could be one too many.
 * Undefined: the claim was lost and nothing is to be recorded.
 */
export async function attempt(
  choices: readonly ConfiguredProvider[],
  tools: AttemptTools,
): Promise<AttemptOutcome | undefined> {
  let message: OutboundMessage | undefined;
  let last: Pick<AttemptOutcome, "provider" | "providerCode"> & { readonly reason: string } = {
    reason: "no_provider",
  };
  let tries = 0;
  for (const choice of choices) {
    // A repeated simulated message harms nobody, so it needs no durable mark.
    if (!tools.isSimulated(choice) && !(await tools.claim())) {
      return undefined;
    }
    if (tools.isLate()) {
      return { ...last, state: "dropped", reason: "expired", tries };
    }
    message ??= await tools.compose().catch(() => undefined);
    if (message === undefined) {
      return { state: "failed", reason: "not_composed", tries };
    }
    tries += 1;
    const result = await tools.call(choice, message);
    if (result.ok) {
      return { state: "accepted", provider: choice.name, tries, ...handedOver(choice, result, tools) };
    }
    const { reason, providerCode } = result;
    last = { provider: choice.name, reason, ...(providerCode !== undefined && { providerCode }) };
    if (!goesOn(reason)) {
      break;
    }
  }
  return { state: last.reason === "ambiguous" ? "maybe_sent" : "failed", ...last, tries };
}

function handedOver(
  choice: ConfiguredProvider,
  { reference, price }: Extract<DeliveryResult, { ok: true }>,
  tools: Pick<AttemptTools, "reports">,
): Pick<AttemptOutcome, "reference" | "price"> {
  return {
    ...(reference !== undefined &&
      tools.reports(choice) && { reference: { provider: choice.id, reference } }),
    ...(price && { price }),
  };
}

function goesOn(reason: DeliveryFailure): boolean {
  return reason !== "invalid_recipient" && reason !== "ambiguous";
}

/** After the limit a provider is told to stop and has this long to say what it knows. */
const graceMs = 250;

/** One call that ends in time, whatever the provider does. */
export function callInTime(
  call: (signal: AbortSignal) => Promise<DeliveryResult>,
  limitMs: number,
  tools: { readonly timers: Timers; readonly active: Set<AbortController> },
): Promise<DeliveryResult> {
  const { timers, active } = tools;
  const controller = new AbortController();
  active.add(controller);
  return new Promise((resolve) => {
    let stopTimer = timers.after(limitMs, () => {
      controller.abort();
      stopTimer = timers.after(graceMs, () => end({ ok: false, reason: "ambiguous" }));
    });

    function end(result: DeliveryResult): void {
      stopTimer();
      active.delete(controller);
      resolve(result);
    }
    call(controller.signal).then(end, () => end({ ok: false, reason: "ambiguous" }));
  });
}

/** A simulated provider answers at once and needs no limit. */
export function callSimulated(
  choice: ConfiguredProvider,
  message: OutboundMessage,
  providers: OpenProviders,
): Promise<DeliveryResult> {
  return providers.send(choice, message, neverAborted);
}

const neverAborted = new AbortController().signal;
