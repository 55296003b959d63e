import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook as Verifier } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Answer, type Entry, type OpenServer, openServer } from "../open-server.ts";

interface Call {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A web-hook's own side, over a real socket. */
async function startReceiver() {
  const calls: Call[] = [];
  const waiting = new Set<() => void>();
  let behave: RequestListener = (_request, response) => response.writeHead(204).end();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      calls.push({ path: request.url ?? "", headers: request.headers as Record<string, string>, body });
      behave(request, response);
      for (const check of waiting) check();
    });
  });
  const { port } = await listen(server);
  const until = (predicate: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!predicate()) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });
  return {
    calls,
    port,
    url: `http://127.0.0.1:${port}`,
    behaves: (next: RequestListener) => {
      behave = next;
    },
    /** The first call to a path that fits. */
    call: async (path: string, fits: (body: Event) => boolean = () => true): Promise<Call> => {
      const find = () => calls.find((call) => call.path === path && fits(JSON.parse(call.body)));
      await until(() => find() !== undefined);
      return find()!;
    },
    /** So many calls of a path. */
    count: (path: string, least: number) =>
      until(() => calls.filter((call) => call.path === path).length >= least),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function listen(server: Server): Promise<AddressInfo> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server.address() as AddressInfo;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

interface Event {
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  readonly verification?: string;
  readonly details: Readonly<Record<string, unknown>>;
}

interface Made extends Entry {
  readonly secret: string;
  readonly enabled: boolean;
}

interface Notice {
  readonly event: string;
  readonly seq: number;
  readonly type: string;
  readonly state: string;
  readonly tries: number;
  readonly status?: number;
  readonly dueAt?: string;
}

type Receiver = Awaited<ReturnType<typeof startReceiver>>;
let receiver: Receiver;
let server: OpenServer;
let port = 0;

beforeAll(async () => {
  receiver = await startReceiver();
  ({ port } = receiver);
  server = await openServer({ environment: { COUNTERSIGN_OUTBOUND_ALLOW: `127.0.0.1:${port}` } });
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});
beforeEach(() => receiver.behaves((_request, response) => response.writeHead(204).end()));

let paths = 0;
async function addWebhook(more: object = {}, at: OpenServer = server) {
  paths += 1;
  const path = `/hook-${paths}`;
  const { body } = await at.api.post<Made>("/v1/webhooks", { url: `${receiver.url}${path}`, ...more });
  return { ...body, path };
}

const noticesOf = async (id: string, query = "", at: OpenServer = server) =>
  (await at.api.get<{ notices: Notice[]; next: number | null }>(`/v1/webhooks/${id}/notices${query}`)).body;

/** The notices, once one of an event is there in a state. */
async function notice(id: string, state: string, seq?: number): Promise<Notice> {
  const find = async () =>
    (await noticesOf(id)).notices.find(
      (one) => one.state === state && (seq === undefined || one.seq === seq),
    );
  await expect.poll(async () => (await find()) !== undefined, { timeout: 20_000 }).toBe(true);
  return (await find())!;
}

async function approve(): Promise<{ readonly id: string; readonly code: string }> {
  const user = server.demo.users[1]!.id;
  const purpose = `web-hook-${paths}`;
  const started = await server.api.post("/v1/verifications", { user, via: "email", purpose });
  const code = await server.codeOf(started.body.id);
  await server.api.post(`/v1/verifications/${started.body.id}/check`, { code });
  return { id: started.body.id, code };
}

describe("a web-hook", () => {
  it("is told, signed and in the words of the live feed, what happens; the secret is shown once and a code never", async () => {
    const made = await addWebhook({
      description: "CRM",
      events: ["verification.approved", "verification.started"],
    });
    expect(made).toMatchObject({
      enabled: true,
      description: "CRM",
      secret: expect.stringMatching(/^whsec_/),
    });
    expect(Buffer.from(made.secret.slice(6), "base64")).toHaveLength(32);
    for (const path of [`/v1/webhooks/${made.id}`, "/v1/webhooks", "/v1/audit?limit=5"]) {
      expect(JSON.stringify((await server.api.get(path)).body)).not.toContain(made.secret);
    }
    const { id, code } = await approve();
    const call = await receiver.call(made.path, ({ type }) => type === "verification.approved");
    const told = new Verifier(made.secret).verify(call.body, call.headers) as Event;
    expect(told).toMatchObject({ verification: id, details: { via: "email" } });
    expect(call.headers["webhook-id"]).toBe(told.id);
    const feed = await fetch(`${server.url}/v1/events?after=${told.seq - 1}`, {
      headers: { authorization: `Bearer ${server.demo.apiKey}` },
    });
    let text = "";
    for await (const chunk of feed.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (text.includes("data: ")) break;
    }
    expect(/^data: (.*)$/mu.exec(text)?.[1]).toBe(call.body);
    expect(JSON.stringify(receiver.calls)).not.toContain(code);
    await notice(made.id, "delivered", told.seq);
    const types = new Set((await noticesOf(made.id)).notices.map(({ type }) => type));
    expect([...types].sort()).toEqual(["verification.approved", "verification.started"]);
  });

  it("takes a new secret: both sign until the overlap ends, or the new one at once", async () => {
    const made = await addWebhook({ events: ["user.created"] });
    const { api } = server;
    const rotated = await api.post<Made>(`/v1/webhooks/${made.id}/secret`, { overlapSeconds: 600 });
    expect(rotated.status).toBe(200);
    await api.post("/v1/users", { displayName: "Both" });
    const both = await receiver.call(made.path);
    for (const secret of [made.secret, rotated.body.secret]) {
      expect(() => new Verifier(secret).verify(both.body, both.headers)).not.toThrow();
    }
    const last = await api.post<Made>(`/v1/webhooks/${made.id}/secret`, { overlapSeconds: 0 });
    await api.post("/v1/users", { displayName: "One" });
    await receiver.count(made.path, 2);
    const one = receiver.calls.filter(({ path }) => path === made.path)[1]!;
    expect(() => new Verifier(last.body.secret).verify(one.body, one.headers)).not.toThrow();
    for (const secret of [made.secret, rotated.body.secret]) {
      expect(() => new Verifier(secret).verify(one.body, one.headers)).toThrow();
    }
  });

  it("is read, changed, switched off and on without losing anything, and deleted", async () => {
    const { api } = server;
    const made = await addWebhook({ events: ["user.created"], description: "first" });
    const path = `/v1/webhooks/${made.id}`;
    expect((await api.patch(path, { enabled: false, description: null })).body).toMatchObject({
      enabled: false,
      disabledReason: "by_admin",
      disabledAt: expect.any(String),
    });
    await api.post("/v1/users", { displayName: "Unseen" });
    expect((await api.get(path)).body).not.toHaveProperty("description");
    const on = await api.patch(path, { enabled: true });
    expect(on.body).not.toHaveProperty("disabledReason");
    expect(on.body).not.toHaveProperty("disabledAt");
    await receiver.call(made.path, ({ type }) => type === "user.created");
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
    expect((await api.delete(path)).status).toBe(404);
  });

  it("that fails is shown with its tries, and sends one event or everything since a time again", async () => {
    const { api } = server;
    receiver.behaves((_request, response) => response.writeHead(500).end("secret trouble"));
    const since = new Date().toISOString();
    const made = await addWebhook({ events: ["user.created"] });
    await api.post("/v1/users", { displayName: "Failing" });
    const failed = await notice(made.id, "waiting");
    expect(failed).toMatchObject({ tries: 1, status: 500, dueAt: expect.any(String) });
    expect(JSON.stringify(await noticesOf(made.id))).not.toContain("trouble");
    expect((await api.get(`/v1/webhooks/${made.id}`)).body).toHaveProperty("failingSince");

    receiver.behaves((_request, response) => response.writeHead(200).end());
    const replay = (body: object) => api.post(`/v1/webhooks/${made.id}/replay`, body);
    expect((await replay({ event: failed.event })).status).toBe(202);
    await notice(made.id, "delivered", failed.seq);
    expect((await api.get(`/v1/webhooks/${made.id}`)).body).not.toHaveProperty("failingSince");
    const before = receiver.calls.filter(({ path }) => path === made.path).length;
    expect((await replay({ since })).status).toBe(202);
    await receiver.count(made.path, before + 1);
    const ids = receiver.calls
      .filter(({ path }) => path === made.path)
      .map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids)).toEqual(new Set([failed.event]));
    const refusals = [
      {},
      { event: failed.event, since },
      { event: "evt_1_1" },
      { event: "nonsense" },
      { since: "yesterday" },
    ];
    const answers: Answer[] = [];
    for (const body of refusals) answers.push(await replay(body));
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 400, 400]);
  });

  it("is tried with an event of its own, five times a minute, on record", async () => {
    const made = await addWebhook({ enabled: false });
    const trial = () => server.api.post<{ ok: boolean; status?: number }>(`/v1/webhooks/${made.id}/test`);
    expect((await trial()).body).toEqual({ ok: true, status: 204 });
    const call = await receiver.call(made.path, ({ type }) => type === "webhook.tested");
    expect(new Verifier(made.secret).verify(call.body, call.headers)).toMatchObject({
      seq: 0,
      details: { id: made.id },
    });
    receiver.behaves((_request, response) => response.writeHead(503).end());
    expect((await trial()).body).toEqual({ ok: false, status: 503 });
    for (let count = 2; count < 5; count += 1) expect((await trial()).status).toBe(200);
    expect(await trial()).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    const { body } = await server.api.get<{ events: Event[] }>("/v1/audit?limit=10");
    const tested = body.events.filter(({ type }) => type === "webhook.tested");
    expect(tested.map(({ details }) => details["status"])).toEqual([503, 503, 503, 503, 204]);
  });

  it("is named in pages of what it was told", async () => {
    const made = await addWebhook({ events: ["user.created"] });
    for (let count = 0; count < 3; count += 1) await server.api.post("/v1/users", { displayName: "Page" });
    await receiver.count(made.path, 3);
    await expect.poll(async () => (await noticesOf(made.id)).notices.length).toBe(3);
    const first = await noticesOf(made.id, "?limit=2&state=delivered");
    const second = await noticesOf(made.id, `?limit=2&before=${first.next}`);
    expect([first.notices.length, second.notices.length, second.next]).toEqual([2, 1, null]);
    expect(await noticesOf(made.id, "?state=failed")).toEqual({ notices: [], next: null });
  });
});

