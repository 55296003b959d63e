import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "../../src/engine/audit/event.ts";
import { createPublicIds } from "../../src/http/routes/signalwire/public-ids.ts";
import { basic, messageFor, type SurfaceClient, surfaceClient, tokenFor } from "../signalwire.ts";
import { type Arena, openArena } from "./arena.ts";

/** The attack list of the SignalWire-compatible surface, by its ids. */
let arena: Arena;
let client: SurfaceClient;
beforeAll(async () => {
  arena = await openArena();
  client = surfaceClient(() => arena.server, arena.demo.signalwire);
});
afterAll(() => arena.close());

let phones = 0;
const phone = () => {
  phones += 1;
  return `+1202555${String(1000 + phones)}`;
};
const tokenOf = (id: string) => tokenFor(arena.server, arena.demo.organization, id);
const sent = () => arena.server.inbox.list(arena.demo.organization, { limit: 10_000 }).length;
const wrongFor = (token: string) => token.replace(/^\d/, (digit) => String((Number(digit) % 9) + 1));

/** A project of another name in the demo organization, or in another one. */
async function otherProject(fields: object, admin: Pick<Arena["admin"], "post"> = arena.admin) {
  const { body, status } = await admin.post("/v1/signalwire-projects", fields);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { project: body.id, token: String(body["token"]) };
}

/** Everything in the record since the event of this number, oldest first. */
async function eventsAfter(seq: number): Promise<readonly AuditEvent[]> {
  return arena.server.store.audit.after(arena.demo.organization, seq, 100_000);
}

test("SWX-01: no, malformed and wrong log-ins get one and the same 401", async () => {
  const { project, token } = arena.demo.signalwire;
  const other = await otherProject({ name: "SWX-01" });
  const encoded = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const bad = [
    undefined,
    "",
    "Basic",
    "Basic !!!",
    `Bearer ${token}`,
    `Bearer ${arena.demo.apiKey}`,
    encoded(""),
    encoded(project),
    encoded(`${project}:`),
    encoded(`:${token}`),
    encoded(`${project}:${token}x`),
    encoded(`${project}:${token.slice(0, -1)}`),
    encoded(`${project}:${token.toLowerCase()}`),
    encoded(`${other.project}:${token}`),
    encoded(`${project}:${other.token}`),
    encoded(`${randomUUID()}:${token}`),
    encoded(`${token}:${project}`),
    encoded(`' OR 1=1 --:${token}`),
    encoded(`${project}:${"x".repeat(4000)}`),
    `${basic({ project, token })}, ${basic({ project, token })}`,
  ];
  const before = sent();
  const answers = new Set<string>();
  for (const authorization of bad) {
    for (const path of ["mfa/sms", "mfa/call", `mfa/${randomUUID()}/verify`]) {
      const { statusCode, body, headers } = await arena.server.app.inject({
        method: "POST",
        url: `/api/relay/rest/${path}`,
        headers: authorization === undefined ? {} : { authorization },
        payload: { to: phone(), token: "123456" },
      });
      const { "x-request-id": _, date: __, ...same } = headers;
      answers.add(JSON.stringify({ statusCode, body, same }));
    }
  }
  expect(answers.size).toBe(1);
  expect(JSON.parse([...answers][0] ?? "")).toMatchObject({
    statusCode: 401,
    body: '{"error":"Unauthorized"}',
  });
  expect(sent()).toBe(before);
  expect((await client.sms({ to: phone() })).status).toBe(200);
  const upper = surfaceClient(() => arena.server, { project: project.toUpperCase(), token });
  expect((await upper.sms({ to: phone() })).status).toBe(200);
});

test("SWX-01: a removed project and a replaced token open nothing from that moment on", async () => {
  const login = await otherProject({ name: "short-lived" });
  const short = surfaceClient(() => arena.server, login);
  const first = await short.sms({ to: phone() });
  expect(first.status).toBe(200);
  const token = "an imported token of our own";
  const url = `/v1/signalwire-projects/${login.project}`;
  const replaced = await arena.admin.ask("PATCH", url, { token: token.replaceAll(" ", "-") });
  expect(replaced.status).toBe(200);
  expect((await short.sms({ to: phone() })).status).toBe(401);
  const renewed = surfaceClient(() => arena.server, { ...login, token: token.replaceAll(" ", "-") });
  expect((await renewed.verify(first.body.id, await tokenOf(first.body.id))).text).toBe('{"success":true}');
  expect((await arena.admin.ask("DELETE", url)).status).toBe(204);
  expect((await renewed.sms({ to: phone() })).status).toBe(401);
  for (const weak of ["short", "with space in it and long enough", ""]) {
    const { status } = await arena.admin.post("/v1/signalwire-projects", { name: "weak", token: weak });
    expect(status).toBe(400);
  }
});

