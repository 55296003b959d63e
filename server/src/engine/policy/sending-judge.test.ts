import { describe, expect, test } from "vitest";
import type { NumberFacts, NumberType } from "../model.ts";
import { listedAs, type NumberEntry, type SendRuleName, type SendRules } from "./sending.ts";
import {
  blocked,
  type CountryCounts,
  countApproval,
  countForCountry,
  countForPrefix,
  countForSource,
  countMessage,
  type OrganizationCounts,
  type PrefixCounts,
  type SendCounters,
  type SourceCounts,
  withKnown,
} from "./sending-counters.ts";
import { defaultSending } from "./sending-defaults.ts";
import { judgeSend, type SendFacts } from "./sending-judge.ts";

const now = Date.UTC(2026, 10, 22, 12);
const minute = 60_000;
const hour = 60 * minute;

const number: NumberFacts = {
  country: "DE",
  callingCode: "49",
  type: "mobile",
  prefix: "range",
  position: 5000,
};
const home: SendRules = { ...defaultSending, smsCountries: ["DE"], voiceCountries: ["DE"] };

function facts(more: Partial<SendFacts> = {}): SendFacts {
  return {
    via: "sms",
    number,
    listed: undefined,
    established: false,
    source: undefined,
    priceMicros: 0,
    ...more,
  };
}

interface Counted {
  readonly organization?: OrganizationCounts;
  readonly country?: CountryCounts;
  readonly others?: Readonly<Record<string, CountryCounts>>;
  readonly prefix?: PrefixCounts;
  readonly source?: SourceCounts;
}

function counters({ organization = {}, country = {}, others = {}, prefix = {}, source = {} }: Counted = {}) {
  return {
    organization,
    callingCode: { countries: { DE: country, ...others } },
    prefix,
    source,
  } satisfies SendCounters;
}

function rulesOf(
  given: Partial<SendFacts>,
  counted: Counted = {},
  rules: Partial<SendRules> = {},
  at = now,
): readonly SendRuleName[] {
  return judgeSend(facts(given), counters(counted), { ...home, ...rules }, at).refusals.map(
    ({ rule }) => rule,
  );
}

/** Messages one after the other, so many milliseconds apart; the newest at `until`. */
function repeated<Counts>(
  counts: Counts,
  times: number,
  count: (counts: Counts, index: number, at: number) => Counts,
  apartMs = 1000,
  until = now,
): Counts {
  let all = counts;
  for (let index = 0; index < times; index += 1) {
    all = count(all, index, until - (times - 1 - index) * apartMs);
  }
  return all;
}

const toPositions = (positions: readonly number[], apartMs = 1000, until = now) =>
  repeated<PrefixCounts>(
    {},
    positions.length,
    (counts, index, at) => countForPrefix(counts, positions[index] ?? 0, at),
    apartMs,
    until,
  );

test("nothing counted, the own country, a mobile number: it goes", () => {
  expect(judgeSend(facts(), counters(), home, now)).toEqual({ refusals: [], suspicions: [] });
});

describe("1 country_not_allowed", () => {
  const table: readonly (readonly [readonly string[], Partial<NumberFacts>, boolean])[] = [
    [["DE"], {}, true],
    [["US"], {}, false],
    [[], {}, false],
    [["*"], { country: "KP", callingCode: "850" }, true],
    [["GB"], { country: "GG", callingCode: "44" }, false],
    [["+44"], { country: "GG", callingCode: "44" }, true],
    [["+1"], { country: "JM", callingCode: "1" }, true],
    [["US"], { country: "JM", callingCode: "1" }, false],
    [["+4"], {}, false],
  ];
  test.each(table)("%j, number of %j: %s", (list, place, goes) => {
    const given = { number: { ...number, ...place } };
    const expected = goes ? [] : ["country_not_allowed"];
    expect(rulesOf(given, {}, { smsCountries: list, voiceCountries: [] })).toEqual(expected);
    expect(rulesOf({ ...given, via: "voice" }, {}, { voiceCountries: list, smsCountries: [] })).toEqual(
      expected,
    );
  });
});

