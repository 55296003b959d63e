import { readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditEventTypes } from "../../src/engine/audit/event.ts";
import { defaultSending } from "../../src/engine/policy/sending-defaults.ts";
import { type Answer, type Arena, type Caller, openArena } from "./arena.ts";

/**
 * SMS pumping (V28, API-20): somebody has codes sent to ranges of numbers that earn from every message.
 */
let arena: Arena;
beforeAll(async () => {
  arena = await openArena();
});
afterAll(() => arena.close());

const minute = 60_000;

/** An organization of its own, so that each attack begins with empty counters. */
interface Victim extends Caller {
  readonly organization: string;
  sends(): Promise<number>;
}

let victims = 0;

/** The defaults of the product, in Germany, with the simulated phone; `sending` is what its admin set. */
async function victim(sending: object = {}): Promise<Victim> {
  victims += 1;
  const caller = await arena.stranger(`victim ${victims}`);
  const made = await caller.post("/v1/providers", {
    name: "phone",
    kind: "inbox",
    vias: ["sms", "voice"],
    settings: {},
  });
  expect(made.status).toBe(201);
  const patched = await caller.ask("PATCH", "/v1/organization", { policy: { sending } });
  expect(patched.status).toBe(200);
  return {
    ...caller,
    sends: async () => {
      const { body } = await caller.get("/v1/sending");
      return (body["day"] as { readonly sends: number }).sends;
    },
  };
}

/** How many messages these starts had the simulated phone get. */
async function received({ organization }: Victim, answers: readonly Answer[]): Promise<number> {
  for (const { status, body } of answers) {
    if (status === 201) await arena.server.dispatcher.waitFor(body.id, 5_000);
  }
  return arena.server.inbox.list(organization, { limit: 10_000 }).length;
}

const start = (caller: Caller, to: string, more: object = {}) =>
  caller.post("/v1/verifications", { to, via: "sms", purpose: "sign-up", ...more });

/** German mobile numbers; `range` is the prefix that they share. */
const inRange = (range: number, index: number) =>
  `+4915${String(range).padStart(5, "0")}${String(index).padStart(4, "0")}`;