test("SWX-02: numbers outside their range, and texts for numbers in JSON, are 422 by the field's name and never clamped", async () => {
  const before = sent();
  for (const [field, values] of Object.entries({
    token_length: [3, 21, "6", 0],
    valid_for: [-1, 604_801, "300"],
    max_attempts: [0, 1000, "3"],
  })) {
    for (const value of values) {
      const { status, body } = await client.sms({ to: phone(), [field]: value });
      expect([field, value, status, body.errors?.[0]?.detail]).toEqual([
        ...[field, value, 422],
        expect.stringMatching(new RegExp(`^${field} must be a whole number from `)),
      ]);
    }
  }
  expect(sent()).toBe(before);
});

test("SWX-03: only a boolean is one", async () => {
  for (const value of ["false", "true", 1, 0, null, [], {}]) {
    const { status, body } = await client.sms({ to: phone(), allow_alphas: value });
    expect([value, status, body.errors?.[0]?.detail]).toEqual([
      value,
      422,
      "allow_alphas must be true or false",
    ]);
  }
});

test("SWX-04: messages with line breaks, of any length, or with links where they are refused: 422, nothing sent", async () => {
  const login = await otherProject({ name: "no links", links: "refused" });
  const strict = surfaceClient(() => arena.server, login);
  const before = sent();
  for (const message of [
    "Code:\r\n@evil.example #123456",
    "Code:\n",
    "Code\u2028",
    "Code\u0007",
    "\u202eedoc",
    "x".repeat(2_000),
    "x".repeat(60_000),
  ]) {
    const { status, body } = await client.sms({ to: phone(), message });
    expect([message.slice(0, 20), status, body.errors?.[0]?.detail.split(" ")[0]]).toEqual([
      ...[message.slice(0, 20), 422, "message"],
    ]);
  }
  for (const message of [
    "Go to https://evil.example",
    "HTTP://x",
    "www.evil.example",
    "evil.example/x {code}",
  ]) {
    expect([message, (await strict.sms({ to: phone(), message })).status]).toEqual([message, 422]);
  }
  expect(sent()).toBe(before);
  expect((await strict.sms({ to: phone(), message: "Your code. Do not share:" })).status).toBe(200);
});

test("SWX-05: a number that is not the project's own: 422, nothing sent", async () => {
  const foreign = await otherProject({ name: "owner", from: ["+12025550177"] });
  const before = sent();
  for (const from of [
    "+12025550177",
    "+15552221235",
    "15552221234",
    "+1555222123",
    "alerts",
    "+15552221234,+1",
  ]) {
    const { status, body } = await client.sms({ to: phone(), from });
    expect([from, status, body.errors?.[0]?.detail]).toEqual([
      from,
      422,
      "from is not a number of this project",
    ]);
  }
  expect(sent()).toBe(before);
  const owner = surfaceClient(() => arena.server, foreign);
  expect((await owner.sms({ to: phone(), from: "+12025550177" })).status).toBe(200);
});

test("SWX-06: one canonical form of a token is compared and counted once; what is no text is no attempt", async () => {
  for (const spell of [
    (token: string) => ` ${token.slice(0, 3)} ${token.slice(3)} `,
    (token: string) => token.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    (token: string) => [...token].join("-"),
    (token: string) => Number(token),
  ]) {
    const { body } = await client.sms({ to: phone(), max_attempts: 1 });
    const token = await tokenOf(body.id);
    for (const nothing of [[token], { token }, null, true, "", undefined]) {
      expect((await client.verify(body.id, nothing)).status).toBe(422);
    }
    expect((await client.verify(body.id, spell(token))).text).toBe('{"success":true}');
  }
  const { body } = await client.sms({ to: phone(), max_attempts: 2 });
  const token = await tokenOf(body.id);
  expect((await client.verify(body.id, wrongFor(token))).text).toBe('{"success":false}');
  expect((await client.verify(body.id, ` ${wrongFor(token)} `)).text).toBe('{"success":false}');
  expect((await client.verify(body.id, token)).status).toBe(404);
});

