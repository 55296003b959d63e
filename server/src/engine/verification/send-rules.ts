import type { AuditDraft } from "../audit/event.ts";
import type { Authenticator, NumberFacts, Verification } from "../model.ts";
import { expectedPrice, isTelephoneVia, listedAs, neverSentBecause } from "../policy/sending.ts";
import { withoutEndedCall } from "../policy/sending-calls.ts";
import { changedCounters, counted, withBlocks } from "../policy/sending-counted.ts";
import { countersOf, type SendCounters } from "../policy/sending-counters.ts";
import {
  conversionBlockMs,
  judgeSend,
  type SendFacts,
  type SendRefusal,
  type Suspicion,
} from "../policy/sending-judge.ts";
import type { EngineTools } from "../tools.ts";
import type { Change, Rows } from "./decision.ts";
import { eventOf } from "./status.ts";

/** What the send rules say of one message, and what is written and told for it. */
export interface SendRulesCheck {
  /** Absent: it may go. */
  readonly refusal?: SendRefusal;
  /** Limits per number and per person do not hold for it. */
  readonly safe: boolean;
  /** Where it goes, for events: never the number. */
  readonly place: AuditDraft["details"];
  readonly changes: readonly Change[];
  readonly events: readonly AuditDraft[];
}

/** Who asks for the message, and when. */
export interface SendContext {
  readonly authenticator: Authenticator | undefined;
  readonly actor: string;
  /** What the message is going to be called. */
  readonly deliveryId: string;
  readonly now: number;
}

const untouched: SendRulesCheck = { safe: false, place: {}, changes: [], events: [] };

/** The rules captured by the verification over the durable counters; e-mail and codes that are not delivered pass untouched. */
export function checkSendRules(
  verification: Verification,
  context: SendContext,
  rows: Rows,
  tools: EngineTools,
): SendRulesCheck {
  const { via, number } = verification;
  if (!isTelephoneVia(via)) return untouched;
  if (number === undefined) return { ...untouched, refusal: { rule: "number_type_blocked" } };
  const { now } = context;
  const rules = verification.rules.sending;
  const facts: SendFacts = {
    via,
    number,
    listed: listedAs(rules, verification.destinationKey, () => openNumber(verification, context, tools)),
    established: isEstablished(context),
    source: verification.source,
    priceMicros: expectedPrice(rules, via, number.country),
  };
  const { organization, source } = verification;
  const message = { organization, via, number, source };
  const found = countersOf(message, rules, (key) => rows.counter(organization, key));
  const counters = withoutEndedCall(found, callerOf(found, verification, rows));
  const { refusals, suspicions } = judgeSend(facts, counters, rules, now);
  const marked = withBlocks(counters, suspicions, number, now);
  const place = placeOf(number);
  const noticed = suspicions.map((suspicion) => suspicionEvent(suspicion, verification, place));
  const safe = facts.listed === "safe";
  const [refusal] = refusals;
  const write = (after: SendCounters) =>
    changedCounters(counters, after, message, now).map((counter): Change => ({ write: "counter", counter }));
  if (refusal && (rules.enforce === "block" || neverSentBecause(via, number) !== undefined)) {
    return { refusal, safe, place, changes: write(marked), events: noticed };
  }
  const call = { verification: verification.id, delivery: context.deliveryId };
  const flagged = refusal ? [flagEvent(refusals, verification, context, place)] : [];
  return {
    safe,
    place,
    changes: write(counted(marked, { facts, number, call }, rules, now)),
    events: [...noticed, ...flagged],
  };
}

/** What is decided on now may know more of its own messages than the row that it was read from. */
function callerOf(
  { number }: SendCounters,
  verification: Verification,
  rows: Rows,
): Pick<Verification, "deliveries"> | undefined {
  const id = number?.newest?.verification;
  if (id === undefined || id === verification.id) return verification;
  return rows.verification(verification.organization, id);
}

function openNumber(
  { organization, id, destination }: Verification,
  { authenticator }: SendContext,
  { vault }: EngineTools,
): string {
  const sealed = authenticator?.destination ?? destination;
  if (sealed === undefined) return "";
  const home = authenticator
    ? { table: "authenticators", row: authenticator.id }
    : { table: "verifications", row: id };
  return Buffer.from(vault.open({ organization, column: "destination", ...home }, sealed)).toString();
}

const dayMs = 24 * 3600 * 1000;

function isEstablished({ authenticator, now }: SendContext): boolean {
  if (authenticator?.status !== "active") return false;
  return (authenticator.confirmedAt ?? authenticator.createdAt) <= now - dayMs;
}

function placeOf({ country, callingCode }: NumberFacts): Record<string, string> {
  return { ...(country !== undefined && { country }), callingCode: `+${callingCode}` };
}

function suspicionEvent(
  { scope, sent, approved }: Suspicion,
  { organization, via }: Verification,
  place: Record<string, string>,
): AuditDraft {
  return {
    type: "pumping.suspected",
    organization,
    actor: "system",
    details: { scope, ...place, via, sent, approved, seconds: conversionBlockMs / 1000 },
  };
}

function flagEvent(
  refusals: readonly SendRefusal[],
  verification: Verification,
  { actor }: SendContext,
  place: Record<string, string>,
): AuditDraft {
  const rules = refusals.map(({ rule }) => rule);
  return eventOf("send.flagged", verification, actor, {
    ...place,
    reason: rules[0] ?? null,
    rules: rules.join(","),
  });
}
