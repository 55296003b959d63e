import {
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhenResult,
  type IBackoff,
} from "cockatiel";
import type { Clock } from "../engine/tools.ts";
import { createBreakerRule } from "./breaker-rule.ts";
import type { ConfiguredProvider } from "./open-providers.ts";
import type { DeliveryFailure, DeliveryResult } from "./provider.ts";
import { createSilence, type Silence } from "./silence.ts";

/** `closed`: called for every message. `open`: left out. `half_open`: tried with a message now and then. */
export type BreakerState = "closed" | "open" | "half_open";

/** How a provider stands with us. */
export interface BreakerStatus {
  readonly state: BreakerState;
  /** Since when it is left out; absent while it is not. */
  readonly openedAt?: number | undefined;
}

/** A provider is left out from now on, or is back. */
export interface BreakerChange {
  readonly organization: string;
  readonly provider: ConfiguredProvider;
  readonly state: "open" | "closed";
  /** What opened it. */
  readonly reason?: DeliveryFailure | undefined;
}

type Call = () => Promise<DeliveryResult>;

/** How to call a provider that is not left out. */
export interface Admission {
  run(call: Call): Promise<DeliveryResult>;
  /** The message tries a provider that was left out. */
  readonly isTry: boolean;
  /** It takes messages and answers none: better asked after all others. */
  readonly isSilent: boolean;
}

/** A provider that is left out and called all the same. What it answers says nothing to its breaker. */
export interface LastResort {
  readonly choice: ConfiguredProvider;
  run(call: Call): Promise<DeliveryResult>;
}

/** One breaker for each provider of each organization, so that one who fails costs the others' messages no time. */
export interface Breakers {
  /** How to call the provider with this message; undefined: it is left out. Asking takes the turn of a message that is to try it. */
  admit(choice: ConfiguredProvider, organization: string): Admission | undefined;
  /**
   * Of providers that are all left out, the one that has been for longest: better tried than nobody. Undefined: there is none, or
   * it has enough such messages already.
   */
  lastResort(choices: readonly ConfiguredProvider[]): LastResort | undefined;
  statusOf(providerId: string): BreakerStatus;
  /** Begins anew with an organization's providers, after its settings or credentials changed. */
  forget(organization: string): void;
}

interface Entry {
  readonly organization: string;
  readonly policy: CircuitBreakerPolicy;
  readonly silence: Silence;
  openedAt: number | undefined;
  /** Calls under way although it is left out. */
  lastResorts: number;
  /** When a message last tried it while it was left out. */
  triedAt: number;
  /** It tells of no change any more, but that it is closed. */
  end(): void;
  /** The library asks for this while it looks whether it may be tried again. */
  isDue: boolean;
}

export interface BreakersTools {
  readonly clock: Clock;
  readonly onChange?: ((change: BreakerChange) => void) | undefined;
}

/** Waiting for providers that are all down would only hold up the messages behind. */
const mostLastResorts = 16;
/** While a provider is left out, one message in this time tries it. */
const tryEveryMs = 5_000;
/** So many tries in a row that succeed, and it is back. */
const neededSuccesses = 3;

/** What a provider says of one message, or of one person, says nothing about the next. */
const harmless = new Set<DeliveryFailure>(["rejected", "invalid_recipient", "unanswered"]);

export function createBreakers(tools: BreakersTools): Breakers {
  const entries = new Map<string, Entry>();

  function entryOf(choice: ConfiguredProvider, organization: string): Entry {
    const known = entries.get(choice.id);
    if (known) return known;
    const entry = open(choice, organization, tools);
    entries.set(choice.id, entry);
    return entry;
  }

  return {
    admit(choice, organization) {
      const entry = entryOf(choice, organization);
      if (entry.policy.state === CircuitState.Closed) {
        const isSilent = entry.silence.isSilent();
        return { run: (call) => callClosed(entry, call), isTry: false, isSilent };
      }
      const now = tools.clock.now();
      if (now - entry.triedAt < tryEveryMs) return undefined;
      entry.triedAt = now;
      return { run: (call) => callAsTry(entry, call), isTry: true, isSilent: false };
    },
    lastResort(choices) {
      const [choice] = choices.toSorted((a, b) => since(entries.get(a.id)) - since(entries.get(b.id)));
      const entry = choice && entries.get(choice.id);
      return choice === undefined || entry === undefined || entry.lastResorts >= mostLastResorts
        ? undefined
        : { choice, run: (call) => callAsLastResort(entry, call) };
    },
    statusOf(providerId) {
      const entry = entries.get(providerId);
      return { state: entry ? stateOf(entry) : "closed", openedAt: entry?.openedAt };
    },
    forget(organization) {
      for (const [id, entry] of entries) {
        if (entry.organization !== organization) continue;
        entries.delete(id);
        entry.end();
      }
    },
  };
}

function since(entry: Entry | undefined): number {
  return entry?.openedAt ?? 0;
}

function stateOf({ policy }: Entry): BreakerState {
  if (policy.state === CircuitState.Closed) return "closed";
  return policy.state === CircuitState.HalfOpen ? "half_open" : "open";
}

function open(choice: ConfiguredProvider, organization: string, tools: BreakersTools): Entry {
  const { clock, onChange } = tools;
  // The library compares with the time of the system; here it is only told whether the time has come by the clock.
  const backoff: IBackoff<unknown> = {
    get duration() {
      return entry.isDue ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    },
    next: () => backoff,
  };
  const policy = circuitBreaker(
    handleWhenResult((result) => failureThatCounts(result) !== undefined),
    {
      breaker: createBreakerRule(clock),
      halfOpenAfter: backoff,
      halfOpenSampling: { calls: neededSuccesses, threshold: 0 },
    },
  );
  let isOver = false;
  const entry: Entry = {
    organization,
    policy,
    silence: createSilence(clock),
    openedAt: undefined,
    lastResorts: 0,
    triedAt: 0,
    isDue: false,
    end() {
      if (entry.openedAt !== undefined) onChange?.({ organization, provider: choice, state: "closed" });
      isOver = true;
    },
  };
  policy.onBreak((broken) => {
    const wasClosed = entry.openedAt === undefined;
    const reason = "value" in broken ? failureThatCounts(broken.value) : undefined;
    entry.openedAt ??= clock.now();
    entry.triedAt = clock.now();
    if (wasClosed && !isOver) onChange?.({ organization, provider: choice, state: "open", reason });
  });
  policy.onReset(() => {
    entry.openedAt = undefined;
    if (!isOver) onChange?.({ organization, provider: choice, state: "closed" });
  });
  return entry;
}

function failureThatCounts(result: unknown): DeliveryFailure | undefined {
  const { ok, reason } = result as { readonly ok: boolean; readonly reason?: DeliveryFailure };
  return ok || reason === undefined || harmless.has(reason) ? undefined : reason;
}

/** Between being admitted and being called the breaker may have opened: the message goes, and counts for nothing. */
function callClosed({ policy, silence }: Entry, call: Call): Promise<DeliveryResult> {
  const listened = () => silence.listen(call);
  return policy.state === CircuitState.Closed ? policy.execute(listened) : listened();
}

async function callAsLastResort(entry: Entry, call: Call): Promise<DeliveryResult> {
  entry.lastResorts += 1;
  try {
    return await call();
  } finally {
    entry.lastResorts -= 1;
  }
}

/** The library looks at the time before it first waits for anything. */
function callAsTry(entry: Entry, call: Call): Promise<DeliveryResult> {
  entry.isDue = true;
  try {
    return entry.policy.execute(call);
  } finally {
    entry.isDue = false;
  }
}
