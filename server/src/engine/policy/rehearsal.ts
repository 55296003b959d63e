import { timeOfId } from "../code/random.ts";
import type { DeliveryRecord, NumberFacts, OrganizationId } from "../model.ts";
import type { PastVerification } from "../sending.ts";
import { emptyTally, type RehearsalTally, tallyOf } from "./rehearsal-tally.ts";
import {
  expectedPrice,
  isTelephoneVia,
  listedAs,
  type SendRuleName,
  type SendRules,
  type TelephoneVia,
} from "./sending.ts";
import { withoutEndedCall } from "./sending-calls.ts";
import { changedCounters, counted, countersApproved, withBlocks } from "./sending-counted.ts";
import {
  counterLifeMs,
  countersOf,
  countMessage,
  numberKey,
  type OrganizationCounts,
  organizationKey,
  type SendCounter,
} from "./sending-counters.ts";
import { judgeSend, type SendFacts } from "./sending-judge.ts";

export interface RehearsalPlan {
  readonly organization: OrganizationId;
  /** Messages before it are counted and not told: limits that look back on a day begin with a day behind them. */
  readonly from: number;
  /** The rules as they would be, for what belongs to an app or publication. */
  readonly rulesOf: (asked: Pick<PastVerification, "app" | "publication">) => SendRules;
}

/** Plays what was sent once more, in the order of time, over rules that nobody has in force. It changes nothing. */
export interface Rehearsal {
  /** In the order of their ids. */
  hear(past: PastVerification): void;
  /** Everything that happened before it has been heard. */
  advance(until: number): void;
  tally(): RehearsalTally;
}

interface Happening {
  readonly at: number;
  readonly past: PastVerification;
  /** A message; absent: the approval. */
  readonly record?: DeliveryRecord | undefined;
}

interface Running extends RehearsalPlan {
  readonly rows: Map<string, SendCounter>;
  /** The newest call to each number. */
  readonly calls: Map<string, DeliveryRecord>;
  /** Verifications with a message that goes, as far as they were approved. */
  readonly reached: Set<string>;
  readonly counts: ReturnType<typeof emptyTally>;
}

/** Beyond so many rows of counters those that say nothing any more are let go. */
const manyRows = 20_000;
const dayMs = 24 * 3600 * 1000;
/** Of a number whose place among its neighbours is forgotten. */
const nowhere = -1;

export function createRehearsal(plan: RehearsalPlan): Rehearsal {
  const running: Running = {
    ...plan,
    rows: new Map(),
    calls: new Map(),
    reached: new Set(),
    counts: emptyTally(),
  };
  let waiting: Happening[] = [];
  return {
    hear: (past) => {
      for (const record of past.deliveries) {
        // The state of a message has a later time; its id has the one at which it was asked for.
        if (isTelephoneVia(record.via)) waiting.push({ at: timeOfId(record.id), past, record });
      }
      if (past.approvedAt !== undefined) waiting.push({ at: past.approvedAt, past });
    },
    advance: (until) => {
      waiting.sort((one, other) => one.at - other.at);
      const due = waiting.findIndex(({ at }) => at >= until);
      const happened = due === -1 ? waiting : waiting.slice(0, due);
      waiting = due === -1 ? [] : waiting.slice(due);
      for (const one of happened) play(one, running);
      if (running.rows.size > manyRows) forget(until, running);
    },
    tally: () => tallyOf(running.counts),
  };
}

function play({ at, past, record }: Happening, running: Running): void {
  if (record === undefined) playApproval(past, at, running);
  else if (past.number === undefined) playForgotten(record, at, running);
  else playMessage({ at, past, record, number: past.number }, running);
}

/** Who got no message cannot have answered it. */
function playApproval({ id, number }: PastVerification, at: number, running: Running): void {
  if (!running.reached.delete(id) || number === undefined) return;
  const { organization, rows } = running;
  const known = { organization, number: placed(number) };
  for (const row of countersApproved(known, (key) => rows.get(key), at)) rows.set(row.key, row);
}

/** Nothing is known of it but that it was: it takes its room under the limits of the organization. */
function playForgotten(record: DeliveryRecord, at: number, running: Running): void {
  const { organization, rows, counts, from } = running;
  const key = organizationKey(organization);
  const before = (rows.get(key)?.counts ?? {}) as OrganizationCounts;
  const message = { via: record.via as TelephoneVia, priceMicros: record.priceMicros ?? 0 };
  rows.set(key, {
    organization,
    key,
    counts: countMessage(before, message, at),
    expiresAt: at + counterLifeMs.organization,
  });
  if (at >= from) counts.noteForgotten(at);
}