function reasonsOf(answers: readonly Answer[]): Readonly<Record<string, number>> {
  const reasons: Record<string, number> = {};
  for (const { status, body } of answers) {
    const reason = status === 201 ? "sent" : String(body.code);
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

async function eventsOf({ organization }: Victim, type: string) {
  const events = await arena.server.store.audit.after(organization, 0, 10_000);
  return events.filter((event) => event.type === type);
}

describe("V28, API-20: the pumping pattern", () => {
  it("500 starts to 250 numbers of one range within ten minutes: no more than the cap leaves, also over a restart", async () => {
    const attacked = await victim({ sequentialNumbers: null });
    const answers: Answer[] = [];
    for (let wave = 0; wave < 10; wave += 1) {
      const numbers = Array.from({ length: 50 }, (_, index) =>
        inRange(11100, ((wave * 50 + index) % 250) * 37),
      );
      answers.push(...(await Promise.all(numbers.map((number) => start(attacked, number)))));
      arena.clock.at += minute;
      if (wave === 4) await arena.restart();
    }
    expect(answers).toHaveLength(500);
    const sends = await attacked.sends();
    expect(sends).toBeLessThanOrEqual(defaultSending.sendsPerPrefix ?? 0);
    expect(sends).toBeGreaterThanOrEqual(defaultSending.numbersPerPrefix ?? 0);
    expect(reasonsOf(answers)["sent"]).toBe(sends);
    expect(new Set(Object.keys(reasonsOf(answers)))).toEqual(new Set(["sent", "prefix_velocity"]));
    const [refused] = await eventsOf(attacked, "send.refused");
    expect(refused?.details).toMatchObject({ reason: "prefix_velocity", country: "DE", callingCode: "+49" });
  });

  it("calls: one at a time to a number, five a day, whoever asks; what a trusted caller is told", async () => {
    const attacked = await victim();
    const number = inRange(33300, 1);
    const call = (purpose: string) => start(attacked, number, { via: "voice", purpose });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => call(`purpose-${index}`)));
    expect(reasonsOf(answers)).toEqual({ sent: 1, call_in_progress: 19 });
    expect(await received(attacked, answers)).toBe(1);
    const busy = answers.find(({ status }) => status === 429);
    // Seconds of a call are rounded up.
    expect(busy?.headers["retry-after"]).toMatch(/^6[01]$/);
    const explained = await attacked.post("/v1/sending/explain", { to: number, via: "voice" });
    expect(explained.body).toMatchObject({ allowed: false, refusals: [{ rule: "call_in_progress" }] });
    await arena.restart();
    expect(reasonsOf([await call("again")])).toEqual({ call_in_progress: 1 });
    for (let index = 0; index < 4; index += 1) {
      arena.clock.at += 11 * minute;
      expect(reasonsOf([await call(`later-${index}`)])).toEqual({ sent: 1 });
    }
    arena.clock.at += 11 * minute;
    expect(reasonsOf([await call("sixth")])).toEqual({ calls_daily: 1 });
    expect(reasonsOf([await start(attacked, number)])).toEqual({ sent: 1 });
  });

  it("numbers in a row are noticed after five", async () => {
    const attacked = await victim();
    const answers: Answer[] = [];
    for (let index = 0; index < 40; index += 1)
      answers.push(await start(attacked, inRange(22200, 5000 + index)));
    const { sent = 0, sequential_numbers: noticed = 0 } = reasonsOf(answers);
    expect(reasonsOf(answers.slice(0, 6))).toEqual({ sent: 5, sequential_numbers: 1 });
    expect(noticed).toBeGreaterThan(10);
    expect(sent).toBeLessThanOrEqual(20);
    expect(await received(attacked, answers)).toBe(sent);
    expect(await attacked.sends()).toBe(sent);
  });

  it("thousands of starts over many ranges and sources: country blocked for its conversion, and an event says so", async () => {
    const attacked = await victim();
    const sources = Array.from({ length: 400 }, (_, index) => `198.51.${index % 100}.${index % 250}`);
    const spray = async (from: number, times: number) =>
      Promise.all(
        Array.from({ length: times }, (_, index) =>
          start(attacked, inRange(10_000 + from + index, 1234), { source: sources[(from + index) % 400] }),
        ),
      );
    const first = await spray(0, 500);
    expect(reasonsOf(first)).toEqual({ sent: 500 });
    arena.clock.at += 15 * minute;
    for (const from of [500, 1000, 1500]) {
      expect(reasonsOf(await spray(from, 500))).toEqual({ low_conversion: 500 });
    }
    const [suspected, ...others] = await eventsOf(attacked, "pumping.suspected");
    expect(others).toEqual([]);
    expect(suspected?.details).toEqual({
      scope: "country",
      country: "DE",
      callingCode: "+49",
      via: "sms",
      sent: 500,
      approved: 0,
      seconds: 3600,
    });
    const { body } = await attacked.get("/v1/sending");
    expect(body["countries"]).toMatchObject([
      { country: "DE", sends: 500, blockedUntil: expect.any(String) },
    ]);
    // After the block it costs thirty messages to be noticed again, not five hundred.
    arena.clock.at += 60 * minute;
    await spray(2000, 30);
    arena.clock.at += 15 * minute;
    expect(reasonsOf(await spray(2030, 100))).toEqual({ low_conversion: 100 });
  }, 60_000);

  it("never more than the organization's caps, whatever is sprayed in parallel, and not after a restart either", async () => {
    const attacked = await victim({
      sendsPerHour: 60,
      sendsPerDay: 100,
      spendPerDay: 4_000_000,
      smsPrices: { "*": 50_000 },
    });
    const spray = (from: number) =>
      Promise.all(
        Array.from({ length: 300 }, (_, index) => start(attacked, inRange(60_000 + from + index, 77))),
      );
    expect(reasonsOf(await spray(0))).toEqual({ sent: 60, organization_cap: 240 });
    await arena.restart();
    arena.clock.at += 9 * minute;
    expect(reasonsOf(await spray(300))).toEqual({ organization_cap: 300 });
    arena.clock.at += 60 * minute;
    // 80 messages cost 4 euros.
    expect(reasonsOf(await spray(600))).toMatchObject({ low_conversion: 300 });
    const open = await attacked.ask("PATCH", "/v1/organization", {
      policy: {
        sending: {
          sendsPerHour: 60,
          sendsPerDay: 100,
          spendPerDay: 4_000_000,
          smsPrices: { "*": 50_000 },
          conversionSends: null,
        },
      },
    });
    expect(open.status).toBe(200);
    expect(reasonsOf(await spray(900))).toEqual({ sent: 20, spend_cap: 280 });
    expect(await attacked.sends()).toBe(80);
    const { body } = await attacked.get("/v1/sending");
    expect(body["day"]).toEqual({
      sends: 80,
      sendsLimit: 100,
      spentMicros: 4_000_000,
      spendLimitMicros: 4_000_000,
    });
  }, 60_000);

  it("ten an hour for one end user, thirty for a network, whatever numbers they name", async () => {
    const attacked = await victim();
    const from = async (source: string, range: number, times: number) =>
      reasonsOf(
        await Promise.all(
          Array.from({ length: times }, (_, index) => start(attacked, inRange(range + index, 9), { source })),
        ),
      );
    expect(await from("203.0.113.7", 70_000, 15)).toEqual({ sent: 10, source_velocity: 5 });
    expect(await from("::ffff:203.0.113.7", 70_100, 5)).toEqual({ source_velocity: 5 });
    expect(await from("203.0.113.8", 70_200, 10)).toEqual({ sent: 10 });
    expect(await from("203.0.113.9", 70_300, 15)).toEqual({ sent: 10, source_velocity: 5 });
    expect(await from("203.0.113.10", 70_400, 5)).toEqual({ source_velocity: 5 });
    expect(await from("2001:db8::1", 70_500, 12)).toEqual({ sent: 10, source_velocity: 2 });
    expect((await start(attacked, inRange(70_600, 1), { source: "not an address" })).body).toMatchObject({
      code: "invalid_request",
      fields: [{ field: "/source" }],
    });
  });

  it("resends count like starts: a verification is no way around a cap", async () => {
    const attacked = await victim({ sendsPerHour: 5 });
    const ids = await Promise.all(
      [1, 2, 3].map(async (index) => (await start(attacked, inRange(71_000 + index, 1))).body.id),
    );
    const answers: Answer[] = [];
    for (const id of [...ids, ...ids]) {
      answers.push(await attacked.post(`/v1/verifications/${id}/resend`));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429, 429, 429]);
    expect(answers[2]?.body.code).toBe("organization_cap");
    expect(await attacked.sends()).toBe(5);
  });
});

