import type { DeliveryRecord, DeliveryState, Verification } from "../model.ts";
import type { FailOver, ReportCommand, ReportOutcome } from "../outbox.ts";
import type { EngineTools } from "../tools.ts";
import { type Change, type Decision, isUserDisabled, type Rows } from "./decision.ts";
import { decideResendOf } from "./resend.ts";
import { withPrice } from "./send-results.ts";
import { eventOf, isOpen } from "./status.ts";
import { signalwirePurpose } from "./terms.ts";

/** The message that a report is about, as it was written when it was handed over. */
export interface ReportedDelivery {
  readonly organization: string;
  readonly verification: string;
  readonly delivery: string;
}

/**
 * How far a message has come. A report that is not further than what is known changes nothing: reports come twice, out of
 * order and forged late, and `delivered` after `failed` is as worthless as the other way round.
 */
const ranks: Readonly<Record<DeliveryState, number>> = {
  queued: 0,
  sending: 1,
  maybe_sent: 2,
  accepted: 3,
  delivered: 4,
  failed: 4,
  dropped: 4,
};

/** The state that is further; `known` where neither is. */
export function furtherState(known: DeliveryState, said: DeliveryState): DeliveryState {
  return ranks[said] > ranks[known] ? said : known;
}

/** Pure: what a provider says of a message afterwards, over the rows it concerns. */
export function decideReport(
  command: ReportCommand,
  known: ReportedDelivery,
  rows: Rows,
  tools: EngineTools,
): Decision<ReportOutcome> {
  const verification = rows.verification(known.organization, known.verification);
  const record = verification?.deliveries.find(({ id }) => id === known.delivery);
  if (!verification || !record || furtherState(record.state, command.state) === record.state) {
    return { outcome: { kind: "unchanged" }, changes: [], events: [] };
  }
  const stated = withState(verification, record, command);
  const { price, now } = command;
  const { verification: reported, changes: spent } = price
    ? withPrice(stated, record.id, price, rows, now)
    : { verification: stated, changes: [] };
  const told = {
    kind: "changed",
    ...known,
    provider: record.provider,
    state: command.state,
  } as const;
  const event = eventOf(
    `delivery.${command.state}`,
    reported,
    "system",
    detailsOf(record, command, reported),
  );
  const change: Change = { write: "verification", verification: reported };
  const instead = command.failOver && failOver(reported, record, command, command.failOver, rows, tools);
  if (!instead) return { outcome: told, changes: [change, ...spent], events: [event] };
  const { outcome, changes, events } = instead;
  // The message that goes out instead counts on the same row: what the failed one cost stays what was expected of it.
  return outcome.kind === "refused"
    ? { outcome: told, changes: [change, ...spent], events: [event, ...events] }
    : { outcome: { ...told, instead: outcome.delivery }, changes, events: [event, ...events] };
}

function withState(verification: Verification, record: DeliveryRecord, command: ReportCommand): Verification {
  const { state, now: at } = command;
  return {
    ...verification,
    deliveries: verification.deliveries.map((one) => (one === record ? { ...one, state, at } : one)),
  };
}

function detailsOf(
  record: DeliveryRecord,
  { reason, providerCode, price }: ReportCommand,
  { number }: Verification,
) {
  return {
    delivery: record.id,
    via: record.via,
    provider: record.provider ?? null,
    ...(number?.country !== undefined && { country: number.country }),
    reported: true,
    ...(reason !== undefined && { failure: reason }),
    ...(providerCode !== undefined && { code: providerCode }),
    ...(price && { price: price.amount, currency: price.currency }),
  };
}

/**
 * A failure that the provider proved is made good with one message by another provider: on the same limits as a resend, but
 * without its wait. Each provider that failed is left out from then on, so there is an end to it however many failures are
 * reported (WHK-07). Undefined: this failure calls for nothing.
 */
function failOver(
  verification: Verification,
  record: DeliveryRecord,
  command: ReportCommand,
  { deliveryId, providers }: FailOver,
  rows: Rows,
  tools: EngineTools,
): ReturnType<typeof decideResendOf> | undefined {
  const { organization, user, authenticator, deliveries } = verification;
  const isCurrent =
    deliveries.at(-1)?.id === record.id &&
    isOpen(verification, command.now) &&
    !isUserDisabled(verification, rows);
  // What another surface promised of its messages only its own start knows.
  const isOurs = verification.purpose !== signalwirePurpose;
  // Nobody else would do better for a number that is none, or a person who does not pick up.
  const isHopeless = command.reason === "invalid_recipient" || command.reason === "unanswered";
  if (command.state !== "failed" || isHopeless || !isCurrent || !isOurs) return undefined;
  const failed = deliveries.flatMap(({ state, provider }) =>
    state === "failed" && provider !== undefined ? [provider] : [],
  );
  if (!providers[record.via]?.some((name) => !failed.includes(name))) return undefined;
  const owner =
    user === undefined
      ? undefined
      : rows.authenticators(organization, user).find(({ id }) => id === authenticator);
  const context = { organization, now: command.now, actor: "system", deliveryId, insteadOf: failed };
  return decideResendOf(verification, owner, context, rows, tools);
}