describe("2 number_type_blocked", () => {
  const never: readonly NumberType[] = [
    "premium_rate",
    "toll_free",
    "shared_cost",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "unknown",
  ];
  test.each(never)("%s: by no way, on no list", (type) => {
    for (const via of ["sms", "voice"] as const) {
      for (const listed of [undefined, "safe"] as const) {
        expect(rulesOf({ via, listed, number: { ...number, type } })).toEqual(["number_type_blocked"]);
      }
    }
  });
  test("a fixed line hears and does not read; a number without facts or country gets nothing", () => {
    const line: NumberFacts = { ...number, type: "fixed_line" };
    expect(rulesOf({ number: line })).toEqual(["number_type_blocked"]);
    expect(rulesOf({ number: line, via: "voice" })).toEqual([]);
    expect(rulesOf({ number: undefined })).toEqual(["number_type_blocked"]);
    const { country: _, ...satellite } = number;
    expect(rulesOf({ number: satellite }, {}, { smsCountries: ["*"] })).toEqual(["number_type_blocked"]);
  });
  test("what the policy adds, also for safe numbers", () => {
    const voip: NumberFacts = { ...number, type: "voip" };
    expect(rulesOf({ number: voip })).toEqual([]);
    expect(rulesOf({ number: voip }, {}, { blockedTypes: ["voip"] })).toEqual(["number_type_blocked"]);
    expect(rulesOf({ number: voip, listed: "safe" }, {}, { blockedTypes: ["voip"] })).toEqual([
      "number_type_blocked",
    ]);
  });
});

describe("3 number_blocked and the safe list", () => {
  test("a blocked number gets nothing", () => {
    expect(rulesOf({ listed: "blocked" })).toEqual(["number_blocked"]);
  });

  const own = { key: "k", hint: "+49 *** **89" };
  const prefix = (text: string) => ({ prefix: text });
  const table: readonly (readonly [string, NumberEntry[], NumberEntry[], "safe" | "blocked" | undefined])[] =
    [
      ["no list", [], [], undefined],
      ["another number", [{ key: "other", hint: "" }], [prefix("+1")], undefined],
      ["its digest", [own], [], "safe"],
      ["its range", [prefix("+49151")], [], "safe"],
      ["the number out of a blocked range", [own], [prefix("+49151")], "safe"],
      ["the number out of a safe range", [prefix("+49151")], [own], "blocked"],
      ["the longer range", [prefix("+4915123")], [prefix("+49")], "safe"],
      ["the longer range, blocked", [prefix("+49")], [prefix("+4915123")], "blocked"],
      ["both alike", [own], [own], "blocked"],
      ["both ranges alike", [prefix("+49")], [prefix("+49")], "blocked"],
    ];
  test.each(table)("%s", (_, safeNumbers, blockedNumbers, expected) => {
    expect(listedAs({ safeNumbers, blockedNumbers }, "k", () => "+4915123456789")).toBe(expected);
  });
  test("the number is opened only to be compared with ranges", () => {
    const open = () => expect.unreachable();
    expect(listedAs({ safeNumbers: [own], blockedNumbers: [] }, "k", open)).toBe("safe");
    expect(listedAs({ safeNumbers: [], blockedNumbers: [] }, "k", open)).toBeUndefined();
  });

  test("safe wins over country, source and prefix, and not over caps, conversion and rows", () => {
    const crowded = {
      prefix: blocked(toPositions(Array.from({ length: 30 }, (_, index) => 4999 - index))),
      source: repeated<SourceCounts>({}, 30, (counts, _, at) => countForSource(counts, "a", at)),
      organization: repeated<OrganizationCounts>({}, 5, (counts, _, at) =>
        countMessage(counts, { via: "sms", priceMicros: 100 }, at),
      ),
    };
    const rules = { smsCountries: [], sendsPerHour: 5, spendPerDay: 400, sendsPerCallingCode: 1 };
    const country = countForCountry({}, home, now);
    const given = { source: "net.a", priceMicros: 100 };
    expect(rulesOf(given, { ...crowded, country }, rules)).toEqual([
      "country_not_allowed",
      "source_velocity",
      "prefix_velocity",
      "dial_code_daily",
      "organization_cap",
      "spend_cap",
      "low_conversion",
      "sequential_numbers",
    ]);
    expect(rulesOf({ ...given, listed: "safe" }, { ...crowded, country }, rules)).toEqual([
      "dial_code_daily",
      "organization_cap",
      "spend_cap",
      "low_conversion",
      "sequential_numbers",
    ]);

    function blocked(counts: PrefixCounts): PrefixCounts {
      return { ...counts, blockedUntil: now + 1 };
    }
  });
});