interface PastMessage extends Required<Happening> {
  readonly record: DeliveryRecord;
  readonly number: NonNullable<PastVerification["number"]>;
}

function playMessage({ at, past, record, number: facts }: PastMessage, running: Running): void {
  const { organization, rows, calls, reached, counts, from } = running;
  const via = record.via as TelephoneVia;
  const whole = running.rulesOf(past);
  const isWhole = facts.position !== undefined;
  const rules = isWhole ? whole : withoutPlaces(whole);
  const number = placed(facts);
  const message = { organization, via, number, source: past.source };
  const found = countersOf(message, rules, (key) => rows.get(key));
  const last = calls.get(numberKey(organization, number));
  const counters = withoutEndedCall(found, { deliveries: last && last.at <= at ? [last] : [] });
  const established = isEstablished(past, at);
  const asked: SendFacts = {
    via,
    number,
    listed: listedAs(withoutPrefixes(rules), past.destinationKey, () => ""),
    // Whether the number answered before is not known of one without a place.
    established: established || !isWhole,
    source: past.source,
    priceMicros: record.priceMicros ?? expectedPrice(rules, via, number.country),
  };
  const { refusals, suspicions } = judgeSend(asked, counters, rules, at);
  const marked = withBlocks(counters, suspicions, number, at);
  const call = { verification: past.id, delivery: record.id };
  const after = refusals.length > 0 ? marked : counted(marked, { facts: asked, number, call }, rules, at);
  for (const row of changedCounters(found, after, message, at)) rows.set(row.key, row);
  if (refusals.length === 0) {
    if (via === "voice") calls.set(numberKey(organization, number), record);
    if (past.approvedAt !== undefined) reached.add(past.id);
  }
  if (at < from) return;
  counts.note({
    at,
    country: number.country,
    rule: refusals[0]?.rule,
    approvedLater: past.approvedAt !== undefined && past.approvedAt >= at,
    notAsked: notAsked({ via, isWhole, established }, whole),
  });
}

function placed(number: NonNullable<PastVerification["number"]>): NumberFacts {
  return { ...number, position: number.position ?? nowhere };
}

/** Ids of authenticators tell when their enrollment began, which ended minutes later. */
function isEstablished({ authenticator }: PastVerification, at: number): boolean {
  return authenticator !== undefined && timeOfId(authenticator) <= at - dayMs;
}

/** Rules that ask which number of its range it was, or who asked for it. */
function withoutPlaces(rules: SendRules): SendRules {
  return {
    ...rules,
    sendsPerSource: null,
    sendsPerNetwork: null,
    numbersPerPrefix: null,
    sequentialNumbers: null,
    callSeconds: null,
    callsPerNumber: null,
  };
}

type Lists = Pick<SendRules, "safeNumbers" | "blockedNumbers">;

/** Whole numbers are sealed, and not opened for a rehearsal. */
function withoutPrefixes({ safeNumbers, blockedNumbers }: Lists): Lists {
  const isOne = (entry: object) => "key" in entry;
  return { safeNumbers: safeNumbers.filter(isOne), blockedNumbers: blockedNumbers.filter(isOne) };
}

interface Known {
  readonly via: TelephoneVia;
  readonly isWhole: boolean;
  readonly established: boolean;
}

/** The rules in force that could not be asked, or not in full, since what they ask for is not kept. */
function notAsked({ via, isWhole, established }: Known, rules: SendRules): readonly SendRuleName[] {
  const lists = [...rules.safeNumbers, ...rules.blockedNumbers];
  const names: SendRuleName[] = [];
  const add = (isMissing: boolean, name: SendRuleName) => {
    if (isMissing) names.push(name);
  };
  add(
    lists.some((entry) => "prefix" in entry || !isWhole),
    "number_blocked",
  );
  if (isWhole) return names;
  add(rules.sendsPerSource !== null || rules.sendsPerNetwork !== null, "source_velocity");
  add(rules.numbersPerPrefix !== null, "prefix_velocity");
  add(rules.conversionSends !== null && !established, "low_conversion");
  add(rules.sequentialNumbers !== null, "sequential_numbers");
  add(via === "voice" && rules.callSeconds !== null, "call_in_progress");
  add(via === "voice" && rules.callsPerNumber !== null, "calls_daily");
  return names;
}

function forget(now: number, { rows, calls }: Running): void {
  for (const [key, { expiresAt }] of rows) if (expiresAt <= now) rows.delete(key);
  for (const key of calls.keys()) if (!rows.has(key)) calls.delete(key);
}
