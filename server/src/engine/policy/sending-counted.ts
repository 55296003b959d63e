import type { NumberFacts } from "../model.ts";
import type { SendRules } from "./sending.ts";
import { countCall, type NamedCall } from "./sending-calls.ts";
import {
  blocked,
  type CallingCodeCounts,
  type CountedMessage,
  callingCodeKey,
  countApproval,
  counterLifeMs,
  countForCountry,
  countForPrefix,
  countForSource,
  countMessage,
  countryOf,
  numberKey,
  organizationKey,
  type PrefixCounts,
  prefixKey,
  type SendCounter,
  type SendCounters,
  sourceKey,
  splitSource,
  withBlockedPrefix,
  withCountry,
  withKnown,
} from "./sending-counters.ts";
import { conversionBlockMs, type SendFacts, type Suspicion } from "./sending-judge.ts";

/** The counters after what a message brought to light: each suspicion begins a block. */
export function withBlocks(
  counters: SendCounters,
  suspicions: readonly Suspicion[],
  number: NumberFacts,
  now: number,
): SendCounters {
  if (suspicions.length === 0) return counters;
  const until = now + conversionBlockMs;
  const country = countryOf(counters.callingCode, number);
  const inCountry = suspicions.some(({ scope }) => scope === "country") ? blocked(country, until) : country;
  if (!suspicions.some(({ scope }) => scope === "prefix")) {
    return { ...counters, callingCode: withCountry(counters.callingCode, number, inCountry) };
  }
  const listed = withBlockedPrefix(inCountry, number.prefix, until, now);
  return {
    ...counters,
    callingCode: withCountry(counters.callingCode, number, listed),
    prefix: blocked(counters.prefix ?? {}, until),
  };
}

/** A message that goes. */
export interface Sent {
  readonly facts: SendFacts;
  readonly number: NumberFacts;
  /** Its name, if it is a call. */
  readonly call: NamedCall;
}

/** The counters with one message more. */
export function counted(
  counters: SendCounters,
  { facts, number, call }: Sent,
  rules: SendRules,
  now: number,
): SendCounters {
  const { organization, callingCode, prefix, source } = counters;
  const country = countForCountry(countryOf(callingCode, number), rules, now);
  return {
    organization: countMessage(organization, facts, now),
    callingCode: withCountry(callingCode, number, country),
    prefix: prefix && countForPrefix(prefix, number.position, now),
    source: source && countForSource(source, splitSource(facts.source ?? "").address, now),
    number: counters.number && countCall(counters.number, call, now),
  };
}

/** The rows that are not what they were. */
export function changedCounters(
  before: SendCounters,
  after: SendCounters,
  { organization, number, source }: CountedMessage,
  now: number,
): readonly SendCounter[] {
  const changed: SendCounter[] = [];
  const write = (key: string, counts: object | undefined, was: object | undefined, lifeMs: number) => {
    if (counts !== undefined && counts !== was) {
      changed.push({ organization, key, counts, expiresAt: now + lifeMs });
    }
  };
  const life = counterLifeMs;
  write(organizationKey(organization), after.organization, before.organization, life.organization);
  write(
    callingCodeKey(organization, number.callingCode),
    after.callingCode,
    before.callingCode,
    life.organization,
  );
  write(prefixKey(organization, number.prefix), after.prefix, before.prefix, life.prefix);
  const { network } = splitSource(source ?? "");
  write(sourceKey(organization, network), after.source, before.source, life.source);
  write(numberKey(organization, number), after.number, before.number, life.organization);
  return changed;
}

/** The rows of country and prefix after a right code came back from a number; what has no row is told nothing. */
export function countersApproved(
  { organization, number }: Pick<CountedMessage, "organization" | "number">,
  find: (key: string) => SendCounter | undefined,
  now: number,
): readonly SendCounter[] {
  const approved: SendCounter[] = [];
  const codeKey = callingCodeKey(organization, number.callingCode);
  const code = find(codeKey)?.counts as CallingCodeCounts | undefined;
  const ownKey = prefixKey(organization, number.prefix);
  const prefix = find(ownKey)?.counts as PrefixCounts | undefined;
  if (code !== undefined) {
    const counts = withCountry(code, number, countApproval(countryOf(code, number), now));
    approved.push({ organization, key: codeKey, counts, expiresAt: now + counterLifeMs.organization });
  }
  if (prefix !== undefined) {
    const counts = withKnown(countApproval(prefix, now), number.position);
    approved.push({ organization, key: ownKey, counts, expiresAt: now + counterLifeMs.prefix });
  }
  return approved;
}