describe("numbers that nothing is sent to", () => {
  const never: readonly (readonly [string, string])[] = [
    ["premium rate", "+19005551234"],
    ["premium rate, Latvia", "+37190000001"],
    ["international premium rate", "+979123456789"],
    ["toll-free", "+18005551234"],
    ["universal toll-free", "+80012345678"],
    ["shared cost", "+4918012345678"],
    ["personal number", "+15005550006"],
    ["pager", "+447640123456"],
    ["UAN", "+445512345678"],
    ["voicemail", "+491779912345678"],
    ["satellite", "+870773111632"],
    ["satellite", "+88216000000"],
    ["a fixed line, by SMS", "+4930123456"],
  ];
  it.each(never)("%s: refused, recorded, nothing leaves, in monitor mode too", async (_, to) => {
    for (const enforce of ["block", "monitor"]) {
      const attacked = await victim({ enforce, smsCountries: ["*"], voiceCountries: ["*"] });
      const vias = to === "+4930123456" ? ["sms"] : ["sms", "voice"];
      for (const via of vias) {
        const answer = await start(attacked, to, { via });
        expect([answer.status, answer.body.code]).toEqual([422, "number_type_blocked"]);
      }
      expect(await attacked.sends()).toBe(0);
      const events = await eventsOf(attacked, "send.refused");
      expect(events).toHaveLength(vias.length);
      expect(JSON.stringify(events)).not.toContain(to.slice(4));
      const enrolled = await attacked.post("/v1/users", { displayName: "x" });
      const saved = await attacked.post(`/v1/users/${enrolled.body.id}/authenticators`, { kind: "sms", to });
      expect([saved.status, saved.body.code]).toEqual([422, "number_type_blocked"]);
    }
  });

  it("an extension is no number at all", async () => {
    const attacked = await victim();
    for (const to of ["+4915123456789 ext. 5", "+4915123456789;ext=5", "+4915123456789#5"]) {
      expect(await start(attacked, to)).toMatchObject({ status: 400, body: { code: "invalid_destination" } });
    }
    expect(await attacked.sends()).toBe(0);
  });
});

