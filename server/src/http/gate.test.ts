import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { probeRoutes, type Seen, startTestServer, type TestServer } from "../../test/http/parts.ts";
import { publicRoute } from "./access.ts";
import type { RoutePlugin } from "./app.ts";
import { defaultHttpSettings, type HttpLimits } from "./settings.ts";

let server: TestServer;
let seen: Seen[] = [];

afterEach(async () => {
  await server.app.close();
  seen = [];
});

async function start(limits: Partial<HttpLimits>, more: RoutePlugin = () => undefined): Promise<string> {
  server = await startTestServer(() => [probeRoutes(seen), more], {
    limits: { ...defaultHttpSettings.limits, ...limits },
  });
  return server.keys.issue(["verifications:check", "verifications:read"]);
}

const get = (key: string) =>
  server.app.inject({ url: "/v1/probes", headers: { authorization: `Bearer ${key}` } });

const metric = async (name: string) =>
  (await server.metrics.render()).split("\n").find((line) => line.startsWith(`${name} `));

describe("waiting for a place", () => {
  /** One place, which is taken, and a key for who comes next. */
  async function full() {
    const gate = Promise.withResolvers<void>();
    const key = await start({ maxInFlight: 1 }, (app) => {
      const config = { access: publicRoute("waits"), importance: "check" } as const;
      app.get("/slow", { config }, async () => {
        await gate.promise;
        return {};
      });
    });
    const first = server.app.inject("/slow").then((answer) => answer.statusCode);
    await now("countersign_requests_in_flight 1");
    return { gate, key, first };
  }

  const now = (line: string) =>
    vi.waitFor(async () => expect(await server.metrics.render()).toContain(`${line}\n`), { interval: 5 });

  it("who comes next gets it as soon as it is free", async () => {
    const { gate, key, first } = await full();
    const second = get(key).then((answer) => answer.statusCode);
    await now("countersign_requests_waiting 1");
    gate.resolve();
    expect([await first, await second]).toEqual([200, 200]);
    expect(await metric('countersign_requests_admitted_total{how="after_waiting"}')).toMatch(/ 1$/);
  });

  it("who waited long enough is told to come back, and was not read", async () => {
    const { gate, key, first } = await full();
    const second = get(key).then((answer) => answer);
    await now("countersign_requests_waiting 1");
    server.timers.advance(100);
    const { statusCode, headers } = await second;
    expect([statusCode, headers["retry-after"], seen]).toEqual([503, "1", []]);
    expect(await metric('countersign_requests_shed_total{reason="waited"}')).toMatch(/ 1$/);
    gate.resolve();
    expect(await first).toBe(200);
  });

  it("who hangs up waits no longer and takes no place", async () => {
    const { gate, key, first } = await full();
    await server.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = server.app.server.address() as { port: number };
    const socket: Socket = connect(port, "127.0.0.1");
    socket.write(`GET /v1/probes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    await now("countersign_requests_waiting 1");
    socket.resetAndDestroy();
    await now("countersign_requests_waiting 0");
    gate.resolve();
    expect(await first).toBe(200);
    await now("countersign_requests_in_flight 0");
    expect(seen).toEqual([]);
  });
});

it("the connection of who was refused is not read for a while", async () => {
  await start({ maxInFlight: 0, maxWaiting: 0 }, (app) => {
    app.get("/beside", { config: { access: publicRoute("a probe"), stream: true } }, async () => ({}));
  });
  const url = await server.app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let answers = 0;
  socket.on("data", (chunk) => {
    answers += chunk.toString("latin1").match(/HTTP\/1\.1 503/g)?.length ?? 0;
  });
  const knock = () => socket.write("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
  const answered = (count: number) => vi.waitFor(() => expect(answers).toBe(count), { interval: 5 });
  knock();
  await answered(1);
  // By another connection, so that what follows is sent to one that already rests.
  await fetch(`${url}/beside`);
  knock();
  await fetch(`${url}/beside`);
  await fetch(`${url}/beside`);
  expect(answers).toBe(1);
  expect(await metric('countersign_requests_shed_total{reason="queue_full"}')).toMatch(/ 1$/);
  server.timers.advance(100);
  await answered(2);
  socket.destroy();
});

describe("keys", () => {
  it("one that is not known is not looked up while there is no place", async () => {
    const key = await start({ maxInFlight: 0, maxWaiting: 0 });
    expect((await get(key)).json()).toMatchObject({ code: "overloaded", status: 503 });
    expect(server.keys.lookUps).toBe(0);
  });

  it("what is no key at all is refused without taking a place", async () => {
    await start({ maxInFlight: 0, maxWaiting: 0 });
    expect((await get("cs_live_nonsense")).statusCode).toBe(401);
  });

  it("one that is looked up holds a place of nobody's meanwhile, and then one of its organization's", async () => {
    const key = await start({});
    const gate = Promise.withResolvers<void>();
    server.keys.gate = gate.promise;
    const answer = get(key).then(({ statusCode }) => statusCode);
    await vi.waitFor(() => expect(server.keys.lookUps).toBe(1), { interval: 5 });
    expect(await metric("countersign_requests_in_flight")).toMatch(/ 1$/);
    gate.resolve();
    expect(await answer).toBe(200);
    expect(await metric("countersign_requests_in_flight")).toMatch(/ 0$/);
  });

  it("more than its rate is 429 with Retry-After, before the body is read; other keys go on", async () => {
    const key = await start({ keyRequestsPerSecond: 2, requestBurstSeconds: 1 });
    const other = server.keys.issue(["verifications:read"]);
    expect([(await get(key)).statusCode, (await get(key)).statusCode]).toEqual([200, 200]);
    const refused = await server.app.inject({
      method: "POST",
      url: "/v1/probes",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      payload: "{no json",
    });
    expect(refused.json()).toMatchObject({ code: "rate_limited", status: 429, retryAfterSeconds: 1 });
    expect(refused.headers["retry-after"]).toBe("1");
    expect((await get(other)).statusCode).toBe(200);
    server.timers.advance(500);
    expect((await get(key)).statusCode).toBe(200);
    expect((await get(key)).statusCode).toBe(429);
    expect(await metric('countersign_requests_shed_total{reason="key_rate"}')).toMatch(/ 2$/);
  });

  it("all keys of an organization have its rate together", async () => {
    const key = await start({ organizationRequestsPerSecond: 2, requestBurstSeconds: 1 });
    const other = server.keys.issue(["verifications:read"]);
    const foreign = server.keys.issue(["verifications:read"], { organization: "globex" });
    expect([(await get(key)).statusCode, (await get(other)).statusCode]).toEqual([200, 200]);
    expect((await get(other)).json()).toMatchObject({ code: "rate_limited" });
    expect((await get(foreign)).statusCode).toBe(200);
  });
});

it("what is known of callers is forgotten when they have been quiet", async () => {
  const key = await start({ organizationRequestsPerSecond: 1, requestBurstSeconds: 100 });
  for (let one = 0; one < 100; one += 1) await get(key);
  expect((await get(key)).statusCode).toBe(429);
  // Forgetting gives nobody more than their rate.
  server.timers.advance(60_000);
  const answers = await Promise.all(Array.from({ length: 80 }, () => get(key)));
  expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(60);
});
