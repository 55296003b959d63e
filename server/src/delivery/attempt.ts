import type { DeliveryOutcome, DeliveryTry } from "../engine/outbox.ts";
import type { Timers } from "../engine/tools.ts";
import type { Admission, LastResort } from "./breaker.ts";
import type { ConfiguredProvider, OpenProviders } from "./open-providers.ts";
import type { DeliveryResult, OutboundMessage } from "./provider.ts";

/** How the sending of one message ended. */
export type AttemptOutcome = Pick<
  DeliveryOutcome,
  "state" | "provider" | "reason" | "providerCode" | "tries" | "attempts" | "reference" | "price"
>;

export interface AttemptTools {
  /** Asked before a real provider is called; false: the message is not ours to send any more. */
  claim(): Promise<boolean>;
  /** Opens the sealed code and writes the text; called at most once. */
  compose(): Promise<OutboundMessage>;
  /** The process ends: nobody is called after an answer that may have been "yes". */
  isEnding(): boolean;
  /** Why it is too late to send it; undefined: it is not. */
  lateness(): "expired" | "late" | undefined;
  /** Undefined: the provider is left out for now, because it failed too often. */
  admit(choice: ConfiguredProvider): Admission | undefined;
  /** The one to be tried when all of them are left out; undefined: none. */
  lastResort(choices: readonly ConfiguredProvider[]): LastResort | undefined;
  call(choice: ConfiguredProvider, message: OutboundMessage): Promise<DeliveryResult>;
  isSimulated(choice: ConfiguredProvider): boolean;
  /** What is said soon; later than that it is `ambiguous`. */
  soon(result: Promise<DeliveryResult>): Promise<DeliveryResult>;
  /** Whether it will tell what becomes of the message, so that what it knows the message by is kept. */
  reports(choice: ConfiguredProvider): boolean;
}

/** Providers called for one message, however many there are. */
const mostCalls = 4;
/** Each answer that may have been "yes" may cost a second message; after this many nobody else is asked. */
const mostUnclear = 2;

interface Trying {
  readonly tries: DeliveryTry[];
  calls: number;
  unclear: DeliveryTry | undefined;
  unclearCount: number;
  message: OutboundMessage | undefined;
}

/** A provider whose turn it is, and how it is called. */
interface Candidate {
  readonly choice: ConfiguredProvider;
  readonly call: Admission["run"];
}

/** What is known after one provider: the end, or that the next one is to be asked. */
type Step = { readonly end: AttemptOutcome | undefined } | "next";

/**
 * Tries the providers in order, with the same code. `invalid_recipient` is the same everywhere; anything else goes on to
 * the next one, also what is `ambiguous`: a second message with the same code harms nobody, a missing one does. Providers
 * that failed too often lately are passed over; those that answer nothing are asked after all others. Undefined: the claim
 * was lost and nothing is to be recorded.
 */
export async function attempt(
  choices: readonly ConfiguredProvider[],
  tools: AttemptTools,
): Promise<AttemptOutcome | undefined> {
  const trying: Trying = { tries: [], calls: 0, unclear: undefined, unclearCount: 0, message: undefined };
  for (const { choice, call } of inTurn(choices, trying, tools)) {
    const step = await tryOne(choice, call, trying, tools);
    if (step !== "next") return step.end;
    if (trying.calls >= mostCalls || trying.unclearCount >= mostUnclear) break;
  }
  const last = trying.calls === 0 ? tools.lastResort(choices) : undefined;
  const step = last && (await tryOne(last.choice, last.run, trying, tools));
  return step === undefined || step === "next" ? failureOf(trying) : step.end;
}

/** Whom to ask, one after the other; each is admitted when its turn has come. */
function* inTurn(
  choices: readonly ConfiguredProvider[],
  { tries }: Trying,
  tools: AttemptTools,
): Generator<Candidate, void> {
  const silent: Candidate[] = [];
  for (const [index, choice] of choices.entries()) {
    const admitted = tools.admit(choice);
    const isLast = index + 1 === choices.length && silent.length === 0;
    if (admitted === undefined || (admitted.isSilent && !isLast)) {
      tries.push({ provider: choice.name, outcome: "left_out" });
      if (admitted) silent.push({ choice, call: admitted.run });
      continue;
    }
    // Who is given a message to try a provider that was left out should not have to wait for it.
    const isHasty = admitted.isTry && !isLast;
    yield { choice, call: isHasty ? (ask) => tools.soon(admitted.run(ask)) : admitted.run };
  }
  yield* silent;
}

async function tryOne(
  choice: ConfiguredProvider,
  run: Admission["run"],
  trying: Trying,
  tools: AttemptTools,
): Promise<Step> {
  // A repeated simulated message harms nobody, so it needs no durable mark.
  if (!tools.isSimulated(choice) && !(await tools.claim())) return { end: undefined };
  const late = tools.lateness();
  if (late !== undefined) return { end: lateOutcome(late, trying) };
  trying.message ??= await tools.compose().catch(() => undefined);
  const { message, tries } = trying;
  if (message === undefined) return { end: { state: "failed", reason: "not_composed", tries: trying.calls } };
  trying.calls += 1;
  const result = await run(() => tools.call(choice, message));
  tries.push(tryOf(choice, result));
  if (result.ok) {
    const { name: provider } = choice;
    return { end: { state: "accepted", provider, ...counted(trying), ...handedOver(choice, result, tools) } };
  }
  if (result.reason === "ambiguous") {
    trying.unclear = tries.at(-1);
    trying.unclearCount += 1;
  }
  const isFinal = result.reason === "invalid_recipient" || (trying.unclear && tools.isEnding());
  return isFinal ? { end: failureOf(trying) } : "next";
}

function tryOf({ name: provider }: ConfiguredProvider, result: DeliveryResult): DeliveryTry {
  if (result.ok) return { provider, outcome: "accepted" };
  const { reason, providerCode } = result;
  return { provider, outcome: reason, ...(providerCode !== undefined && { providerCode }) };
}

/** A message that may have been sent is not one that failed, whatever others said after. */
function failureOf(trying: Trying): AttemptOutcome {
  const { tries, unclear } = trying;
  const called = tries.filter(({ outcome }) => outcome !== "left_out");
  const { provider, outcome, providerCode } = unclear ?? called.at(-1) ?? {};
  return {
    state: unclear ? "maybe_sent" : "failed",
    reason: outcome ?? (tries.length > 0 ? "left_out" : "no_provider"),
    ...(provider !== undefined && { provider }),
    ...(providerCode !== undefined && { providerCode }),
    ...counted(trying),
  };
}

function lateOutcome(reason: "expired" | "late", trying: Trying): AttemptOutcome {
  if (trying.unclear) return failureOf(trying);
  const { provider, providerCode } = trying.tries.findLast(({ outcome }) => outcome !== "left_out") ?? {};
  return {
    state: "dropped",
    reason,
    ...(provider !== undefined && { provider }),
    ...(providerCode !== undefined && { providerCode }),
    ...counted(trying),
  };
}

/** Who was tried is said where it is more than the one provider that the outcome names. */
function counted({ tries, calls }: Trying): Pick<AttemptOutcome, "tries" | "attempts"> {
  const isPlain = tries.length <= 1 && tries[0]?.outcome !== "left_out";
  return { tries: calls, ...(!isPlain && { attempts: [...tries] }) };
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
