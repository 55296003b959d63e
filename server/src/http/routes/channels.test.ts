import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenServer, openServer } from "../../../test/open-server.ts";

const lines: string[] = [];
let server: OpenServer;
let url: string;
const key = "correct horse battery";

beforeAll(async () => {
  server = await openServer({
    environment: { COUNTERSIGN_LOG_LEVEL: "trace" },
    log: { write: (line) => lines.push(line) },
  });
  const { api, demo } = server;
  const access = (await api.post("/v1/credentials", { name: "chat key", secret: key })).body.id;
  const publication = { name: "Chat test", channel: "chat", settings: { access } };
  const { body } = await api.post(`/v1/apps/${demo.app}/publications`, publication);
  url = `${server.url}/channels/chat/${body.id}`;
});
afterAll(() => server.close());

const ask = (address: string, options: RequestInit = {}) => fetch(address, { method: "POST", ...options });
const json = { "content-type": "application/json" };

describe("the routes of channels", () => {
  it("give the channel any type of body, and answer without being kept", async () => {
    const answer = await ask(url, { headers: { "x-api-key": key, "content-type": "text/odd" }, body: "x" });
    expect(answer.status).toBe(415);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    const none = await ask(url, { headers: { "x-api-key": key } });
    expect(none.status).toBe(415);
  });

  it.each(["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s reaches the channel too", async (method) => {
    expect((await ask(url, { method, headers: { "x-api-key": key } })).status).toBe(405);
    expect((await ask(`${url}/below/it`, { method, headers: { "x-api-key": key } })).status).toBe(404);
  });

  it("refuse a body over 64 KiB, an encoded one, and unknown places; in the channel's form", async () => {
    const headers = { ...json, "x-api-key": key };
    const large = await ask(url, { headers, body: "x".repeat(65_537) });
    expect([large.status, await large.json()]).toMatchObject([413, { code: "body_too_large" }]);
    const encoded = await ask(url, { headers: { ...headers, "content-encoding": "gzip" }, body: "{}" });
    expect(encoded.status).toBe(415);
    const elsewhere = url.replace("/chat/", "/voicexml/");
    const unknown = await ask(elsewhere, { headers, body: "{}" });
    expect([unknown.status, await unknown.text()]).toEqual([404, "There is no such thing here.\n"]);
  });

  it("log no query, no key and no body", async () => {
    await ask(`${url}?key=${encodeURIComponent(key)}&subject=anna`, {
      headers: json,
      body: '{"conversation":"secret-words"}',
    });
    const text = lines.join("");
    for (const word of [key, "correct", "anna", "secret-words"]) expect(text).not.toContain(word);
  });
});

describe("publications of a channel", () => {
  it("are checked by its schema and its rules, every problem at once", async () => {
    const { api, demo } = server;
    const settings = { access: "nobody", maxSends: 99, unknown: true, resultVariable: "1x" };
    const body = { name: "Wrong", channel: "voicexml", settings };
    const refused = await api.post<{ code: string; fields: { field: string }[] }>(
      `/v1/apps/${demo.app}/publications`,
      body,
    );
    expect([refused.status, refused.body.code]).toEqual([400, "invalid_settings"]);
    expect(refused.body.fields.map(({ field }) => field).sort()).toEqual([
      "/settings/access",
      "/settings/maxSends",
      "/settings/resultVariable",
      "/settings/unknown",
    ]);
    const none = await api.post<{ fields: { field: string }[] }>(`/v1/apps/${demo.app}/publications`, {
      name: "None",
      channel: "twiml",
    });
    expect(none.body.fields).toEqual([{ field: "/settings/access", problem: "is required" }]);
    const short = (await api.post("/v1/credentials", { name: "short", secret: "fifteen letters" })).body.id;
    const guessable = await api.post<{ fields: object[] }>(`/v1/apps/${demo.app}/publications`, {
      name: "Guessable",
      channel: "swml",
      settings: { access: short },
    });
    expect(guessable.body.fields).toEqual([
      { field: "/settings/access", problem: "has a secret of fewer than 16 characters" },
    ]);
    const elsewhere = { name: "API", channel: "api", settings: { access: "x" } };
    expect((await api.post(`/v1/apps/${demo.app}/publications`, elsewhere)).status).toBe(400);
  });

  it("keep their credential from being deleted, and say where they are", async () => {
    const { api, demo } = server;
    const access = (await api.post("/v1/credentials", { name: "kept", secret: key })).body.id;
    const made = await api.post(`/v1/apps/${demo.app}/publications`, {
      name: "Kept",
      channel: "swml",
      settings: { access },
    });
    const { id } = made.body;
    expect(made.body["url"]).toBe(`${server.countersign.config.publicUrl}/channels/swml/${id}`);
    expect(await api.delete(`/v1/credentials/${access}`)).toMatchObject({
      status: 409,
      body: { code: "in_use" },
    });
    const changed = await api.patch(`/v1/apps/${demo.app}/publications/${id}`, { settings: {} });
    expect(changed.status).toBe(400);
    expect((await api.patch(`/v1/apps/${demo.app}/publications/${id}`, { name: "Still" })).status).toBe(200);
    expect((await api.delete(`/v1/apps/${demo.app}/publications/${id}`)).status).toBe(204);
    expect((await api.delete(`/v1/credentials/${access}`)).status).toBe(204);
  });

  it("are of channels that are listed with their schema", async () => {
    const { body } = await server.api.get<{
      channels: { channel: string; settings: { properties: object } }[];
    }>("/v1/channels");
    const names = body.channels.map(({ channel }) => channel);
    expect(names).toEqual(expect.arrayContaining(["voicexml", "twiml", "swml", "chat"]));
    expect(body.channels[0]?.settings.properties).toHaveProperty("maxSends");
  });
});
