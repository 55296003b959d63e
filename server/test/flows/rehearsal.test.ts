import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type Arena, type Caller, openArena } from "../attacks/arena.ts";
import { codeIn } from "../open-server.ts";

/** Send rules over what was sent before they were: `POST /v1/policy/rehearse`. */
let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

const minute = 60_000;
const day = 24 * 60 * minute;

type Sender = Caller & { readonly organization: string };

const open = {
  ...{ smsCountries: ["*"], voiceCountries: ["*"], sendsPerSource: null, sendsPerNetwork: null },
  ...{ sendsPerPrefix: null, numbersPerPrefix: null, sendsPerCallingCode: null, sendsPerHour: null },
  ...{ sendsPerDay: null, conversionSends: null, sequentialNumbers: null, callSeconds: null },
  ...{ callsPerNumber: null, callsPerDay: null },
};

async function sender(name: string, sending: object): Promise<Sender> {
  const caller = await arena.stranger(name);
  const provider = { name: "phone", kind: "inbox", vias: ["sms", "voice"], settings: {} };
  expect((await caller.post("/v1/providers", provider)).status).toBe(201);
  const policy = { sending, sendsPerDestination: [{ max: 1000, seconds: 600 }] };
  expect((await caller.ask("PATCH", "/v1/organization", { policy })).status).toBe(200);
  return caller;
}

const inRange = (range: number, index: number) =>
  `+4915${String(range).padStart(5, "0")}${String(index).padStart(4, "0")}`;

async function approve(caller: Sender, { body: { id } }: Answer): Promise<void> {
  await arena.server.dispatcher.waitFor(id, 5_000);
  const messages = arena.server.inbox.list(caller.organization, { limit: 10_000 });
  const code = codeIn(messages.find(({ verification }) => verification === id));
  expect((await caller.post(`/v1/verifications/${id}/check`, { code })).body).toMatchObject({
    approved: true,
  });
}

/** What it was answered: `sent`, or the code of the rule. */
const told = ({ status, body }: Answer) => (status === 201 ? "sent" : String(body.code));

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** Texts to nine ranges and calls to two numbers, four a minute; some are answered. */
async function traffic(caller: Sender): Promise<readonly string[]> {
  const words: string[] = [];
  for (let index = 0; index < 140; index += 1) {
    const isCall = index % 5 === 0;
    const answer = await caller.post("/v1/verifications", {
      to: isCall ? inRange(11_050, index % 2) : inRange(11_000 + (index % 9), (index * 3) % 40),
      via: isCall ? "voice" : "sms",
      purpose: `purpose-${index}`,
      source: `203.0.113.${index % 20}`,
    });
    words.push(told(answer));
    if (index % 12 === 0 && answer.status === 201) await approve(caller, answer);
    arena.clock.at += minute / 4;
  }
  return words;
}

interface Row {
  readonly blocked: number;
  readonly approvedLater: number;
}

function byRule(rehearsed: Answer): Readonly<Record<string, number>> {
  const rules = rehearsed.body["rules"] as readonly (Row & { readonly rule: string })[];
  return Object.fromEntries(rules.map(({ rule, blocked }) => [rule, blocked]));
}

describe("a rehearsal", () => {
  let watched: Sender;
  let refused: Readonly<Record<string, number>>;
  const rules = {
    ...open,
    ...{ smsCountries: ["DE"], sendsPerPrefix: 8, sequentialNumbers: 3, conversionSends: 40 },
    ...{ conversionPercent: 15, sendsPerSource: 4, callsPerDay: 5, callSeconds: 150 },
  };

  beforeAll(async () => {
    watched = await sender("watched", open);
    expect(counted(await traffic(watched))).toEqual({ sent: 140 });
    const { sent: _sent, ...others } = counted(await traffic(await sender("strict", rules)));
    refused = others;
  }, 60_000);

  const rehearse = (caller: Caller, body: object) => caller.post("/v1/policy/rehearse", body);

  test("blocks what the same rules block in earnest, and changes nothing", async () => {
    expect(Object.keys(refused).length).toBeGreaterThanOrEqual(4);
    const before = await watched.get("/v1/sending");
    const events = await arena.server.store.audit.head();
    const rehearsed = await rehearse(watched, { days: 1, policy: { sending: rules } });
    expect(byRule(rehearsed)).toEqual(refused);
    expect(rehearsed.body).toMatchObject({ messages: 140, complete: true, forgotten: 0, notAsked: [] });
    const { blocked } = rehearsed.body;
    for (const list of ["rules", "countries", "days"]) {
      const rows = rehearsed.body[list] as readonly Row[];
      expect(rows.reduce((sum, row) => sum + row.blocked, 0)).toBe(blocked);
    }
    expect(await arena.server.store.audit.head()).toBe(events);
    expect((await watched.get("/v1/sending")).body).toEqual(before.body);
    expect(await rehearse(watched, { days: 1 })).toMatchObject({
      body: { messages: 140, blocked: 0, rules: [] },
    });
  });

  test("tells what was answered after all, and keeps organizations apart", async () => {
    const closed = await rehearse(watched, {
      policy: { sending: { smsCountries: ["AT"], voiceCountries: [] } },
    });
    expect(closed.body).toMatchObject({ messages: 140, blocked: 140, approvedLater: 12 });
    expect(closed.body["countries"]).toEqual([{ country: "DE", blocked: 140, approvedLater: 12 }]);
    const other = await sender("other", open);
    expect((await rehearse(other, {})).body).toMatchObject({ messages: 0, days: [] });
    const listed = { blockedNumbers: [{ number: inRange(11_050, 0) }] };
    expect(byRule(await rehearse(watched, { policy: { sending: listed } }))).toEqual({ number_blocked: 14 });
  });

  test("when destinations are forgotten it goes on with the range, and says what it could not ask", async () => {
    const { store } = arena.server;
    arena.clock.at += 60 * minute;
    await store.verifications.expire(arena.clock.at, 10_000);
    arena.clock.at += 2 * day;
    const kept = { destinationsMs: day, verificationsMs: 30 * day };
    await store.retention.step(kept, 10_000, arena.clock.at);
    const rehearsed = await rehearse(watched, {
      days: 5,
      policy: { sending: { ...rules, sendsPerPrefix: 6, callsPerDay: 3 } },
    });
    expect(rehearsed.body).toMatchObject({ messages: 140, forgotten: 0 });
    expect(byRule(rehearsed)).toMatchObject({
      prefix_velocity: expect.any(Number),
      calls_daily: expect.any(Number),
    });
    expect(byRule(rehearsed)).not.toHaveProperty("source_velocity");
    expect(rehearsed.body["notAsked"]).toEqual([
      { rule: "source_velocity", messages: 140 },
      { rule: "low_conversion", messages: 140 },
      { rule: "sequential_numbers", messages: 140 },
      { rule: "call_in_progress", messages: 28 },
    ]);
  });

  test("wrong rules are refused as they are when they are saved", async () => {
    const wrong = await rehearse(watched, { policy: { sending: { callsPerDay: 0, nonsense: 1 } } });
    expect(wrong).toMatchObject({ status: 400, body: { code: "invalid_policy" } });
    expect(JSON.stringify(wrong.body)).toContain("/policy/sending/callsPerDay");
    expect(await rehearse(watched, { policy: { sending: {}, maxSends: 3 } })).toMatchObject({ status: 400 });
    expect(await rehearse(watched, { days: 31 })).toMatchObject({ status: 400 });
  });
});
