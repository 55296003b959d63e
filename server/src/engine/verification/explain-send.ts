import type { KnownDestination } from "../enrollment/begin.ts";
import type { NumberFacts, OrganizationId } from "../model.ts";
import { expectedPrice, listedAs, type SendRules, type TelephoneVia } from "../policy/sending.ts";
import { withoutEndedCall } from "../policy/sending-calls.ts";
import { counterKeys, countersOf } from "../policy/sending-counters.ts";
import { judgeSend, type SendRefusal } from "../policy/sending-judge.ts";
import { sourceOf } from "../policy/sending-source.ts";
import type { EngineServices, PolicyScope } from "../services.ts";

export interface ExplainSendRequest extends PolicyScope {
  readonly organization: OrganizationId;
  readonly via: TelephoneVia;
  readonly destination: KnownDestination;
  /** IP address of an end user, as a start would name it. */
  readonly source?: string | undefined;
}

export interface ExplainedSend {
  readonly number?: NumberFacts | undefined;
  readonly listed?: "safe" | "blocked" | undefined;
  readonly enforce: SendRules["enforce"];
  /** In the order of the rules: the first is what a caller would be told. */
  readonly refusals: readonly SendRefusal[];
  readonly priceMicros: number;
  readonly currency: string;
}

/**
 * What the send rules would say of a message to a number that nobody has enrolled, now. It counts nothing. Limits per number and
 * per person belong to the policy and are not looked at.
 */
export async function explainSend(
  request: ExplainSendRequest,
  services: EngineServices,
): Promise<ExplainedSend> {
  const { organization, via, destination } = request;
  const { number } = destination;
  const { policy } = await services.settings.scopeOf(request);
  const rules = policy.sending;
  const source =
    request.source === undefined ? undefined : sourceOf(organization, request.source, services.vault);
  const listed = listedAs(rules, destination.key, () => destination.sendTo);
  const priceMicros = expectedPrice(rules, via, number?.country);
  const answer = { number, listed, enforce: rules.enforce, priceMicros, currency: rules.currency };
  const facts = { via, number, listed, established: false, source, priceMicros };
  if (number === undefined) return { ...answer, refusals: [{ rule: "number_type_blocked" }] };
  const message = { organization, via, number, source };
  const keys = Object.values(counterKeys(message, rules)).filter((key) => key !== undefined);
  const found = new Map((await services.store.sending.find(organization, keys)).map((row) => [row.key, row]));
  const counted = countersOf(message, rules, (key) => found.get(key));
  const newest = counted.number?.newest;
  const caller = newest && (await services.store.verifications.find(organization, newest.verification));
  const counters = withoutEndedCall(counted, caller);
  return { ...answer, refusals: judgeSend(facts, counters, rules, services.clock.now()).refusals };
}