describe("7 source_velocity", () => {
  const from = (addresses: readonly string[], apartMs = 1000) =>
    repeated<SourceCounts>(
      {},
      addresses.length,
      (counts, index, at) => countForSource(counts, addresses[index] ?? "", at),
      apartMs,
    );
  test("ten an hour for one address, thirty for its network", () => {
    const ten = Array<string>(10).fill("a");
    expect(rulesOf({ source: "net.a" }, { source: from(ten.slice(1)) })).toEqual([]);
    expect(rulesOf({ source: "net.a" }, { source: from(ten) })).toEqual(["source_velocity"]);
    expect(rulesOf({ source: "net.b" }, { source: from(ten) })).toEqual([]);
    const thirty = Array.from({ length: 30 }, (_, index) => `address-${index}`);
    expect(rulesOf({ source: "net.new" }, { source: from(thirty.slice(1)) })).toEqual([]);
    expect(rulesOf({ source: "net.new" }, { source: from(thirty) })).toEqual(["source_velocity"]);
    expect(rulesOf({ source: undefined }, { source: from(thirty) })).toEqual([]);
  });
  test("tells when there is room again, to the second", () => {
    const source = from(Array<string>(10).fill("a"), minute);
    const { refusals } = judgeSend(facts({ source: "net.a" }), counters({ source }), home, now);
    expect(refusals).toEqual([{ rule: "source_velocity", retryAfterSeconds: 3600 - 9 * 60 }]);
    const then = now + (3600 - 9 * 60) * 1000;
    expect(rulesOf({ source: "net.a" }, { source }, {}, then - 1000)).toEqual(["source_velocity"]);
    expect(rulesOf({ source: "net.a" }, { source }, {}, then)).toEqual([]);
  });
});

describe("8 prefix_velocity", () => {
  const spread = (count: number) => Array.from({ length: count }, (_, index) => 100 * index);
  test("twenty numbers an hour; one that had a message is no new one", () => {
    expect(rulesOf({}, { prefix: toPositions(spread(19)) })).toEqual([]);
    expect(rulesOf({}, { prefix: toPositions(spread(20)) })).toEqual(["prefix_velocity"]);
    expect(rulesOf({ number: { ...number, position: 300 } }, { prefix: toPositions(spread(20)) })).toEqual(
      [],
    );
    expect(rulesOf({}, { prefix: toPositions(spread(20), minute, now - hour) })).toEqual([]);
  });
  test("thirty messages an hour, whoever got them", () => {
    const prefix = toPositions(Array.from({ length: 30 }, (_, index) => 100 * (index % 10)));
    expect(rulesOf({}, { prefix })).toEqual(["prefix_velocity"]);
    expect(rulesOf({ number: { ...number, position: 100 } }, { prefix })).toEqual(["prefix_velocity"]);
    expect(rulesOf({}, { prefix }, { sendsPerPrefix: null })).toEqual([]);
  });
});

describe("9 caps of the calling code and the organization", () => {
  test("dial_code_daily counts all countries of the code", () => {
    const sent = (times: number) =>
      repeated<CountryCounts>({}, times, (counts, _, at) => countForCountry(counts, home, at));
    const counted = { country: sent(3), others: { AT: sent(4) } };
    expect(rulesOf({}, counted, { sendsPerCallingCode: 8 })).toEqual([]);
    const refused = judgeSend(facts(), counters(counted), { ...home, sendsPerCallingCode: 7 }, now);
    expect(refused.refusals[0]?.rule).toBe("dial_code_daily");
    const wait = (refused.refusals[0]?.retryAfterSeconds ?? 0) * 1000;
    expect(rulesOf({}, counted, { sendsPerCallingCode: 7 }, now + wait)).toEqual([]);
    expect(rulesOf({}, counted, { sendsPerCallingCode: null })).toEqual([]);
  });
  test("organization_cap per hour and per day", () => {
    const organization = repeated<OrganizationCounts>({}, 6, (counts, _, at) =>
      countMessage(counts, { via: "sms", priceMicros: 0 }, at),
    );
    expect(rulesOf({}, { organization }, { sendsPerHour: 7 })).toEqual([]);
    expect(rulesOf({}, { organization }, { sendsPerHour: 6 })).toEqual(["organization_cap"]);
    expect(rulesOf({}, { organization }, { sendsPerHour: 6 }, now + 70 * minute)).toEqual([]);
    expect(rulesOf({}, { organization }, { sendsPerDay: 6 }, now + 70 * minute)).toEqual([
      "organization_cap",
    ]);
    expect(rulesOf({}, { organization }, { sendsPerDay: 6 }, now + 26 * hour)).toEqual([]);
  });
  test("spend_cap: a message must fit with its price; one without a price needs some room", () => {
    const organization = countMessage({}, { via: "sms", priceMicros: 900_000 }, now);
    expect(rulesOf({ priceMicros: 100_000 }, { organization }, { spendPerHour: 1_000_000 })).toEqual([]);
    expect(rulesOf({ priceMicros: 100_001 }, { organization }, { spendPerHour: 1_000_000 })).toEqual([
      "spend_cap",
    ]);
    expect(rulesOf({}, { organization }, { spendPerDay: 900_000 })).toEqual(["spend_cap"]);
    expect(rulesOf({}, { organization }, { spendPerDay: 900_001 })).toEqual([]);
  });
});