test("SWX-07: after success, after the last attempt, after expiry, unknown and foreign: the very same 404", async () => {
  const stranger = await arena.stranger("SWX-07");
  const login = await otherProject({ name: "theirs" }, stranger);
  const theirs = surfaceClient(() => arena.server, login);
  const done = await client.sms({ to: phone() });
  const doneToken = await tokenOf(done.body.id);
  await client.verify(done.body.id, doneToken);
  const spent = await client.sms({ to: phone(), max_attempts: 1 });
  const spentToken = await tokenOf(spent.body.id);
  await client.verify(spent.body.id, wrongFor(spentToken));
  const late = await client.sms({ to: phone(), valid_for: 1 });
  const lateToken = await tokenOf(late.body.id);
  arena.clock.at += 1_000;
  const foreign = await client.sms({ to: phone() });
  const foreignToken = await tokenOf(foreign.body.id);
  const answers = [
    await client.verify(done.body.id, doneToken),
    await client.verify(spent.body.id, spentToken),
    await client.verify(late.body.id, lateToken),
    await client.verify(randomUUID(), "123456"),
    await client.verify("not-an-id", "123456"),
    await theirs.verify(foreign.body.id, foreignToken),
  ];
  const shapes = answers.map(({ status, text, headers }) => {
    const { "x-request-id": _, date: __, ...same } = headers;
    return JSON.stringify({ status, text, same });
  });
  expect(new Set(shapes).size).toBe(1);
  expect(answers[0]).toMatchObject({ status: 404, text: '{"error":"Not Found"}' });
  expect((await client.verify(foreign.body.id, foreignToken)).text).toBe('{"success":true}');
});

test("SWX-08: 100 sends at once for one number leave one live request, and guesses on all of them stay within the budget", async () => {
  const to = phone();
  const seq = await arena.server.store.audit.head();
  const sends = await Promise.all(Array.from({ length: 100 }, () => client.sms({ to, max_attempts: 5 })));
  const ids = sends.filter(({ status }) => status === 200).map(({ body }) => body.id);
  expect(ids.length).toBeGreaterThan(0);
  expect(sends.every(({ status }) => status === 200 || status === 422)).toBe(true);
  const started = (await eventsAfter(seq)).filter(({ type }) => type === "verification.started");
  const states = await Promise.all(
    started.map(({ verification = "" }) =>
      arena.server.store.verifications.find(arena.demo.organization, verification),
    ),
  );
  expect(states.filter((state) => state?.status === "pending")).toHaveLength(1);
  const guesses = await Promise.all(
    ids.flatMap((id) =>
      ["000001", "000002", "000003", "000004", "000005"].map((one) => client.verify(id, one)),
    ),
  );
  expect(guesses.every(({ text }) => text !== '{"success":true}')).toBe(true);
  const attempts = (await eventsAfter(seq)).filter(({ type }) => type === "attempt.refused");
  expect(attempts.filter(({ details }) => details?.["counted"] !== false)).toHaveLength(5);
});

test("SWX-08: failures of a number are counted across its requests; a new token buys no new guesses", async () => {
  const to = phone();
  const seq = await arena.server.store.audit.head();
  let evaluated = 0;
  let last = "";
  for (let round = 0; round < 40; round += 1) {
    const { status, body } = await client.sms({ to, max_attempts: 20 });
    if (status !== 200) break;
    last = body.id;
    const token = await tokenOf(body.id);
    for (let guess = 0; guess < 5; guess += 1) await client.verify(body.id, wrongFor(token));
    // The longest wait of the ladder.
    arena.clock.at += 3_600_000;
    const events = await eventsAfter(seq);
    evaluated = events.filter(
      (one) => one.type === "attempt.refused" && one.details?.["counted"] !== false,
    ).length;
  }
  expect(evaluated).toBe(20);
  const refused = await client.sms({ to });
  expect(refused.status).toBe(422);
  expect(refused.body.errors?.[0]?.detail).toMatch(/^to .*authenticator_disabled/);
  expect((await client.verify(last, await tokenOf(last))).status).toBe(404);
  // The way out, for who may manage people: without it a stranger could shut a number out for good.
  const enable = { via: "voice", to, reason: "called us" };
  const stranger = await arena.stranger("SWX-08");
  expect((await stranger.post("/v1/destinations/enable", enable)).status).toBe(404);
  expect((await arena.admin.post("/v1/destinations/enable", enable)).status).toBe(204);
  const { body } = await client.sms({ to });
  expect((await client.verify(body.id, await tokenOf(body.id))).text).toBe('{"success":true}');
  expect((await arena.admin.post("/v1/destinations/enable", enable)).status).toBe(404);
  expect((await eventsAfter(seq)).find(({ type }) => type === "authenticator.enabled")?.details).toEqual({
    to: expect.stringMatching(/^\+1 \*{3} \*{2}\d\d$/),
    reason: "called us",
  });
});

