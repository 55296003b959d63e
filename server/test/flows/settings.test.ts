import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateApiKey } from "../../src/engine/code/api-key.ts";
import { systemRandom } from "../../src/engine/code/random.ts";
import { codeIn, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
beforeAll(async () => {
  // The mail server of the probe test stands on this machine.
  server = await openServer({ environment: { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" } });
});
afterAll(() => server.close());

interface Problem {
  readonly code: string;
  readonly fields: { field: string; code?: string; problem: string }[];
}

const fieldsOf = ({ body }: { body: Problem }) => body.fields.map(({ field }) => field).sort();

describe("users", () => {
  it("are created, found, changed, emptied, disabled and deleted", async () => {
    const { api } = server;
    const made = await api.post("/v1/users", {
      externalId: "e-1",
      displayName: "Ada",
      locale: "pt_br",
      email: "Ada.L@Example.com",
      phone: "(202) 555-0142",
      policy: { maxAttempts: 2 },
    });
    expect(made).toMatchObject({ status: 201, body: { locale: "pt-BR", role: "member" } });
    expect(JSON.stringify(made.body)).not.toMatch(/5550142|ada\.l/i);
    const { id } = made.body;
    const kinds = await api.get<{ authenticators: { kind: string; hint: string }[] }>(
      `/v1/users/${id}/authenticators`,
    );
    expect(kinds.body.authenticators.map(({ kind, hint }) => [kind, hint])).toEqual([
      ["email", "A***@example.com"],
      ["sms", "+1 *** **42"],
      ["voice", "+1 *** **42"],
    ]);
    expect((await api.get("/v1/users?externalId=e-1")).body).toMatchObject({ users: [{ id }], next: null });
    expect((await api.get("/v1/users?externalId=e-2")).body).toMatchObject({ users: [] });
    expect(await api.post("/v1/users", { externalId: "e-1" })).toMatchObject({
      status: 409,
      body: { code: "name_taken" },
    });
    const changed = await api.patch(`/v1/users/${id}`, { displayName: null, locale: "de", disabled: true });
    expect(changed.body).toMatchObject({ locale: "de", externalId: "e-1", policy: { maxAttempts: 2 } });
    expect(changed.body).not.toHaveProperty("displayName");
    expect(changed.body).toHaveProperty("disabledAt");
    expect((await api.post("/v1/verifications", { user: id, via: "sms" })).status).toBe(404);
    const enabled = await api.patch(`/v1/users/${id}`, { disabled: false });
    expect(enabled.body).not.toHaveProperty("disabledAt");
    expect((await api.delete(`/v1/users/${id}`)).status).toBe(204);
    expect((await api.delete(`/v1/users/${id}`)).status).toBe(404);
  });

  it("on a fixed line can be called only", async () => {
    const { body } = await server.api.post("/v1/users", { phone: "+4930901820" });
    const list = await server.api.get<{ authenticators: object[] }>(`/v1/users/${body.id}/authenticators`);
    expect(list.body.authenticators).toMatchObject([{ kind: "voice" }]);
  });

  it.each([
    [{ nickname: "x" }, "/nickname", "invalid_request"],
    [{ phone: "not a number" }, "/phone", "invalid_destination"],
    [{ email: "a b@example.com" }, "/email", "invalid_destination"],
    [{ locale: "!!" }, "/locale", "invalid_request"],
    [{ policy: { maxAttempts: 99 } }, "/policy/maxAttempts", "invalid_policy"],
    [{ policy: { legacyPin: true } }, "/policy/legacyPin", "invalid_policy"],
  ])("refuse %j", async (body, field, code) => {
    const refused = await server.api.post<Problem>("/v1/users", body);
    expect([refused.status, refused.body.code, fieldsOf(refused)]).toEqual([400, code, [field]]);
  });

  it("are listed in pages without a gap or a repeat", async () => {
    const { api } = await server.addOrganization("pages");
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.push((await api.post("/v1/users", {})).body.id);
    const seen: string[] = [];
    let after = "";
    for (;;) {
      const { body } = await api.get<{ users: { id: string }[]; next: string | null }>(
        `/v1/users?limit=2${after}`,
      );
      seen.push(...body.users.map(({ id }) => id));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(seen).toEqual(made.sort());
  });
});

describe("policy", () => {
  it("of organization, app, publication and user is explained, and holds at once", async () => {
    const { api, demo } = server;
    const app = (await api.post("/v1/apps", { name: "Bank", policy: { maxAttempts: 2 } })).body.id;
    const publication = (
      await api.post(`/v1/apps/${app}/publications`, {
        name: "Bank online",
        channel: "portal",
        policy: { legacyPin: true, codeLength: 4, maxAttempts: 1 },
      })
    ).body.id;
    const user = (await api.post("/v1/users", { phone: "+12025550143", policy: { maxSends: 1 } })).body.id;
    const explained = await api.get<{ settings: Record<string, object> }>(
      `/v1/policy/explain?publication=${publication}&user=${user}`,
    );
    expect(explained.body.settings).toMatchObject({
      maxAttempts: { value: 1, decidedBy: "publication" },
      codeLength: { value: 4, decidedBy: "publication" },
      maxSends: { value: 1, decidedBy: "user", rule: expect.stringContaining("fewest") },
    });
    const started = await api.post("/v1/verifications", { user, via: "sms", publication });
    expect(started.body).toMatchObject({ app, maxAttempts: 1, maxSends: 1, assurance: "none" });
    await api.patch(`/v1/apps/${app}/publications/${publication}`, { policy: {} });
    const other = await api.post("/v1/verifications", { user, via: "voice", publication });
    expect(other.body).toMatchObject({ maxAttempts: 2, assurance: "restricted" });
    expect(await api.delete(`/v1/apps/${app}`)).toMatchObject({ status: 409, body: { code: "in_use" } });
    expect((await api.delete(`/v1/apps/${demo.app}/publications/${publication}`)).status).toBe(404);
    expect((await api.delete(`/v1/apps/${app}/publications/${publication}`)).status).toBe(204);
    expect((await api.delete(`/v1/apps/${app}`)).status).toBe(204);
  });

  it("of the organization is checked, and its country reads numbers", async () => {
    const { api } = await server.addOrganization("germans");
    expect((await api.post("/v1/users", { phone: "0171 3920012" })).status).toBe(400);
    const refused = await api.patch<Problem>("/v1/organization", { policy: { codeLength: 4, ttl: 1 } });
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ["/policy/codeLength", "/policy/ttl"]]);
    expect((await api.patch("/v1/organization", { country: "ZZ" })).status).toBe(400);
    const changed = await api.patch("/v1/organization", { country: "DE", locale: "de", displayName: "Bank" });
    expect(changed.body).toMatchObject({ country: "DE", locale: "de", displayName: "Bank", name: "germans" });
    expect((await api.post("/v1/users", { phone: "0171 3920012" })).status).toBe(201);
    const emptied = await api.patch("/v1/organization", { country: null });
    expect(emptied.body).not.toHaveProperty("country");
  });
});

describe("credentials and providers", () => {
  it("a secret goes in, is never shown, and cannot be deleted while a provider uses it", async () => {
    const { api } = await server.addOrganization("secrets");
    const secret = "correct horse battery staple";
    const credential = await api.post("/v1/credentials", { name: "SMTP", secret, description: "mail" });
    const { id } = credential.body;
    const settings = { host: "mail.example.com", from: "mfa@example.com", user: "mfa", password: id };
    const body = { name: "Mail", kind: "smtp", vias: ["email"], settings };
    const provider = await api.post("/v1/providers", body);
    expect(provider).toMatchObject({ status: 201, body: { position: 0, enabled: true, settings } });
    expect(await api.delete(`/v1/credentials/${id}`)).toMatchObject({
      status: 409,
      body: { code: "in_use" },
    });
    const renamed = await api.patch(`/v1/credentials/${id}`, { name: "SMTP 2", description: null });
    expect(renamed.body).toMatchObject({ name: "SMTP 2" });
    expect(renamed.body).not.toHaveProperty("description");
    await api.patch(`/v1/credentials/${id}`, { secret: `${secret}!` });
    const texts = await Promise.all(
      ["/v1/credentials", `/v1/credentials/${id}`, "/v1/providers", "/v1/audit"].map(async (path) =>
        JSON.stringify((await api.get(path)).body),
      ),
    );
    expect(texts.join("\n")).not.toContain("battery");
    expect(texts[3]).toContain('"fields":"secret"');
    expect((await api.delete(`/v1/providers/${provider.body.id}`)).status).toBe(204);
    expect((await api.delete(`/v1/credentials/${id}`)).status).toBe(204);
  });

  it("settings are judged by the kind's own schema and rules, every problem at once", async () => {
    const { api } = await server.addOrganization("judged");
    const kinds = await api.get<{ kinds: { kind: string; settings: { required: string[] } }[] }>(
      "/v1/provider-kinds",
    );
    const smtp = kinds.body.kinds.find(({ kind }) => kind === "smtp");
    expect(smtp?.settings.required).toEqual(["host", "from"]);
    const create = (settings: object, more = {}) =>
      api.post<Problem>("/v1/providers", { name: "Mail", kind: "smtp", vias: ["email"], settings, ...more });
    const refused = await create({ port: 0, password: "nope", tls: true }, { vias: ["email", "sms"] });
    expect([refused.body.code, fieldsOf(refused)]).toEqual([
      "invalid_settings",
      ["/settings/from", "/settings/host", "/settings/password", "/settings/port", "/settings/tls", "/vias"],
    ]);
    const lonely = await create({ host: "mail.example.com", from: "a@example.com", user: "a" });
    expect(lonely.body.fields).toEqual([
      { field: "/settings", problem: "User and password belong together." },
    ]);
    expect(fieldsOf(await create({}, { kind: "carrier-pigeon" }))).toEqual(["/kind"]);
  });

  it("a simulated provider stands beside a real one only when that is meant", async () => {
    const { api } = await server.addOrganization("simulated");
    const real = {
      name: "Mail",
      kind: "smtp",
      vias: ["email"],
      settings: { host: "mail.example.com", from: "a@example.com" },
    };
    const inbox = { name: "Inbox", kind: "inbox", vias: ["sms"], settings: {} };
    const simulated = await api.post("/v1/providers", inbox);
    expect(simulated.status).toBe(201);
    const refused = await api.post<Problem>("/v1/providers", real);
    expect([refused.status, fieldsOf(refused)]).toEqual([400, ["/besideSimulated"]]);
    const asleep = await api.post("/v1/providers", { ...real, enabled: false });
    expect(asleep.status).toBe(201);
    const path = `/v1/providers/${asleep.body.id}`;
    expect((await api.patch(path, { enabled: true })).status).toBe(400);
    expect((await api.patch(path, { enabled: true, besideSimulated: true })).status).toBe(200);
    expect((await api.patch(path, { position: 3 })).body).toMatchObject({ position: 3, enabled: true });
    expect((await api.post("/v1/providers", { ...inbox, name: "Inbox 2" })).status).toBe(400);
    expect((await api.get("/v1/inbox")).status).toBe(200);
    await api.patch(`/v1/providers/${simulated.body.id}`, { enabled: false });
    expect((await api.get("/v1/inbox")).status).toBe(404);
  });

  it("a stored secret reaches the provider and nobody else, a replaced one at once", async () => {
    const received: { authorization: string | undefined; text: string }[] = [];
    const gateway = createServer(async (request, response) => {
      const { text } = JSON.parse((await request.toArray()).join("")) as { text: string };
      received.push({ authorization: request.headers.authorization, text });
      response.end("{}");
    }).listen(0, "127.0.0.1");
    await once(gateway, "listening");
    const { port } = gateway.address() as AddressInfo;
    const { api } = await server.addOrganization("gateway");
    const credential = await api.post("/v1/credentials", { name: "Gateway", secret: "Bearer first" });
    const provider = await api.post("/v1/providers", {
      name: "Gateway",
      kind: "http-gateway",
      vias: ["sms"],
      settings: {
        method: "POST",
        url: `http://127.0.0.1:${port}/send`,
        headers: [{ name: "Authorization", credential: credential.body.id }],
        bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
      },
    });
    expect(provider.status).toBe(201);
    const user = (await api.post("/v1/users", { phone: "+12025550148" })).body.id;
    const send = async () => {
      const { body } = await api.post("/v1/verifications", { user, via: "sms" });
      await server.countersign.dispatcher.waitFor(body.id, 5_000);
      return body.id;
    };
    const id = await send();
    const code = codeIn(received[0]);
    expect((await api.post(`/v1/verifications/${id}/check`, { code })).body).toMatchObject({
      approved: true,
    });
    await api.patch(`/v1/credentials/${credential.body.id}`, { secret: "Bearer second" });
    await send();
    expect(received.map(({ authorization }) => authorization)).toEqual(["Bearer first", "Bearer second"]);
    gateway.close();
  });

  it("a probe logs in and sends nothing, and says what kind of trouble there is", async () => {
    const mail = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"] });
    const listening = mail.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const { port } = listening.address() as AddressInfo;
    const { api } = await server.addOrganization("probed");
    const { body } = await api.post("/v1/providers", {
      name: "Mail",
      kind: "smtp",
      vias: ["email"],
      settings: { host: "127.0.0.1", port, from: "a@example.com", security: "none" },
    });
    const path = `/v1/providers/${body.id}/probe`;
    expect((await api.post(path)).body).toMatchObject({ probed: true, ok: true });
    await new Promise<void>((resolve) => mail.close(resolve));
    expect((await api.post(path)).body).toMatchObject({ probed: true, ok: false });
    const other = await server.api.get<{ providers: { id: string }[] }>("/v1/providers");
    const inbox = await server.api.post(`/v1/providers/${other.body.providers[0]?.id}/probe`);
    expect(inbox.body).toMatchObject({ probed: false, ok: false });
  });
});

describe("templates", () => {
  it("are previewed, judged with every problem at once, used, changed and deleted", async () => {
    const { api } = server;
    const preview = await api.post("/v1/templates/preview", {
      via: "sms",
      locale: "de",
      text: `Ihr Code ist \${OTP} – nur für Sie`,
    });
    expect(preview).toMatchObject({
      status: 200,
      body: {
        text: "Ihr Code ist 123456 – nur für Sie",
        encoding: "UCS-2",
        segments: 1,
        firstOutside: { character: "–", position: 20 },
        problems: [],
      },
    });
    const draft = { via: "sms", locale: "nl", text: `Uw code: \${OTPFMT}`, sender: "Bank" };
    const bad = await api.post<Problem>("/v1/templates", {
      ...draft,
      text: `No code, \${oops}`,
      sender: "ThisIsFarTooLong",
      subject: "x",
    });
    expect([bad.status, bad.body.code]).toEqual([400, "invalid_template"]);
    expect(bad.body.fields.map(({ code }) => code).sort()).toEqual([
      "field_not_applicable",
      "missing_code",
      "sender_invalid",
      "unknown_placeholder",
    ]);
    const made = await api.post("/v1/templates", draft);
    expect(made).toMatchObject({ status: 201, body: draft });
    expect(await api.post("/v1/templates", draft)).toMatchObject({ status: 409 });
    const user = (await api.post("/v1/users", { phone: "+12025550144", locale: "nl" })).body.id;
    const verification = await api.post("/v1/verifications", { user, via: "sms" });
    const [message] = await server.messagesOf(verification.body.id);
    expect(message?.text).toMatch(/^Uw code: \d{3} \d{3}$/);
    const path = `/v1/templates/${made.body.id}`;
    expect((await api.patch(path, { text: "no code" })).status).toBe(400);
    const changed = await api.patch(path, { text: `Code \${OTP}`, sender: null });
    expect(changed.body).toMatchObject({ text: `Code \${OTP}` });
    expect(changed.body).not.toHaveProperty("sender");
    expect((await api.delete(path)).status).toBe(204);
    expect((await api.get(path)).status).toBe(404);
  });
});

describe("the inbox", () => {
  it("is read newest first, by verification and by number, in pages", async () => {
    const { api } = server;
    const phone = "+12025550145";
    const user = (await api.post("/v1/users", { phone })).body.id;
    const ids: string[] = [];
    for (const amount of ["1", "2", "3"]) {
      const { body } = await api.post("/v1/verifications", { user, via: "sms", binding: { amount } });
      await server.messagesOf(body.id);
      ids.unshift(body.id);
    }
    interface Inbox {
      messages: { id: string; verification: string; to: string }[];
      next: string | null;
    }
    // The plus sign as it stands is read too: people forget to encode it.
    for (const to of [encodeURIComponent(phone), phone]) {
      const { body } = await api.get<Inbox>(`/v1/inbox?to=${to}`);
      expect(body.messages.map(({ verification }) => verification)).toEqual(ids);
    }
    const first = await api.get<Inbox>(`/v1/inbox?to=${encodeURIComponent(phone)}&limit=2`);
    expect(first.body).toMatchObject({ messages: [{ verification: ids[0] }, { verification: ids[1] }] });
    const rest = await api.get<Inbox>(
      `/v1/inbox?to=${encodeURIComponent(phone)}&limit=2&after=${first.body.next}`,
    );
    expect(rest.body).toMatchObject({ messages: [{ verification: ids[2] }], next: null });
  });
});

describe("the audit record", () => {
  it("is read newest first in pages, and holds no destination, code or key", async () => {
    const { api } = await server.addOrganization("recorded");
    await api.post("/v1/providers", { name: "Inbox", kind: "inbox", vias: ["sms"], settings: {} });
    const user = (await api.post("/v1/users", { phone: "+12025550146", email: "rec@example.com" })).body.id;
    const key = await api.post<{ key: string }>("/v1/api-keys", { name: "k", scopes: ["users:read"] });
    const { body: verification } = await api.post("/v1/verifications", { user, via: "sms" });
    await server.countersign.dispatcher.waitFor(verification.id, 5_000);
    const { body: inbox } = await api.get<{ messages: { text: string }[] }>("/v1/inbox");
    const code = /\d{3} ?\d{3}/.exec(inbox.messages[0]?.text ?? "")?.[0].replace(" ", "") ?? "none";
    await api.post(`/v1/verifications/${verification.id}/check`, { code });
    interface Record {
      events: { seq: number; type: string; at: string }[];
      next: number | null;
    }
    const all = await api.get<Record>("/v1/audit?limit=200");
    const types = all.body.events.map(({ type }) => type);
    expect(types).toContain("verification.approved");
    expect(types.at(-1)).toBe("organization.created");
    expect(all.body.events.map(({ seq }) => seq)).toEqual(
      all.body.events.map(({ seq }) => seq).toSorted((a, b) => b - a),
    );
    const text = JSON.stringify(all.body);
    for (const secret of ["2025550146", "rec@", key.body.key, `"${code}"`])
      expect(text).not.toContain(secret);
    const paged: number[] = [];
    let before = "";
    for (;;) {
      const { body } = await api.get<Record>(`/v1/audit?limit=3${before}`);
      paged.push(...body.events.map(({ seq }) => seq));
      if (body.next === null) break;
      before = `&before=${body.next}`;
    }
    expect(paged).toEqual(all.body.events.map(({ seq }) => seq));
  });

  it("tells what is about one user, in pages, and nothing to another organization; users are found by name", async () => {
    const { api } = await server.addOrganization("asked-of-one");
    const add = async (displayName: string) =>
      (await api.post("/v1/users", { displayName, externalId: displayName, email: "x@example.com" })).body
        .id as string;
    const [anna, ben] = [await add("Ánna Adler"), await add("Ben Berg")];
    for (const user of [anna, ben, anna]) await api.post("/v1/verifications", { user, via: "email" });
    interface Page {
      events: { seq: number; user?: string }[];
      next: number | null;
    }
    const all = (await api.get<Page>("/v1/audit?limit=200")).body.events;
    const wanted = all.filter(({ user }) => user === anna).map(({ seq }) => seq);
    expect(wanted.length).toBeGreaterThanOrEqual(3);
    const paged: number[] = [];
    let before = "";
    for (;;) {
      const { body } = await api.get<Page>(`/v1/audit?user=${anna}&limit=2${before}`);
      paged.push(...body.events.map(({ seq }) => seq));
      if (body.next === null) break;
      before = `&before=${body.next}`;
    }
    expect(paged).toEqual(wanted);
    const stranger = (await server.addOrganization("asked-by-another")).api;
    for (const id of [anna, "no-such-user"]) {
      expect((await stranger.get<Page>(`/v1/audit?user=${id}`)).body).toEqual({ events: [], next: null });
    }

    const named = async (of: typeof api, query: string) =>
      (await of.get<{ users: { id: string }[] }>(`/v1/users?${query}`)).body.users.map(({ id }) => id);
    expect(await named(api, "name=adler%20ANNA")).toEqual([anna]);
    expect(await named(api, "name=b")).toEqual([ben]);
    expect(await named(stranger, "name=b")).toEqual([]);
    expect(await named(api, `name=b&externalId=${encodeURIComponent("Ánna Adler")}`)).toEqual([]);
    expect((await api.get("/v1/users?name=%20")).status).toBe(400);
  });
});

describe("a test number", () => {
  it("has its fixed code in development, and is an ordinary number in production", async () => {
    const development = await openServer();
    const { demo, data: folder } = development;
    const to = "+12025550147";
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const body = { via: "sms", to, code: "424242", expiresAt: soon };
    const late = new Date(Date.now() + 31 * 86_400_000).toISOString();
    const refused = await development.api.post("/v1/test-numbers", { ...body, expiresAt: late });
    expect(refused).toMatchObject({ status: 400, body: { fields: [{ field: "/expiresAt" }] } });
    const made = await development.api.post("/v1/test-numbers", body);
    expect(made).toMatchObject({ status: 201, body: { via: "sms", to: "+1 *** **47" } });
    expect(JSON.stringify(made.body)).not.toContain("424242");
    const started = await development.api.post("/v1/verifications", { to, via: "sms" });
    expect((await development.api.get("/v1/inbox")).body).toMatchObject({ messages: [] });
    const check = `/v1/verifications/${started.body.id}/check`;
    expect((await development.api.post(check, { code: "424242" })).body).toMatchObject({ approved: true });
    await development.countersign.close();

    const production = await openServer({
      environment: {
        COUNTERSIGN_MODE: "production",
        COUNTERSIGN_ALLOW_SIMULATED_DELIVERY: "true",
      },
      data: { folder, demo },
    });
    try {
      // The demo's key is one for tests, and opens nothing here.
      expect((await production.api.get("/v1/users")).status).toBe(401);
      const { key, id, digest, lastFour } = generateApiKey("live", systemRandom);
      const row = { id, digest, lastFour, organization: demo.organization, name: "live", createdAt: 0 };
      await production.countersign.store.settings.apiKeys.insert(
        { ...row, scopes: ["admin"] },
        { type: "api_key.created", organization: demo.organization },
      );
      const live = production.as(key);
      expect((await live.post("/v1/test-numbers", body)).status).toBe(403);
      const ordinary = await live.post("/v1/verifications", { to, via: "sms" });
      await production.countersign.dispatcher.waitFor(ordinary.body.id, 4000);
      const inbox = await live.get<{ messages: { text: string }[] }>("/v1/inbox");
      const code = codeIn(inbox.body.messages[0]!);
      const check = `/v1/verifications/${ordinary.body.id}/check`;
      const wrong = await live.post(check, { code: "424242" });
      expect(wrong.body).toMatchObject({ approved: code === "424242" });
      expect((await live.post(check, { code })).body).toMatchObject({ approved: code !== "424242" });
    } finally {
      await production.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("does not come with simulated delivery where that is not allowed", async () => {
    const strict = await openServer({ environment: { COUNTERSIGN_ALLOW_SIMULATED_DELIVERY: "false" } });
    try {
      const { api } = await strict.addOrganization("strict");
      const body = { name: "Inbox", kind: "inbox", vias: ["sms"], settings: {}, besideSimulated: true };
      const refused = await api.post<Problem>("/v1/providers", body);
      expect([refused.status, fieldsOf(refused)]).toEqual([400, ["/kind"]]);
      const kinds = await api.get<{ kinds: { kind: string }[] }>("/v1/provider-kinds");
      expect(kinds.body.kinds.map(({ kind }) => kind)).not.toContain("inbox");
    } finally {
      await strict.close();
    }
  });
});