describe("countries", () => {
  it("only the organization's own one until its admin says otherwise, for each way by itself", async () => {
    const attacked = await victim();
    const us = "+12025550123";
    expect((await start(attacked, us)).body.code).toBe("country_not_allowed");
    expect((await start(attacked, inRange(80_000, 1))).status).toBe(201);
    const opened = await attacked.ask("PATCH", "/v1/organization", {
      policy: { sending: { smsCountries: ["DE", "US"] } },
    });
    expect(opened.status).toBe(200);
    expect((await start(attacked, us)).status).toBe(201);
    expect((await start(attacked, us, { via: "voice", purpose: "call" })).body.code).toBe(
      "country_not_allowed",
    );
    // A Guernsey number has the British calling code and is not in Great Britain.
    await attacked.ask("PATCH", "/v1/organization", { policy: { sending: { smsCountries: ["GB"] } } });
    expect((await start(attacked, "+447911123456")).body.code).toBe("country_not_allowed");
    await attacked.ask("PATCH", "/v1/organization", { policy: { sending: { smsCountries: ["+44"] } } });
    expect((await start(attacked, "+447911123456")).status).toBe(201);
  });

  it("an app narrows what its organization opened; a misspelt country is refused when it is saved", async () => {
    const attacked = await victim({ smsCountries: ["DE", "US"] });
    const app = await attacked.post("/v1/apps", {
      name: "shop",
      policy: { sending: { smsCountries: ["US"] } },
    });
    expect((await start(attacked, inRange(80_100, 1), { app: app.body.id })).body.code).toBe(
      "country_not_allowed",
    );
    expect((await start(attacked, "+12025550123", { app: app.body.id })).status).toBe(201);
    const wrong = await attacked.ask("PATCH", "/v1/organization", {
      policy: {
        sending: {
          smsCountries: ["UK"],
          safeNumbers: [{ number: "12" }, { number: "+4915123456789" }],
          sendsPerHour: 0,
        },
      },
    });
    expect(wrong.status).toBe(400);
    expect((wrong.body["fields"] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      "/policy/sending/safeNumbers/0/number",
      "/policy/sending/sendsPerHour",
      "/policy/sending/smsCountries/0",
    ]);
  });
});