it("a type of event that there is not is refused: nothing would ever come", async () => {
  const body = { url: `${receiver.url}/x`, events: ["user.created", "user.creatd"] };
  expect(await server.api.post("/v1/webhooks", body)).toMatchObject({
    status: 400,
    body: { code: "invalid_settings", fields: [{ field: "/events/1", problem: "is not a type of event" }] },
  });
});

describe("PRV: an address", () => {
  it.each([
    ["PRV-01 loopback", "https://127.0.0.1/", "address_not_allowed"],
    ["PRV-01 another port", () => `http://127.0.0.1:${port + 1}/`, "address_not_allowed"],
    ["PRV-01 metadata", "http://169.254.169.254/latest/meta-data", "address_not_allowed"],
    ["PRV-01 private", "https://10.0.0.1/", "address_not_allowed"],
    ["PRV-01 IPv6 loopback", "https://[::1]/", "address_not_allowed"],
    ["PRV-01 mapped", "https://[::ffff:127.0.0.1]/", "address_not_allowed"],
    ["PRV-01 hexadecimal", "https://0x7f.1/", "address_not_allowed"],
    ["PRV-01 a number", "https://2130706433/", "address_not_allowed"],
    ["PRV-01 octal", "https://017700000001/", "address_not_allowed"],
    ["PRV-01 a name", "https://localhost./", "address_not_allowed"],
    ["PRV-04 file", "file:///etc/passwd", "not_an_address"],
    ["PRV-04 gopher", "gopher://example.com/", "not_an_address"],
    ["PRV-04 data", "data:text/plain,x", "not_an_address"],
    ["a login in it", "https://user:password@93.184.215.14/", "login_in_address"],
    ["no encryption", "http://93.184.215.14/", "not_encrypted"],
    ["nothing like it", "example", "not_an_address"],
  ])("%s is refused when it is saved", async (_case, url, code) => {
    const text = typeof url === "string" ? url : url();
    const { api } = server;
    const before = (await api.get<{ webhooks: Entry[] }>("/v1/webhooks")).body.webhooks.length;
    expect(await api.post("/v1/webhooks", { url: text })).toMatchObject({
      status: 400,
      body: { code: "invalid_settings", fields: [{ field: "/url", code }] },
    });
    expect((await api.get<{ webhooks: Entry[] }>("/v1/webhooks")).body.webhooks).toHaveLength(before);
    const made = await addWebhook({ enabled: false });
    expect((await api.patch(`/v1/webhooks/${made.id}`, { url: text })).status).toBe(400);
  });

  it("that became private after it was saved is not connected to, and a redirect is not followed (PRV-05)", async () => {
    let reached = 0;
    const inner = createServer((_request, response) => {
      reached += 1;
      response.writeHead(200).end();
    });
    inner.on("connection", () => {
      reached += 1;
    });
    const { port: innerPort } = await listen(inner);
    const { webhooks } = server.countersign.store.settings;
    const made = await addWebhook({ events: ["user.created"] });
    const organization = server.demo.organization;
    await webhooks.update(
      organization,
      made.id,
      { url: `http://127.0.0.1:${innerPort}/` },
      { type: "settings.updated", organization },
    );
    const redirected = await addWebhook({ events: ["user.created"] });
    receiver.behaves((_request, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${innerPort}/` }).end(),
    );
    await server.api.post("/v1/users", { displayName: "Redirected" });
    expect(await notice(made.id, "waiting")).not.toHaveProperty("status");
    expect(await notice(redirected.id, "waiting")).toMatchObject({ status: 307 });
    expect(reached).toBe(0);
    inner.close();
    await server.api.delete(`/v1/webhooks/${made.id}`);
    await server.api.delete(`/v1/webhooks/${redirected.id}`);
  });
});

describe("another organization", () => {
  it("finds none of it, and a key of one app may not touch it", async () => {
    const made = await addWebhook({ enabled: false });
    const stranger = (await server.addOrganization("webhook-stranger")).api;
    const bound = server.as(await server.keyWith(["admin"], { app: server.demo.app }));
    const path = `/v1/webhooks/${made.id}`;
    const asked = async (api: typeof stranger) => {
      const answers = [
        await api.get(path),
        await api.get(`${path}/notices`),
        await api.patch(path, { enabled: true }),
        await api.post(`${path}/secret`, {}),
        await api.post(`${path}/test`),
        await api.post(`${path}/replay`, { since: new Date().toISOString() }),
        await api.delete(path),
      ];
      return answers.map(({ status }) => status);
    };
    expect(await asked(stranger)).toEqual(Array(7).fill(404));
    expect(await asked(bound)).toEqual(Array(7).fill(403));
    expect((await stranger.get("/v1/webhooks")).body).toEqual({ webhooks: [], next: null });
    const publication = Object.values(server.demo.publications)[0]!.id;
    const foreign = await stranger.post("/v1/webhooks", { url: `${receiver.url}/x`, publication });
    expect(foreign).toMatchObject({ status: 400, body: { fields: [{ field: "/publication" }] } });
    expect((await server.api.get(path)).body).toMatchObject({ enabled: false });
  });
});

describe("a restart", () => {
  it("goes on where it stopped: what had not arrived is sent with its old id, what had is not sent again", async () => {
    const environment = { COUNTERSIGN_OUTBOUND_ALLOW: `127.0.0.1:${port}` };
    const first = await openServer({ environment });
    const { data, demo } = first;
    const made = await addWebhook({ events: ["user.created"] }, first);
    const add = (name: string, at: OpenServer) => at.api.post("/v1/users", { displayName: name });
    await add("arrives", first);
    await receiver.count(made.path, 1);
    await expect.poll(async () => (await noticesOf(made.id, "", first)).notices.length).toBe(1);
    // Hangs for ever: the end of the process finds it on its way.
    receiver.behaves(() => undefined);
    await add("hangs", first);
    await receiver.count(made.path, 2);
    await first.countersign.close();
    receiver.behaves((_request, response) => response.writeHead(200).end());
    const second = await openServer({ environment, data: { folder: data, demo } });
    await receiver.count(made.path, 3);
    await add("afterwards", second);
    await receiver.count(made.path, 4);
    const seqs = receiver.calls
      .filter(({ path }) => path === made.path)
      .map(({ body }) => (JSON.parse(body) as Event).seq);
    expect(seqs[2]).toBe(seqs[1]);
    expect(new Set(seqs).size).toBe(3);
    await second.close();
    rmSync(data, { recursive: true, force: true });
  });
});
