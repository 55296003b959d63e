import { type SendRuleName, sendRuleNames } from "./sending.ts";

/** Messages that would not have gone, and how many of their verifications were approved afterwards. */
export interface Blocked {
  readonly blocked: number;
  readonly approvedLater: number;
}

export interface RehearsalTally extends Blocked {
  /** All messages to telephones that were sent. */
  readonly messages: number;
  /** By the first rule that says no: the one that a caller would be told. In the order of the rules. */
  readonly rules: readonly (Blocked & { readonly rule: SendRuleName })[];
  /** Most blocked first. */
  readonly countries: readonly (Blocked & { readonly country: string })[];
  /** Days (UTC, `2026-11-23`) with messages, oldest first. */
  readonly days: readonly (Blocked & { readonly day: string; readonly messages: number })[];
  /** Of these nothing is known any more: they only took their room under the limits of the organization. */
  readonly forgotten: number;
  /** Rules in force that could not be asked, or not in full, of so many messages. */
  readonly notAsked: readonly { readonly rule: SendRuleName; readonly messages: number }[];
}

export interface NotedMessage {
  readonly at: number;
  readonly country: string | undefined;
  /** Absent: it would have gone. */
  readonly rule: SendRuleName | undefined;
  readonly approvedLater: boolean;
  readonly notAsked: readonly SendRuleName[];
}

/** What is counted while a rehearsal runs. */
interface RunningTally {
  readonly all: Counts;
  readonly rules: Map<SendRuleName, Counts>;
  readonly countries: Map<string, Counts>;
  readonly days: Map<string, Counts>;
  readonly notAsked: Map<SendRuleName, number>;
  forgotten: number;
  note(message: NotedMessage): void;
  noteForgotten(at: number): void;
}

interface Counts {
  messages: number;
  blocked: number;
  approvedLater: number;
}

export function emptyTally(): RunningTally {
  const tally: RunningTally = {
    all: none(),
    rules: new Map(),
    countries: new Map(),
    days: new Map(),
    notAsked: new Map(),
    forgotten: 0,
    note: (message) => {
      const { at, country = "", rule, notAsked } = message;
      for (const counts of [tally.all, countsAt(tally.days, dayOf(at)), countsAt(tally.countries, country)]) {
        add(counts, message);
      }
      if (rule !== undefined) add(countsAt(tally.rules, rule), message);
      for (const name of notAsked) tally.notAsked.set(name, (tally.notAsked.get(name) ?? 0) + 1);
    },
    noteForgotten: (at) => {
      tally.all.messages += 1;
      countsAt(tally.days, dayOf(at)).messages += 1;
      tally.forgotten += 1;
    },
  };
  return tally;
}

export function tallyOf(tally: RunningTally): RehearsalTally {
  const { all, rules, countries, days, forgotten, notAsked } = tally;
  return {
    ...all,
    rules: sendRuleNames.flatMap((rule) => {
      const counts = rules.get(rule);
      return counts ? [{ rule, ...blockedOf(counts) }] : [];
    }),
    countries: [...countries]
      .filter(([, { blocked }]) => blocked > 0)
      .map(([country, counts]) => ({ country, ...blockedOf(counts) }))
      .sort((one, other) => other.blocked - one.blocked),
    days: [...days]
      .map(([day, counts]) => ({ day, messages: counts.messages, ...blockedOf(counts) }))
      .sort((one, other) => (one.day < other.day ? -1 : 1)),
    forgotten,
    notAsked: sendRuleNames.flatMap((rule) => {
      const messages = notAsked.get(rule);
      return messages === undefined ? [] : [{ rule, messages }];
    }),
  };
}

function none(): Counts {
  return { messages: 0, blocked: 0, approvedLater: 0 };
}

function countsAt<Key>(counted: Map<Key, Counts>, key: Key): Counts {
  const known = counted.get(key) ?? none();
  counted.set(key, known);
  return known;
}

function add(counts: Counts, { rule, approvedLater }: NotedMessage): void {
  counts.messages += 1;
  if (rule === undefined) return;
  counts.blocked += 1;
  if (approvedLater) counts.approvedLater += 1;
}

function blockedOf({ blocked, approvedLater }: Counts): Blocked {
  return { blocked, approvedLater };
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