describe("the lists", () => {
  it("a safe number passes country, person and range limits; a blocked one nothing; neither is kept in the clear", async () => {
    const vip = "+12025550171";
    const attacked = await victim({
      safeNumbers: [{ number: vip }, { prefix: "+4930901820" }],
      blockedNumbers: [{ number: "+4915123456789" }, { prefix: "+49160" }],
    });
    for (let times = 0; times < 8; times += 1) {
      expect((await start(attacked, vip, { purpose: `p${times}` })).status).toBe(201);
    }
    expect((await start(attacked, "+12025550172")).body.code).toBe("country_not_allowed");
    expect((await start(attacked, "0151 23456789")).body.code).toBe("number_blocked");
    expect((await start(attacked, "+4916012345678")).body.code).toBe("number_blocked");
    const { body } = await attacked.get("/v1/organization");
    const { sending } = body["policy"] as { sending: { safeNumbers: object[] } };
    expect(sending.safeNumbers).toEqual([
      { key: expect.stringMatching(/^[0-9a-f]{64}$/), hint: "+1 *** **71" },
      { prefix: "+4930901820" },
    ]);
    // What was read can be sent back as it is.
    expect((await attacked.ask("PATCH", "/v1/organization", { policy: { sending } })).status).toBe(200);
    expect((await start(attacked, vip, { purpose: "again" })).status).toBe(201);
  });

  it("a test number has its code and costs nothing, wherever it is", async () => {
    const attacked = await victim({ sendsPerHour: 1 });
    const expiresAt = new Date(arena.clock.at + 24 * 60 * minute).toISOString();
    const made = await attacked.post("/v1/test-numbers", {
      ...{ via: "sms", to: "+12025550188", code: "424242", expiresAt },
    });
    expect(made.status).toBe(201);
    for (let times = 0; times < 12; times += 1) {
      const { body, status } = await start(attacked, "+12025550188", { purpose: `p${times}` });
      expect(status).toBe(201);
      const checked = await attacked.post(`/v1/verifications/${body.id}/check`, { code: "424242" });
      expect(checked.body.approved).toBe(true);
    }
    expect(await attacked.sends()).toBe(0);
  });
});

describe("what people really do", () => {
  it("a morning of log-ins goes through, and those who answer once are no strangers when the country is blocked", async () => {
    const served = await victim({ sequentialNumbers: null });
    const known = inRange(90_000, 1);
    const login = async (to: string) => {
      const { body, status } = await start(served, to, { purpose: "login" });
      expect(status).toBe(201);
      await arena.server.dispatcher.waitFor(body.id, 5_000);
      const [message] = arena.server.inbox.list(served.organization, { limit: 1 });
      const code = /\d{3}[\s-]?\d{3}/.exec(message?.text ?? "")?.[0].replace(/\D/g, "") ?? "";
      const checked = await served.post(`/v1/verifications/${body.id}/check`, { code });
      expect(checked.body.approved).toBe(true);
    };
    for (let person = 0; person < 40; person += 1) await login(inRange(90_000 + person, 1));
    arena.clock.at += 15 * minute;
    await login(inRange(90_100, 1));
    for (let index = 0; index < 600; index += 1) await start(served, inRange(91_000 + index, 5));
    arena.clock.at += 15 * minute;
    expect((await start(served, inRange(95_000, 5))).body.code).toBe("low_conversion");
    await login(known);
  }, 60_000);

  it("in monitor mode everything goes, and the record says what would not have", async () => {
    const watched = await victim({ enforce: "monitor", sendsPerPrefix: 3 });
    const answers = [];
    for (let index = 0; index < 6; index += 1)
      answers.push(await start(watched, inRange(96_000, index * 500)));
    answers.push(await start(watched, "+12025550123"));
    expect(reasonsOf(answers)).toEqual({ sent: 7 });
    const flagged = await eventsOf(watched, "send.flagged");
    expect(flagged.map(({ details }) => details?.["reason"])).toEqual([
      ...Array(3).fill("prefix_velocity"),
      "country_not_allowed",
    ]);
    expect(flagged.map(({ details }) => details?.["to"])).toContain("+1 *** **23");
  });
});

