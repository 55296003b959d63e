import { blockedMessage } from "../../../delivery/addresses.ts";
import { type DeliveryTools, OutboundError, type ProbeResult } from "../../../delivery/provider.ts";
import type { TrialLimit } from "../../../delivery/webhooks/trial.ts";
import { CountersignError } from "../../../engine/errors.ts";
import type { Provider } from "../../../engine/settings.ts";
import type { Principal } from "../../access.ts";
import { found } from "../entries.ts";
import type { ProviderParts } from "../providers.ts";

/** What a trial that fails says, whatever went wrong: what listens where would be told by anything more. */
const failure: ProbeResult = {
  ok: false,
  message:
    "It could not be reached, or refused what it was asked. countersign doctor tells the operator more.",
};
const credentialMissing: ProbeResult = { ok: false, message: "One of its credentials is missing." };
const blocked: ProbeResult = { ok: false, message: blockedMessage };

/** A provider that does not answer in this time does not answer; one that fails is never told of sooner. */
const trialMs = 5_000;

/** One question to one provider that an admin asks, outside of any verification. */
export interface Trial {
  readonly kind: "probe" | "message";
  readonly provider: Provider;
  /** Resolves with what the provider said; rejects when it said nothing. */
  ask(tools: DeliveryTools): Promise<Pick<ProbeResult, "ok">>;
  readonly success: string;
}

export type TrialTools = ProviderParts & { readonly limit: TrialLimit };

/**
 * Five a minute for an organization, each of them in the record; a failure is told after five seconds and in one sentence
 * (PRV-07). Throws `rate_limited`.
 */
export async function runTrial(trial: Trial, principal: Principal, tools: TrialTools): Promise<ProbeResult> {
  const { organization, actor } = principal;
  const { clock, store } = tools.services;
  const retryAfterSeconds = tools.limit.enter(organization, clock.now());
  if (retryAfterSeconds !== undefined) {
    throw new CountersignError("rate_limited", "Providers may be tried five times a minute.", {
      retryAfterSeconds,
    });
  }
  const result = await askInTime(trial, tools);
  const details = { id: trial.provider.id, provider: trial.provider.name, kind: trial.kind, ok: result.ok };
  await store.audit.append({ type: "provider.tested", organization, actor, details }, clock.now());
  return result;
}

async function askInTime({ provider, ask, success }: Trial, tools: TrialTools): Promise<ProbeResult> {
  const controller = new AbortController();
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const stop = tools.timers.after(trialMs, () => {
    controller.abort();
    end();
  });
  try {
    const asked = ask(deliveryTools(provider.organization, controller.signal, tools));
    const result = await Promise.race([asked.catch(toldOf), over]);
    if (result?.ok === true) return { ok: true, message: success };
    const known = [credentialMissing, blocked].find((one) => one === result);
    if (known) return known;
    await over;
    return failure;
  } finally {
    stop();
  }
}

/** What is ours to know may be told: a credential that is not there, a rule of this server. */
function toldOf(error: unknown): Pick<ProbeResult, "ok"> {
  if (error instanceof CountersignError) return credentialMissing;
  return error instanceof OutboundError && error.kind === "blocked" ? blocked : failure;
}

function deliveryTools(
  organization: string,
  signal: AbortSignal,
  { services, outbound }: ProviderParts,
): DeliveryTools {
  const { store, vault, clock } = services;
  return {
    fetch: outbound.fetch,
    addressesOf: outbound.addressesOf,
    signal,
    secret: async (id) => {
      const credential = found(await store.settings.credentials.find(organization, id), "credential");
      const place = { organization, table: "credentials", column: "secret", row: id };
      return Buffer.from(vault.open(place, credential.secret)).toString();
    },
    now: () => clock.now(),
  };
}
