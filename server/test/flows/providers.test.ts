import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startStub } from "../../src/delivery/contract.ts";
import { type Api, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
const logged: string[] = [];
beforeAll(async () => {
  server = await openServer({
    environment: { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.1/32", COUNTERSIGN_LOG_LEVEL: "trace" },
    log: { write: (line) => logged.push(line) },
  });
});
afterAll(() => server.close());

interface Health {
  readonly providers: readonly {
    readonly name: string;
    readonly breaker: string;
    readonly countries: readonly Readonly<Record<string, unknown>>[];
  }[];
}

interface Events {
  readonly events: readonly { readonly type: string; readonly details: Record<string, unknown> }[];
}

async function eventsOf(api: Api, type: string) {
  const { body } = await api.get<Events>("/v1/audit?limit=200");
  return body.events.filter((event) => event.type === type);
}

const mailTo = (port: number) => ({
  name: `Mail ${port}`,
  kind: "smtp",
  vias: ["email"],
  settings: { host: "127.0.0.1", port, from: "a@example.com", security: "none" },
});

describe("PRV-07: asking a provider whether it works", () => {
  it("tells nothing of what listens where, five times a minute, and each time is in the record", async () => {
    const { api } = await server.addOrganization("scanner");
    const silent = createServer((socket) => void socket.resume());
    const chatty = createServer((socket) => void socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    for (const one of [silent, chatty]) {
      one.listen(0, "127.0.0.1");
      await once(one, "listening");
    }
    const ports = [silent, chatty].map((one) => (one.address() as AddressInfo).port);
    const answers = await Promise.all(
      [...ports, 9].map(async (port) => {
        const { body } = await api.post("/v1/providers", mailTo(port));
        return (await api.post(`/v1/providers/${body.id}/probe`)).body;
      }),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({ probed: true, ok: false });
    const { body } = await api.get<{ providers: { id: string }[] }>("/v1/providers");
    const path = `/v1/providers/${body.providers[0]?.id}/probe`;
    const more = await Promise.all(Array.from({ length: 3 }, () => api.post(path)));
    expect(more.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    expect(await eventsOf(api, "provider.tested")).toHaveLength(5);
    for (const one of [silent, chatty]) one.close();
  });

  it("says at once what is our own rule, and how to change it", async () => {
    const { api } = await server.addOrganization("private");
    const draft = mailTo(25);
    const { body } = await api.post("/v1/providers", {
      ...draft,
      settings: { ...draft.settings, host: "127.0.0.2" },
    });
    const { body: said } = await api.post(`/v1/providers/${body.id}/probe`);
    expect(said["message"]).toMatch(/^Blocked: .* COUNTERSIGN_OUTBOUND_ALLOW/);
  });
});

describe("a test message", () => {
  it("goes to an admin only, holds no code, and says whether the provider took it", async () => {
    const { api, demo } = server;
    const { body: list } = await api.get<{ providers: { id: string }[] }>("/v1/providers");
    const path = `/v1/providers/${list.providers[0]?.id}/test`;
    const { body: users } = await api.get<{ users: { id: string; role: string }[] }>("/v1/users");
    const member = users.users.find(({ role }) => role === "member");
    const admin = users.users.find(({ role }) => role === "admin");
    expect(demo.users.length).toBeGreaterThan(0);
    expect((await api.post(path, { user: member?.id })).status).toBe(404);
    const { status, body } = await api.post(path, { user: admin?.id, via: "sms" });
    expect([status, body["ok"]]).toEqual([200, true]);
    const { body: inbox } = await api.get<{ messages: { text: string }[] }>("/v1/inbox");
    expect(inbox.messages[0]?.text).toMatch(/^This is a test message of .*\. There is no code in it\.$/);
    expect(await eventsOf(api, "provider.tested")).toMatchObject([
      { details: { kind: "message", ok: true } },
    ]);
  });
});

describe("health", () => {
  it("counts what was handed over and answered, by country, and metrics tell the same", async () => {
    const { api } = await server.addOrganization("healthy");
    const stub = await startStub();
    stub.reply = () => ({ status: 200, body: "{}" });
    const gateway = {
      name: "Gateway",
      kind: "http-gateway",
      vias: ["sms"],
      settings: { method: "POST", url: stub.url, bodyTemplate: `{"to":"\${to}","text":"\${text}"}` },
    };
    await api.post("/v1/providers", gateway);
    const { body } = await api.post("/v1/verifications", { to: "+12025550177", via: "sms" });
    await server.countersign.dispatcher.waitFor(body.id, 5_000);
    const code = /\d{3} \d{3}/.exec(stub.requests[0]?.body ?? "")?.[0];
    await api.post(`/v1/verifications/${body.id}/check`, { code });
    const { body: health } = await api.get<Health>("/v1/providers/health");
    const counts = {
      via: "sms",
      country: "US",
      calls: 1,
      accepted: 1,
      delivered: 0,
      failed: 0,
      converted: 1,
    };
    expect(health.providers).toMatchObject([{ name: "Gateway", breaker: "closed", countries: [counts] }]);
    const metrics = await server.countersign.metrics.render();
    const labels = 'provider="Gateway",via="sms",country="US"';
    expect(metrics).toContain(`countersign_provider_calls_total{${labels},outcome="accepted"} 1\n`);
    expect(metrics).toContain(`countersign_provider_results_total{${labels},result="converted"} 1\n`);
    await stub.close();
  });
});

describe("secrets of providers", () => {
  it("PRV-11: what a provider says of our credential is nowhere; PRV-12: another organization's is none", async () => {
    const { api } = await server.addOrganization("secretive");
    const secret = "canary-of-a-credential";
    const { body: credential } = await api.post("/v1/credentials", { name: "Key", secret });
    const stub = await startStub();
    stub.reply = ({ body }) => ({
      status: 401,
      body: JSON.stringify({ error: `${secret} is wrong for ${body}`, code: secret }),
    });
    const draft = {
      name: "Gateway",
      kind: "http-gateway",
      vias: ["sms"],
      settings: {
        method: "POST",
        url: stub.url,
        headers: [{ name: "X-Api-Key", credential: credential.id }],
        bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
      },
    };
    const stranger = (await server.addOrganization("stranger")).api;
    expect((await stranger.post("/v1/providers", draft)).status).toBe(400);
    expect((await api.post("/v1/providers", draft)).status).toBe(201);
    const { body } = await api.post("/v1/verifications", { to: "+12025550178", via: "sms" });
    await server.countersign.dispatcher.waitFor(body.id, 5_000);
    const code = /\d{3} \d{3}/.exec(stub.requests[0]?.body ?? "")?.[0] ?? "none";
    const { body: events } = await api.get<Events>("/v1/audit?limit=200");
    expect(events.events[0]).toMatchObject({
      type: "delivery.failed",
      details: { failure: "configuration" },
    });
    const health = (await api.get<Health>("/v1/providers/health")).body;
    const told = JSON.stringify([events, health, logged]) + (await server.countersign.metrics.render());
    for (const hidden of [secret, code, code.replace(" ", ""), "2025550178"])
      expect(told).not.toContain(hidden);
    await stub.close();
  });
});
