import type { Verification } from "../model.ts";
import type { MessagePrice } from "../outbox.ts";
import { isTelephoneVia } from "../policy/sending.ts";
import { countersApproved } from "../policy/sending-counted.ts";
import {
  addSpend,
  counterLifeMs,
  type OrganizationCounts,
  organizationKey,
} from "../policy/sending-counters.ts";
import { priceBounds } from "../policy/sending-defaults.ts";
import type { Change, Rows } from "./decision.ts";

/** A right code came back by telephone: country and prefix are told, so that the send rules see who answers. */
export function approvalChanges(verification: Verification, rows: Rows, now: number): readonly Change[] {
  const { organization, via, number, rules } = verification;
  if (!isTelephoneVia(via) || number === undefined || rules.test) return [];
  if (rules.sending.conversionSends === null) return [];
  const approved = countersApproved({ organization, number }, (key) => rows.counter(organization, key), now);
  return approved.map((counter): Change => ({ write: "counter", counter }));
}

/**
 * Puts what a message really cost in the place of what was counted for it. The record of the delivery remembers that, so the
 * same price said twice counts once; another currency than the rules' is passed over.
 */
export function withPrice(
  verification: Verification,
  delivery: string,
  price: MessagePrice,
  rows: Rows,
  now: number,
): { readonly verification: Verification; readonly changes: readonly Change[] } {
  const { organization, rules, deliveries } = verification;
  const record = deliveries.find(({ id }) => id === delivery);
  const micros = Math.round(price.amount * 1_000_000);
  const isSound = micros >= 0 && micros <= priceBounds.most;
  if (!record || !isTelephoneVia(record.via) || price.currency !== rules.sending.currency || !isSound) {
    return { verification, changes: [] };
  }
  const difference = micros - (record.priceMicros ?? 0);
  if (difference === 0) return { verification, changes: [] };
  const key = organizationKey(organization);
  const before = (rows.counter(organization, key)?.counts ?? {}) as OrganizationCounts;
  const counts = addSpend(before, difference, now);
  const expiresAt = now + counterLifeMs.organization;
  return {
    verification: {
      ...verification,
      deliveries: deliveries.map((one) => (one === record ? { ...one, priceMicros: micros } : one)),
    },
    changes: [{ write: "counter", counter: { organization, key, counts, expiresAt } }],
  };
}
