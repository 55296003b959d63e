import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probeRoutes, type Seen, startTestServer, type TestServer } from "../../test/http/parts.ts";
import { apiKeyChecksum } from "../engine/code/api-key.ts";

let server: TestServer;
const seen: Seen[] = [];

beforeEach(async () => {
  server = await startTestServer(() => [probeRoutes(seen)], { keyMode: "live" });
});

afterEach(async () => {
  await server.app.close();
  seen.length = 0;
});

const list = (authorization: string | undefined, query = "") =>
  server.app.inject({
    url: `/v1/probes${query}`,
    headers: authorization === undefined ? {} : { authorization },
  });

/** Everything an attacker can compare, without what differs in every answer. */
async function answerTo(authorization: string | undefined, query = "") {
  const { statusCode, headers, body } = await list(authorization, query);
  const { date: _date, "x-request-id": id, "content-length": _length, ...rest } = headers;
  return { statusCode, headers: rest, body: body.replace(String(id), "id") };
}

describe("API-45", () => {
  it("every bad key gets the same answer", async () => {
    const { issue } = server.keys;
    const good = issue(["verifications:read"]);
    const revoked = issue(["verifications:read"], { revokedAt: server.clock.now() - 1 });
    const expired = issue(["verifications:read"], { expiresAt: server.clock.now() });
    const test = issue(["verifications:read"], { mode: "test" });
    const unchecked = `cs_live_${"Z".repeat(40)}`;
    const unknown = unchecked + apiKeyChecksum(unchecked);
    const sameIdUnchecked = `${good.slice(0, 18)}${"A".repeat(30)}`;
    const wrongSecret = sameIdUnchecked + apiKeyChecksum(sameIdUnchecked);
    const expected = await answerTo(undefined);
    expect(expected).toMatchObject({ statusCode: 401, headers: { "www-authenticate": "Bearer" } });
    const bad = [
      "",
      "Bearer",
      "Bearer ",
      `Basic ${good}`,
      `bearer ${good}`,
      good,
      `Bearer ${good.slice(0, -1)}x`,
      `Bearer ${good.toLowerCase()}`,
      `Bearer ${good} `.concat("x"),
      `Bearer ${revoked}`,
      `Bearer ${expired}`,
      `Bearer ${test}`,
      `Bearer ${unknown}`,
      `Bearer ${wrongSecret}`,
      `Bearer ${"a".repeat(500)}`,
    ];
    for (const authorization of bad) expect(await answerTo(authorization)).toEqual(expected);
    expect((await list(`Bearer ${good}`)).statusCode).toBe(200);
    expect(seen).toHaveLength(1);
  });

  it("a wrong checksum costs no look-up", async () => {
    const good = server.keys.issue(["verifications:read"]);
    const last = good.endsWith("0") ? "1" : "0";
    for (const text of [good.slice(0, -1) + last, "x", good.toUpperCase(), good.replace("live", "dead")]) {
      expect((await list(`Bearer ${text}`)).statusCode).toBe(401);
    }
    expect(server.keys.lookUps).toBe(0);
  });

  it("a key in the query is refused, even beside a good header, and never logged", async () => {
    const good = server.keys.issue(["verifications:read"]);
    for (const query of [`?access_token=${good}`, `?api_key=${good}`, `?after=${good}`, `?key=${good}`]) {
      expect((await list(undefined, query)).statusCode).toBe(401);
      expect((await list(`Bearer ${good}`, query)).statusCode).toBe(401);
    }
    expect(server.log.join("")).not.toContain(good);
    expect(seen).toEqual([]);
  });
});

describe("keys in memory", () => {
  it("are looked up once, however many requests come at the same time", async () => {
    const good = server.keys.issue(["verifications:read"]);
    const gate = Promise.withResolvers<void>();
    server.keys.gate = gate.promise;
    const answers = Array.from({ length: 20 }, () =>
      list(`Bearer ${good}`).then((answer) => answer.statusCode),
    );
    gate.resolve();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    expect((await list(`Bearer ${good}`)).statusCode).toBe(200);
    expect(server.keys.lookUps).toBe(1);
  });

  it("end at their expiry, and at their revocation, without a look-up in between", async () => {
    const expiring = server.keys.issue(["verifications:read"], { expiresAt: server.clock.now() + 1_000 });
    const other = server.keys.issue(["verifications:read"]);
    expect((await list(`Bearer ${expiring}`)).statusCode).toBe(200);
    expect((await list(`Bearer ${other}`)).statusCode).toBe(200);
    server.clock.set(server.clock.now() + 1_000);
    expect((await list(`Bearer ${expiring}`)).statusCode).toBe(401);
    server.keys.change(other, { revokedAt: server.clock.now() });
    expect((await list(`Bearer ${other}`)).statusCode).toBe(401);
  });

  it("are not remembered as they were when a change came during the look-up", async () => {
    const good = server.keys.issue(["verifications:read"]);
    const gate = Promise.withResolvers<void>();
    server.keys.gate = gate.promise;
    const begun = list(`Bearer ${good}`).then((answer) => answer.statusCode);
    while (server.keys.lookUps === 0) await new Promise(setImmediate);
    server.keys.change(good, { revokedAt: server.clock.now() });
    gate.resolve();
    await begun;
    expect((await list(`Bearer ${good}`)).statusCode).toBe(401);
  });

  it("a key that does not exist is looked up once in five seconds, and works as soon as it is made", async () => {
    const unchecked = `cs_live_${"Q".repeat(40)}`;
    const unknown = `Bearer ${unchecked}${apiKeyChecksum(unchecked)}`;
    await list(unknown);
    await list(unknown);
    expect(server.keys.lookUps).toBe(1);
    server.clock.set(server.clock.now() + 5_000);
    await list(unknown);
    expect(server.keys.lookUps).toBe(2);
    server.keys.issue(["verifications:read"]);
    await list(unknown);
    expect(server.keys.lookUps).toBe(3);
  });
});

describe("scopes", () => {
  it("403 without the scope, before the body is read; admin holds them all", async () => {
    const reader = server.keys.issue(["verifications:read"]);
    const admin = server.keys.issue(["admin"]);
    const post = (key: string, payload: string) =>
      server.app.inject({
        method: "POST",
        url: "/v1/probes",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        payload,
      });
    const refused = await post(reader, "this is not JSON");
    expect([refused.statusCode, refused.json().code]).toEqual([403, "forbidden"]);
    expect(refused.json().detail).toContain("verifications:check");
    expect((await post(admin, '{"code":"1"}')).statusCode).toBe(200);
  });

  it("a failing store lets nobody in, and says nothing of itself", async () => {
    const good = server.keys.issue(["verifications:read"]);
    server.keys.gate = Promise.reject(new Error("SQLITE_IOERR"));
    const answer = await list(`Bearer ${good}`);
    expect([answer.statusCode, answer.body.includes("SQLITE"), seen]).toEqual([500, false, []]);
  });
});