test("SWX-09: numbers that must get nothing: 422 for the field to, nothing sent", async () => {
  const before = sent();
  const both = [
    "+19005551234",
    "+18005551234",
    "+979123456789",
    "+448451234567",
    "+4915123456789;ext=5",
    "+4915123456789 ext. 5",
    "sip:user@example.com",
    "+49110",
    "+1911",
    "911",
    "112",
    "12345",
    "+12025550123,+12025550124",
    "anna@example.com",
    "",
  ];
  for (const to of both) {
    for (const answer of [await client.sms({ to }), await client.call({ to })]) {
      expect([to, answer.status, answer.body.errors?.[0]?.detail.split(" ")[0]]).toEqual([to, 422, "to"]);
    }
  }
  expect((await client.sms({ to: "+4930123456" })).status).toBe(422);
  expect(sent()).toBe(before);
});

test("SWX-10: 100,000 made-up ids hit none of those that are alive", async () => {
  const { project } = arena.demo.signalwire;
  const alive = new Set<string>();
  const ids = createPublicIds(arena.server.keyring);
  for (let count = 0; count < 100; count += 1) {
    const { body } = await client.sms({ to: phone() });
    alive.add(ids.internalOf(project, body.id) ?? "");
  }
  expect(alive.size).toBe(100);
  let hits = 0;
  for (let tries = 0; tries < 100_000; tries += 1) {
    if (alive.has(ids.internalOf(project, randomUUID()) ?? "")) hits += 1;
  }
  expect(hits).toBe(0);
});

test("SWX-10: who tries ids is slowed down and told once; real ids work on", async () => {
  const login = await otherProject({ name: "noisy" });
  const noisy = surfaceClient(() => arena.server, login);
  const { body } = await noisy.sms({ to: phone() });
  const token = await tokenOf(body.id);
  const lines = arena.log.length;
  const answers = await Promise.all(Array.from({ length: 500 }, () => noisy.verify(randomUUID(), "123456")));
  const counts = Object.groupBy(answers, ({ status }) => String(status));
  expect([counts["404"]?.length, counts["429"]?.length]).toEqual([100, 400]);
  expect(counts["429"]?.[0]).toMatchObject({ text: '{"error":"Too Many Requests"}' });
  expect(Number(counts["429"]?.[0]?.headers["retry-after"])).toBeGreaterThan(0);
  expect((await client.verify(randomUUID(), "1")).status).toBe(404);
  expect((await noisy.verify(body.id, token)).text).toBe('{"success":true}');
  const warnings = arena.log.slice(lines).filter((line) => line.includes(login.project));
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('"level":40');
  arena.clock.at += 61_000;
  expect((await noisy.verify(randomUUID(), "1")).status).toBe(404);
  await Promise.all(Array.from({ length: 200 }, () => noisy.verify(randomUUID(), "1")));
  expect(arena.log.slice(lines).filter((line) => line.includes(login.project))).toHaveLength(1);
});

test("what the caller wrote stands in no file, no record and no log", async () => {
  const { body } = await client.sms({ to: phone(), message: "Dear Anna of Elm Street," });
  await messageFor(arena.server, arena.demo.organization, body.id);
  expect(arena.log.join("\n")).not.toContain("Elm Street");
  expect(JSON.stringify(await eventsAfter(0))).not.toContain("Elm Street");
  const files = readdirSync(arena.data).filter((name) => name.startsWith("countersign.db"));
  expect(files.length).toBeGreaterThan(0);
  for (const name of files) {
    expect([name, readFileSync(join(arena.data, name)).includes("Elm Street")]).toEqual([name, false]);
  }
});
