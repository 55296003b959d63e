import { afterEach, describe, expect, it } from "vitest";
import { probeRoutes, type Seen, startTestServer, type TestServer } from "../../test/http/parts.ts";
import { CountersignError } from "../engine/errors.ts";
import { publicRoute, requireScope } from "./access.ts";
import type { RoutePlugin } from "./app.ts";
import { defaultHttpSettings } from "./settings.ts";

let server: TestServer;
let seen: Seen[] = [];

afterEach(async () => {
  await server.app.close();
  seen = [];
});

async function start(more: RoutePlugin = () => undefined, settings = {}): Promise<string> {
  server = await startTestServer(() => [probeRoutes(seen), more], settings);
  return server.keys.issue(["verifications:check", "verifications:read"]);
}

async function post(key: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  return server.app.inject({
    method: "POST",
    url: "/v1/probes",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    payload,
  });
}

describe("bodies", () => {
  it.each(["123456", "1.5", "null", "true", "{}", "[]", '["123456"]', '""'])(
    "API-12 code as %s is refused and never coerced",
    async (code) => {
      const key = await start();
      const answer = await post(key, `{"code":${code}}`);
      expect(answer.statusCode).toBe(400);
      expect(answer.json()).toMatchObject({ code: "invalid_request", fields: [{ field: "/code" }] });
      expect(seen).toEqual([]);
    },
  );

  it("API-12 a right body arrives as it was sent", async () => {
    const key = await start();
    const answer = await post(key, '{"code":"012345"}');
    expect(answer.statusCode).toBe(200);
    expect(seen).toEqual([{ body: { code: "012345" }, organization: "acme" }]);
  });

  it.each([
    ['{"to":["+49170","+49171"]}', "invalid_request"],
    ['{"to":{"0":"+49170"}}', "invalid_request"],
    ['{"to":"+49170","to":"+49171"}', "invalid_json"],
    [String.raw`{"to":"+49170","t\u006f":"+49171"}`, "invalid_json"],
  ])("API-13 two destinations in %s", async (body, code) => {
    const key = await start();
    const answer = await post(key, body);
    expect([answer.statusCode, answer.json().code, seen]).toEqual([400, code, []]);
  });

  it.each(['{"$ne":null}', '{"like":"%"}', '{"$gt":""}'])("API-14 operator object %s", async (operator) => {
    const key = await start();
    expect((await post(key, `{"code":${operator}}`)).statusCode).toBe(400);
    expect(seen).toEqual([]);
  });

  it("API-14 NUL is refused in a body, a path and a query; quotes are only text", async () => {
    const key = await start();
    const headers = { authorization: `Bearer ${key}` };
    expect((await post(key, String.raw`{"code":"1\u0000"}`)).statusCode).toBe(400);
    expect(
      (await server.app.inject({ method: "POST", url: "/v1/probes/a%00b/poke", headers })).statusCode,
    ).toBe(400);
    expect((await server.app.inject({ url: "/v1/probes?after=%00", headers })).statusCode).toBe(400);
    expect((await post(key, `{"code":"' OR 1=1 --"}`)).statusCode).toBe(200);
  });

  it.each([
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"binding":{"__proto__":{"polluted":1}}}',
  ])("API-15 %s", async (body) => {
    const key = await start();
    expect((await post(key, body)).statusCode).toBe(400);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("API-15 prototype names in a query are unknown parameters", async () => {
    const key = await start();
    for (const query of ["__proto__=1", "constructor=1", "__proto__[polluted]=1", "toString=1"]) {
      const answer = await server.app.inject({
        url: `/v1/probes?${query}`,
        headers: { authorization: `Bearer ${key}` },
      });
      expect(answer.statusCode).toBe(400);
    }
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("API-16 a parameter given twice is refused, the first or last never chosen", async () => {
    const key = await start();
    const headers = { authorization: `Bearer ${key}` };
    const twice = await server.app.inject({ url: "/v1/probes?after=a&after=b", headers });
    expect([twice.statusCode, twice.json().fields[0].field]).toEqual([400, "after"]);
    const number = await server.app.inject({ url: "/v1/probes?limit=5&limit=6", headers });
    expect(number.statusCode).toBe(400);
    const once = await server.app.inject({ url: "/v1/probes?limit=5", headers });
    expect(once.json()).toEqual({ query: { limit: 5 } });
    for (const limit of ["05", "5.0", "1e1", " 5", "0x5", "", "201", "0"]) {
      const answer = await server.app.inject({
        url: `/v1/probes?limit=${encodeURIComponent(limit)}`,
        headers,
      });
      expect([limit, answer.statusCode]).toEqual([limit, 400]);
    }
  });

  it("API-16 a query beside a body does not add to it", async () => {
    const key = await start();
    const answer = await server.app.inject({
      method: "POST",
      url: "/v1/probes?code=999999",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      payload: '{"code":"123456"}',
    });
    expect(answer.statusCode).toBe(400);
  });

  it.each([
    ["a form", "application/x-www-form-urlencoded", "code=1"],
    ["text", "text/plain", '{"code":"1"}'],
    ["no type", "", '{"code":"1"}'],
    ["another charset", "application/json; charset=utf-16", '{"code":"1"}'],
    ["a type that only begins alike", "application/jsonp", '{"code":"1"}'],
  ])("API-16 %s is 415", async (_name, type, payload) => {
    const key = await start();
    const answer = await post(key, payload, { "content-type": type });
    expect([answer.statusCode, answer.json().code]).toEqual([415, "unsupported_media_type"]);
    expect(seen).toEqual([]);
  });

  it("API-16 UTF-16, a byte order mark and an encoded body are refused", async () => {
    const key = await start();
    expect((await post(key, Buffer.from('{"code":"1"}', "utf16le"))).statusCode).toBe(400);
    expect((await post(key, '\uFEFF{"code":"1"}')).statusCode).toBe(400);
    expect((await post(key, '{"code":"1"}', { "content-encoding": "gzip" })).statusCode).toBe(415);
    expect(
      (await post(key, '{"code":"1"}', { "content-type": "application/json; charset=UTF-8" })).statusCode,
    ).toBe(200);
  });

  it("API-17 fields that only the server sets are unknown fields, each one named", async () => {
    const key = await start();
    for (const field of [
      "status",
      "attempts",
      "org_id",
      "verified",
      "assurance",
      "expires_at",
      "redirect_url",
    ]) {
      const answer = await post(key, JSON.stringify({ code: "1", [field]: 1 }));
      expect(answer.json().fields).toEqual([{ field: `/${field}`, problem: "is not a known field" }]);
    }
    const nested = await post(key, '{"binding":{"verified":true}}');
    expect(nested.json().fields).toEqual([{ field: "/binding/verified", problem: "is not a known field" }]);
    expect(seen).toEqual([]);
  });

  it("API-18 sizes: too large is 413, a long code and a long unknown name are 400 and not repeated", async () => {
    const key = await start();
    expect((await post(key, `{"code":"${"1".repeat(65_536)}"}`)).json().code).toBe("body_too_large");
    const long = await post(key, `{"code":"${"7".repeat(60_000)}"}`);
    expect([long.statusCode, long.body.includes("777")]).toEqual([400, false]);
    const name = await post(key, JSON.stringify({ ["n".repeat(60_000)]: 1 }));
    expect([name.statusCode, name.body.length < 1_000]).toEqual([400, true]);
  });

  it("takes no body where none is described, and needs none", async () => {
    const key = await start();
    const headers = { authorization: `Bearer ${key}` };
    const json = { ...headers, "content-type": "application/json" };
    const url = "/v1/probes/abc/poke";
    expect((await server.app.inject({ method: "POST", url, headers })).json()).toEqual({ id: "abc" });
    expect((await server.app.inject({ method: "POST", url, headers: json, payload: "" })).statusCode).toBe(
      200,
    );
    expect((await server.app.inject({ method: "POST", url, headers: json, payload: "{}" })).statusCode).toBe(
      200,
    );
    const ignored = await server.app.inject({
      method: "POST",
      url,
      headers: json,
      payload: '{"force":true}',
    });
    expect(ignored.statusCode).toBe(400);
  });
});

describe("routes", () => {
  it("answers 404 and 405 as problems, with Allow", async () => {
    await start();
    const missing = await server.app.inject("/v1/nothing");
    expect(missing.statusCode).toBe(404);
    expect(missing.headers["content-type"]).toBe("application/problem+json");
    expect(missing.json()).toMatchObject({
      code: "not_found",
      type: "/docs/problems#not_found",
      status: 404,
    });
    const method = await server.app.inject({ method: "DELETE", url: "/v1/probes" });
    expect([method.statusCode, method.headers["allow"], method.json().code]).toEqual([
      405,
      "GET, POST",
      "method_not_allowed",
    ]);
    const parameter = await server.app.inject({ method: "PUT", url: "/v1/probes/x/poke" });
    expect([parameter.statusCode, parameter.headers["allow"]]).toEqual([405, "POST"]);
  });

  it("API-23 a method override changes nothing", async () => {
    const key = await start();
    const answer = await server.app.inject({
      method: "GET",
      url: "/v1/probes",
      headers: { authorization: `Bearer ${key}`, "x-http-method-override": "DELETE" },
    });
    expect([answer.statusCode, seen.length]).toEqual([200, 1]);
    const put = await server.app.inject({
      method: "PUT",
      url: "/v1/probes",
      headers: { "x-http-method-override": "POST" },
    });
    expect(put.statusCode).toBe(405);
  });

  it("does not start with a route that has no access, or takes unknown fields", async () => {
    const without: RoutePlugin = (app) => void app.get("/x", async () => "x");
    await expect(startTestServer(() => [without])).rejects.toThrow("GET /x: config.access is missing.");
    const open: RoutePlugin = (app) =>
      void app.post(
        "/v1/x",
        { config: { access: requireScope("admin") }, schema: { body: { type: "object", properties: {} } } },
        async () => "x",
      );
    await expect(startTestServer(() => [open])).rejects.toThrow("additionalProperties");
    await start();
  });

  it("sends the headers of an answer that nobody may keep, frame or sniff", async () => {
    await start(undefined, { tls: true });
    for (const url of ["/open", "/nothing"]) {
      const { headers } = await server.app.inject(url);
      expect(headers).toMatchObject({
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "strict-transport-security": "max-age=31536000; includeSubDomains",
      });
      expect(headers["x-request-id"]).toMatch(/^[\w-]{8}-\w+$/u);
      expect(headers["x-powered-by"] ?? headers["server"]).toBeUndefined();
    }
  });
});

describe("API-22 forwarded headers", () => {
  const spoofed = [
    { "x-forwarded-for": "6.6.6.6", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" },
    { "x-forwarded-for": "a" },
    { "x-forwarded-for": "" },
    { "x-forwarded-for": `fe80::1%${"z".repeat(1_000)}` },
    { "x-forwarded-for": "1.1.1.1, 2.2.2.2" },
    { forwarded: "for=6.6.6.6;host=evil.example", "x-real-ip": "6.6.6.6" },
  ];
  it.each(spoofed)("from a stranger are ignored: %o", async (headers) => {
    await start();
    const answer = await server.app.inject({ url: "/open", headers: headers as Record<string, string> });
    expect(answer.json()).toEqual({ address: "127.0.0.1", host: "localhost:80", protocol: "http" });
  });

  it("are believed from a configured proxy, up to the first stranger", async () => {
    await start(undefined, { trustedProxies: ["127.0.0.1"] });
    const answer = await server.app.inject({
      url: "/open",
      headers: { "x-forwarded-for": "6.6.6.6, 9.9.9.9" },
    });
    expect(answer.json().address).toBe("9.9.9.9");
    const outsider = await server.app.inject({
      url: "/open",
      remoteAddress: "8.8.8.8",
      headers: { "x-forwarded-for": "6.6.6.6" },
    });
    expect(outsider.json().address).toBe("8.8.8.8");
  });
});

describe("API-29 trouble inside", () => {
  const failing =
    (error: unknown): RoutePlugin =>
    (app) =>
      void app.get("/fail", { config: { access: publicRoute("fails") } }, async () => {
        throw error;
      });

  it.each([
    [
      new Error("SQLITE_ERROR: near SELECT * FROM users WHERE phone='+491701234567' at /srv/store.ts:12"),
      500,
      "internal_error",
    ],
    [new TypeError("Cannot read properties of undefined (reading 'pepper')"), 500, "internal_error"],
    [
      new CountersignError("storage_unavailable", "disk I/O error on /var/lib/countersign.db"),
      503,
      "storage_unavailable",
    ],
    [{ message: "thrown object", statusCode: 200, secret: "x" }, 500, "internal_error"],
    ["a string", 500, "internal_error"],
  ])("%s becomes a bare problem", async (error, status, code) => {
    await start(failing(error));
    const answer = await server.app.inject("/fail");
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(answer.body).not.toMatch(/SQL|SELECT|\/srv|\/var|pepper|thrown|secret|string|\.ts|at |1\.2\.3/u);
    expect(server.log.join("")).not.toContain("1701234567");
  });

  it("logs a bug with its request id and place, and no more of the message than is safe", async () => {
    await start(failing(new Error("code 123456 for jane@example.com")));
    const answer = await server.app.inject("/fail");
    const line = JSON.parse(server.log.at(-1) ?? "{}");
    expect(line).toMatchObject({
      request: answer.json().instance,
      reason: "code [number] for [address]",
      route: "/fail",
    });
    expect(line.frames[0]).toContain("app.test.ts");
  });

  it("logs nothing at all about an ordinary request", async () => {
    const key = await start();
    await post(key, '{"code":"123456"}');
    await post(key, '{"code":123456}');
    await server.app.inject("/v1/probes?access_token=abc");
    expect(server.log).toEqual([]);
  });
});

describe("admission", () => {
  function slowRoute(wait: Promise<void>): RoutePlugin {
    return (app) =>
      void app.get("/slow", { config: { access: publicRoute("waits"), importance: "check" } }, async () => {
        await wait;
        return { done: true };
      });
  }

  it("refuses beyond the limit before reading the body, and lets in again afterwards", async () => {
    const gate = Promise.withResolvers<void>();
    const limits = { ...defaultHttpSettings.limits, maxInFlight: 2, maxWaiting: 0 };
    const key = await start(slowRoute(gate.promise), { limits });
    const begun = [0, 1].map(() => server.app.inject("/slow").then((answer) => answer));
    const shed = await post(key, '{"code":"1"');
    expect([shed.statusCode, shed.json().code, shed.headers["retry-after"]]).toEqual([
      503,
      "overloaded",
      "1",
    ]);
    gate.resolve();
    expect((await Promise.all(begun)).map((answer) => answer.statusCode)).toEqual([200, 200]);
    expect((await post(key, '{"code":"1"}')).statusCode).toBe(200);
    expect(await server.metrics.render()).toContain('countersign_requests_shed_total{reason="queue_full"} 1');
  });

  it("with a late event loop lets only checks in, until it has recovered", async () => {
    const key = await start();
    const status = async () =>
      (await server.app.inject({ url: "/v1/probes", headers: { authorization: `Bearer ${key}` } }))
        .statusCode;
    expect(await status()).toBe(200);
    server.lag(500);
    server.timers.advance(50);
    expect(await status()).toBe(200);
    // One pause is none of its own doing; a second one in a row is load.
    server.lag(500);
    server.timers.advance(50);
    expect(await status()).toBe(503);
    expect((await post(key, '{"code":"1"}')).statusCode).toBe(200);
    server.timers.advance(100);
    expect(await status()).toBe(200);
  });

  it("keeps room for checks when less important requests fill the server", async () => {
    const gate = Promise.withResolvers<void>();
    const waits: RoutePlugin = (app) =>
      void app.get("/settings", { config: { access: publicRoute("waits") } }, async () => {
        await gate.promise;
        return {};
      });
    const limits = { ...defaultHttpSettings.limits, maxInFlight: 10, maxWaiting: 0 };
    const key = await start(waits, { limits });
    const begun = Array.from({ length: 8 }, () =>
      server.app.inject("/settings").then((answer) => answer.statusCode),
    );
    expect((await post(key, '{"code":"1"}')).statusCode).toBe(200);
    gate.resolve();
    expect(await Promise.all(begun)).toEqual([200, 200, 200, 200, 200, 200, 503, 503]);
  });
});

it("closes only after requests that have begun are answered", async () => {
  const gate = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  await start(
    (app) =>
      void app.get("/slow", { config: { access: publicRoute("waits") } }, async () => {
        entered.resolve();
        await gate.promise;
        return { done: true };
      }),
  );
  const address = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const begun = fetch(`${address}/slow`);
  await entered.promise;
  const closing = server.app.close();
  gate.resolve();
  expect(await (await begun).json()).toEqual({ done: true });
  await closing;
  await expect(fetch(`${address}/open`)).rejects.toThrow();
});

it("measures durations per route and status", async () => {
  const key = await start();
  await post(key, '{"code":"1"}');
  await post(key, '{"code":1}');
  const text = await server.metrics.render();
  expect(text).toMatch(/duration_seconds_count\{method="POST",route="\/v1\/probes",status="2xx"\} 1\n/u);
  expect(text).toMatch(/duration_seconds_count\{method="POST",route="\/v1\/probes",status="4xx"\} 1\n/u);
});
