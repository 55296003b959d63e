import type { DeliveryVia, Verification } from "../model.ts";
import { expectedPrice, isTelephoneVia } from "../policy/sending.ts";
import {
  addSpend,
  type CallingCodeCounts,
  callingCodeKey,
  countApproval,
  counterLifeMs,
  countryOf,
  type OrganizationCounts,
  organizationKey,
  type PrefixCounts,
  prefixKey,
  withCountry,
  withKnown,
} from "../policy/sending-counters.ts";
import type { Change, Rows } from "./decision.ts";

/** A right code came back by telephone: country and prefix are told, so that the send rules see who answers. */
export function approvalChanges(verification: Verification, rows: Rows, now: number): readonly Change[] {
  const { organization, via, number, rules } = verification;
  if (!isTelephoneVia(via) || number === undefined || rules.test) return [];
  if (rules.sending.conversionSends === null) return [];
  const codeKey = callingCodeKey(organization, number.callingCode);
  const code = rows.counter(organization, codeKey)?.counts as CallingCodeCounts | undefined;
  const ownKey = prefixKey(organization, number.prefix);
  const prefix = rows.counter(organization, ownKey)?.counts as PrefixCounts | undefined;
  const changes: Change[] = [];
  if (code !== undefined) {
    const counts = withCountry(code, number, countApproval(countryOf(code, number), now));
    const expiresAt = now + counterLifeMs.organization;
    changes.push({ write: "counter", counter: { organization, key: codeKey, counts, expiresAt } });
  }
  if (prefix !== undefined) {
    const counts = withKnown(countApproval(prefix, now), number.position);
    const expiresAt = now + counterLifeMs.prefix;
    changes.push({ write: "counter", counter: { organization, key: ownKey, counts, expiresAt } });
  }
  return changes;
}

/** What a provider says that a message cost, in units of a currency (ISO 4217). */
interface SaidPrice {
  readonly amount: number;
  readonly currency: string;
}

/** Puts what a message really cost in the place of what it was expected to; another currency than the rules' is passed over. */
export function priceChanges(
  verification: Verification,
  via: DeliveryVia,
  price: SaidPrice,
  rows: Rows,
  now: number,
): readonly Change[] {
  const { organization, number, rules } = verification;
  if (!isTelephoneVia(via) || price.currency !== rules.sending.currency) return [];
  const micros = Math.round(Math.max(0, price.amount) * 1_000_000);
  const difference = micros - expectedPrice(rules.sending, via, number?.country);
  if (difference === 0 || !Number.isSafeInteger(difference)) return [];
  const key = organizationKey(organization);
  const before = (rows.counter(organization, key)?.counts ?? {}) as OrganizationCounts;
  const counts = addSpend(before, difference, now);
  const expiresAt = now + counterLifeMs.organization;
  return [{ write: "counter", counter: { organization, key, counts, expiresAt } }];
}