describe("10 low_conversion", () => {
  const then = now - 11 * minute;
  const places = (sent: number, approved: number, until = then) => {
    const country = repeated<CountryCounts>(
      repeated<CountryCounts>({}, sent, (counts, _, at) => countForCountry(counts, home, at), 1000, until),
      approved,
      (counts, _, at) => countApproval(counts, at),
      1000,
      until,
    );
    return { country };
  };
  test("thirty messages, fewer than three right codes: new numbers get nothing for an hour", () => {
    expect(rulesOf({}, places(29, 0))).toEqual([]);
    expect(rulesOf({}, places(30, 3))).toEqual([]);
    expect(judgeSend(facts(), counters(places(30, 2)), home, now)).toEqual({
      refusals: [{ rule: "low_conversion", retryAfterSeconds: 3600 }],
      suspicions: [{ scope: "country", sent: 30, approved: 2 }],
    });
  });
  test("messages that nobody had the time to answer are not held against a place", () => {
    expect(rulesOf({}, places(200, 0, now))).toEqual([]);
    expect(rulesOf({}, places(200, 0, now), {}, now + 11 * minute)).toEqual(["low_conversion"]);
  });
  test("a block begins once, lasts its hour, and counting begins anew", () => {
    const country = blocked(places(30, 0).country, now + hour);
    const judged = judgeSend(facts(), counters({ country }), home, now + 30 * minute);
    expect(judged).toEqual({
      refusals: [{ rule: "low_conversion", retryAfterSeconds: 1800 }],
      suspicions: [],
    });
    expect(rulesOf({}, { country }, {}, now + hour)).toEqual([]);
  });
  test("a prefix is judged like a country", () => {
    const prefix = toPositions(Array<number>(30).fill(5000), 1000, then);
    const verdict = judgeSend(facts(), counters({ prefix }), { ...home, sendsPerPrefix: null }, now);
    expect(verdict.suspicions).toEqual([{ scope: "prefix", sent: 30, approved: 0 }]);
  });
  test("those who answered before, and those enrolled for a day, still get theirs", () => {
    const counted = places(100, 0);
    expect(rulesOf({ established: true }, counted)).toEqual([]);
    expect(rulesOf({}, { ...counted, prefix: withKnown({}, 5000) })).toEqual([]);
    expect(rulesOf({}, { ...counted, prefix: withKnown({}, 5001) })).toEqual(["low_conversion"]);
    expect(rulesOf({}, counted, { conversionSends: null })).toEqual([]);
  });
});

describe("11 sequential_numbers", () => {
  test("after five neighbours the next one waits", () => {
    const row = [4991, 4993, 4995, 5003, 5010];
    expect(rulesOf({}, { prefix: toPositions(row.slice(1)) })).toEqual([]);
    expect(rulesOf({}, { prefix: toPositions(row) })).toEqual(["sequential_numbers"]);
    expect(rulesOf({}, { prefix: toPositions([...row.slice(1), 5011]) })).toEqual([]);
    expect(rulesOf({}, { prefix: toPositions(row, 1000, now - 10 * minute) })).toEqual([]);
    expect(rulesOf({}, { prefix: toPositions(row) }, { sequentialNumbers: null })).toEqual([]);
  });
  test("a number that is asked for again is not the next of a row, and positions go round", () => {
    const row = [4999, 5000, 5001, 5002, 5003];
    expect(rulesOf({}, { prefix: toPositions(row) })).toEqual([]);
    const edge = [9997, 9998, 9999, 1, 2];
    expect(rulesOf({ number: { ...number, position: 0 } }, { prefix: toPositions(edge) })).toEqual([
      "sequential_numbers",
    ]);
  });
});