describe("a database from before the rules", () => {
  it("gets the facts of its numbers when the server starts; what cannot be read is sent nothing", async () => {
    const served = await victim();
    const [readable, broken] = await Promise.all(
      ["+4915123450001", "+4915123450002"].map(
        async (phone) => (await served.post("/v1/users", { phone })).body.id,
      ),
    );
    const database = new Database(arena.server.config.databasePath);
    database.exec("UPDATE authenticators SET number = NULL");
    database
      .prepare(
        "UPDATE authenticators SET document = json_set(document, '$.destination', 'v1.x.y') WHERE user_id = ?",
      )
      .run(broken);
    database.close();
    const refused = await served.post("/v1/verifications", { user: readable, via: "sms" });
    expect(refused.body.code).toBe("number_type_blocked");
    await arena.restart();
    const answers = await Promise.all(
      [readable, broken].map((user) => served.post("/v1/verifications", { user, via: "sms" })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 422]);
    expect(
      (await served.post("/v1/sending/explain", { to: "+4915123450001", via: "sms" })).body["allowed"],
    ).toBe(true);
    const { body } = await served.get("/v1/sending");
    expect(body["countries"]).toMatchObject([{ country: "DE", callingCode: "+49", sends: 1 }]);
  });
});

describe("who is told what", () => {
  it("a key without the details learns that a message is refused, and not which rule it was", async () => {
    const attacked = await victim({ blockedNumbers: [{ prefix: "+4916" }] });
    const made = await attacked.post("/v1/api-keys", {
      name: "plain",
      scopes: ["verifications:start", "verifications:start_to"],
    });
    const plain = arena.as(String(made.body["key"]));
    const answers = [
      await start(plain, "+4916012345678"),
      await start(plain, "+12025550123"),
      await start(plain, "+19005551234"),
    ];
    const shapes = answers.map(({ status, body: { instance: _, ...said } }) =>
      JSON.stringify({ status, said }),
    );
    expect(new Set(shapes).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ status: 422, code: "send_refused" });
  });

  it("explain tells every rule without sending or counting anything", async () => {
    const attacked = await victim({
      smsCountries: [],
      blockedNumbers: [{ prefix: "+49" }],
      smsPrices: { DE: 70_000 },
    });
    const { body } = await attacked.post("/v1/sending/explain", { to: "+4915123456789", via: "sms" });
    expect(body).toMatchObject({
      allowed: false,
      enforce: "block",
      country: "DE",
      callingCode: "+49",
      type: "mobile",
      listed: "blocked",
      priceMicros: 70_000,
      refusals: [{ rule: "country_not_allowed" }, { rule: "number_blocked" }],
    });
    expect(await attacked.sends()).toBe(0);
    const { body: policy } = await attacked.get("/v1/policy/explain");
    const settings = policy["settings"] as Record<string, unknown>;
    for (const rule of Object.keys(defaultSending)) expect(settings).toHaveProperty([`sending.${rule}`]);
  });

  it("no number, source or position stands in the database, the record or an event", async () => {
    const attacked = await victim();
    const number = "+4915177665544";
    await start(attacked, number, { source: "203.0.113.99" });
    await arena.server.store.verifications.expire(arena.clock.at, 1);
    const database = new Database(arena.server.config.databasePath, { readonly: true });
    const counters = database
      .prepare("SELECT * FROM send_counters WHERE organization = ?")
      .all(attacked.organization);
    database.close();
    expect(counters).toHaveLength(4);
    const files = ["", "-wal"].map((suffix) =>
      readFileSync(`${arena.server.config.databasePath}${suffix}`).toString("latin1"),
    );
    for (const text of [JSON.stringify(counters), ...files, arena.log.join("\n")]) {
      for (const secret of [number, "5177665544", "203.0.113.99", "203.0.113"])
        expect(text).not.toContain(secret);
    }
    expect(JSON.stringify(counters)).not.toMatch(/\b5544\b/);
    expect(auditEventTypes).toContain("pumping.suspected");
  });
});
