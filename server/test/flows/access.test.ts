import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Scope, scopes } from "../../src/engine/settings.ts";
import { type OpenapiDocument, openapiDocument } from "../../src/http/openapi.ts";
import { type Api, type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
let document: OpenapiDocument;
beforeAll(async () => {
  server = await openServer();
  document = openapiDocument(server.countersign.app);
});
afterAll(() => server.close());

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: string;
  readonly scope: Scope | undefined;
}

function documented(): Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, node]) => ({
      method: method.toUpperCase(),
      path,
      operation: node.operationId,
      scope: node["x-scope"] as Scope | undefined,
    })),
  );
}

/** Which operations each scope opens. A new operation is written down here, so that its scope is a decision. */
const opened: Readonly<Record<Scope, readonly string[]>> = {
  "verifications:start": ["verifications.start", "verifications.resend", "verifications.cancel"],
  "verifications:start_to": [],
  "verifications:check": ["verifications.check", "receipts.consume"],
  "verifications:read": ["verifications.get"],
  "verifications:detail": [],
  "users:read": ["users.list", "users.get", "authenticators.list"],
  "users:write": [
    "users.create",
    "users.update",
    "users.delete",
    "users.erase",
    "authenticators.create",
    "authenticators.revoke",
    "authenticators.enable",
    "destinations.enable",
  ],
  "enrollments:write": ["enrollments.begin", "enrollments.confirm"],
  "settings:read": [
    ...[
      "organization.get",
      "policy.explain",
      "policy.rehearse",
      "sending.get",
      "sending.explain",
      "providerKinds.list",
      "providers.health",
      "templates.preview",
      "channels.list",
    ],
    ...["signalwireProjects.list", "signalwireProjects.get"],
    ...["list", "get", "notices"].map((verb) => `webhooks.${verb}`),
    ...["apps", "publications", "providers", "credentials", "templates", "apiKeys", "testNumbers"].flatMap(
      (name) => [`${name}.list`, `${name}.get`],
    ),
  ],
  "settings:write": [
    ...["organization.update", "providers.probe", "providers.test", "apiKeys.create", "apiKeys.revoke"],
    ...["testNumbers.create", "testNumbers.delete", "imports.genesysSettings"],
    ...["create", "update", "delete"].map((verb) => `signalwireProjects.${verb}`),
    ...["create", "update", "delete", "rotate", "test", "replay"].map((verb) => `webhooks.${verb}`),
    ...["apps", "publications", "providers", "credentials", "templates"].flatMap((name) => [
      `${name}.create`,
      `${name}.update`,
      `${name}.delete`,
    ]),
  ],
  "audit:read": ["audit.list"],
  "events:read": ["events.stream"],
  "inbox:read": ["inbox.list"],
  admin: [],
};

/** Every route that the server would answer, as the framework itself lists them. */
function served(): string[] {
  const lines = server.countersign.app.printRoutes({ commonPrefix: false }).split("\n");
  const parents: string[] = [];
  const found: string[] = [];
  for (const line of lines) {
    const match = /^((?:│ {3}| {4})*)(?:├── |└── )(\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (match === null) continue;
    const [, indent = "", part = "", methods] = match;
    const depth = indent.length / 4;
    parents.length = depth;
    parents.push(part);
    const path = parents.join("").replaceAll(/:(\w+)/g, "{$1}");
    for (const method of methods?.split(", ") ?? []) found.push(`${method} ${path}`);
  }
  return found;
}

/** Status alone: some answers are streams. */
async function statusOf(route: Route, key: string | undefined): Promise<number> {
  const path = route.path.replaceAll(/\{\w+\}/g, "x");
  const answer = await fetch(`${server.url}${path}`, {
    method: route.method,
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  });
  await answer.body?.cancel();
  return answer.status;
}

describe("every route", () => {
  it("of the API is documented, so none is forgotten here", () => {
    const known = new Set(documented().map(({ method, path }) => `${method} ${path}`));
    const api = served().filter((route) => route.includes(" /v1/"));
    expect(api.length).toBeGreaterThan(50);
    expect(api.filter((route) => !known.has(route))).toEqual([]);
  });

  it("is opened by the scope that was meant for it", () => {
    const byScope = Map.groupBy(documented(), ({ scope }) => scope);
    for (const scope of scopes) {
      const names = (byScope.get(scope) ?? []).map(({ operation }) => operation);
      expect([scope, names.sort()]).toEqual([scope, opened[scope].toSorted()]);
    }
  });

  it("needs a key, but for the few that are public", async () => {
    const open: string[] = [];
    for (const route of documented()) {
      if (route.scope === undefined) open.push(route.path);
      else expect([route, await statusOf(route, undefined)]).toEqual([route, 401]);
    }
    expect([...new Set(open)].sort()).toEqual(["/.well-known/jwks.json", "/healthz", "/readyz"]);
  });

  it("refuses a key that holds every other scope", async () => {
    const keys = new Map<Scope, string>();
    for (const scope of scopes) {
      const others = scopes.filter((other) => other !== scope && other !== "admin");
      keys.set(scope, await server.keyWith(others));
    }
    for (const route of documented()) {
      if (route.scope === undefined) continue;
      expect([route, await statusOf(route, keys.get(route.scope))]).toEqual([route, 403]);
    }
  });

  it("lets a key with its scope in", async () => {
    for (const scope of scopes) {
      const routes = documented().filter((route) => route.scope === scope);
      if (routes.length === 0) continue;
      const key = await server.keyWith([scope]);
      for (const route of routes) {
        expect([401, 403, 500]).not.toContain(await statusOf(route, key));
      }
    }
  });
});

describe("another organization", () => {
  it("finds nothing of ours: foreign ids are unknown ids", async () => {
    const { api, demo } = server;
    const [user] = demo.users;
    const id = user?.id ?? "";
    const { body: list } = await api.get<{ authenticators: { id: string }[] }>(
      `/v1/users/${id}/authenticators`,
    );
    const [authenticator] = list.authenticators;
    const credential = await api.post("/v1/credentials", { name: "foreign", secret: "s" });
    const { body: providers } = await api.get<{ providers: { id: string }[] }>("/v1/providers");
    const template = await api.post("/v1/templates", { via: "sms", locale: "it", text: `\${OTP}` });
    const { body: keys } = await api.get<{ apiKeys: { id: string }[] }>("/v1/api-keys");
    const verification = await api.post("/v1/verifications", { user: id, via: "sms" });
    const { app, publications } = demo;
    const targets = [
      `/v1/users/${id}`,
      `/v1/users/${id}/authenticators`,
      `/v1/apps/${app}`,
      `/v1/apps/${app}/publications`,
      `/v1/apps/${app}/publications/${publications["api"]?.id}`,
      `/v1/credentials/${credential.body.id}`,
      `/v1/providers/${providers.providers[0]?.id}`,
      `/v1/templates/${template.body.id}`,
      `/v1/api-keys/${keys.apiKeys[0]?.id}`,
      `/v1/verifications/${verification.body.id}`,
      `/v1/policy/explain?app=${app}`,
      `/v1/policy/explain?user=${id}`,
    ];
    const stranger = (await server.addOrganization("access-stranger")).api;
    for (const target of targets) {
      expect([target, (await api.get(target)).status]).toEqual([target, 200]);
      expect([target, (await stranger.get(target)).status]).toEqual([target, 404]);
    }
    const writes: [keyof Api, string, object?][] = [
      ["patch", `/v1/users/${id}`, { displayName: "Mallory" }],
      ["delete", `/v1/users/${id}`],
      ["post", `/v1/users/${id}/authenticators`, { kind: "sms", to: "+12025550199" }],
      ["delete", `/v1/users/${id}/authenticators/${authenticator?.id}`],
      ["post", `/v1/users/${id}/authenticators/${authenticator?.id}/enable`, { reason: "x" }],
      ["post", `/v1/users/${id}/enrollments`, { kind: "totp" }],
      ["patch", `/v1/apps/${app}`, { name: "Mine" }],
      ["delete", `/v1/apps/${app}`],
      ["post", `/v1/apps/${app}/publications`, { name: "Mine", channel: "portal" }],
      ["patch", `/v1/credentials/${credential.body.id}`, { secret: "mine" }],
      ["delete", `/v1/credentials/${credential.body.id}`],
      ["patch", `/v1/providers/${providers.providers[0]?.id}`, { enabled: false }],
      ["post", `/v1/providers/${providers.providers[0]?.id}/probe`],
      ["delete", `/v1/templates/${template.body.id}`],
      ["delete", `/v1/api-keys/${keys.apiKeys[0]?.id}`],
      ["post", `/v1/verifications/${verification.body.id}/check`, { code: "123456" }],
    ];
    for (const [verb, path, body] of writes) {
      const { status } = await stranger[verb](path, body);
      expect([verb, path, status]).toEqual([verb, path, 404]);
    }
    const referring = await stranger.post("/v1/providers", {
      name: "borrowed",
      kind: "smtp",
      vias: ["email"],
      settings: { host: "mail.example.com", from: "a@example.com", user: "a", password: credential.body.id },
    });
    expect(referring).toMatchObject({ status: 400, body: { fields: [{ field: "/settings/password" }] } });
    expect((await stranger.get("/v1/inbox")).status).toBe(404);
    expect((await stranger.get("/v1/audit")).body).toMatchObject({
      events: [{ type: "api_key.created" }, { type: "organization.created" }],
      next: null,
    });
  });
});

describe("a key", () => {
  it("of one app works for that app only", async () => {
    const { api, demo } = server;
    const other = await api.post("/v1/apps", { name: "Other app" });
    const key = await server.keyWith(["admin"], { app: demo.app });
    const bound = server.as(key);
    const user = demo.users[1]?.id;
    const started = await bound.post("/v1/verifications", { user, via: "sms" });
    expect(started).toMatchObject({ status: 201, body: { app: demo.app } });
    const refusals = await Promise.all([
      bound.post("/v1/verifications", { user, via: "sms", app: other.body.id }),
      bound.get(`/v1/apps/${other.body.id}/publications`),
      bound.patch(`/v1/apps/${other.body.id}`, { name: "Mine" }),
      bound.patch("/v1/organization", { displayName: "Mine" }),
      bound.get("/v1/credentials"),
      bound.post("/v1/api-keys", { name: "unbound", scopes: ["admin"] }),
      bound.get("/v1/inbox"),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 403));
    expect((await bound.get(`/v1/apps/${demo.app}/publications`)).status).toBe(200);

    const code = await server.codeOf(started.body.id);
    const approved = await bound.post<{ receipt: string }>(`/v1/verifications/${started.body.id}/check`, {
      code,
    });
    const { receipt } = approved.body;
    const foreign = server.as(await server.keyWith(["verifications:check"], { app: other.body.id }));
    expect((await foreign.post("/v1/receipts/consume", { receipt })).status).toBe(422);
    expect(await bound.post("/v1/receipts/consume", { receipt })).toMatchObject({
      status: 200,
      body: { aud: demo.app },
    });
    const { body: audit } = await bound.get<{ events: { details?: { app?: string } }[] }>("/v1/audit");
    expect(audit.events.length).toBeGreaterThan(0);
    expect(audit.events.every(({ details }) => details?.app === demo.app)).toBe(true);
  });

  it("grants only scopes that it holds", async () => {
    const clerk = server.as(await server.keyWith(["settings:write", "users:read"]));
    const refused = await clerk.post("/v1/api-keys", { name: "more", scopes: ["users:read", "admin"] });
    expect(refused).toMatchObject({ status: 403, body: { fields: [{ field: "/scopes" }] } });
    const made = await clerk.post<{ key: string }>("/v1/api-keys", { name: "less", scopes: ["users:read"] });
    expect(made.status).toBe(201);
    expect((await server.as(made.body.key).get("/v1/users")).status).toBe(200);
  });

  it("is shown once, and worth nothing from the moment it is revoked", async () => {
    const made = await server.api.post<{ id: string; key: string }>("/v1/api-keys", {
      name: "short-lived",
      scopes: ["users:read"],
    });
    const { id, key } = made.body;
    const listed = await server.api.get(`/v1/api-keys/${id}`);
    expect(listed.body).toMatchObject({ lastFour: key.slice(-4), scopes: ["users:read"] });
    expect(JSON.stringify(listed.body)).not.toContain(key);
    expect((await server.as(key).get("/v1/users")).status).toBe(200);
    expect((await server.api.delete(`/v1/api-keys/${id}`)).status).toBe(204);
    expect((await server.as(key).get("/v1/users")).status).toBe(401);
    const again = await server.api.get(`/v1/api-keys/${id}`);
    expect(again.body).toHaveProperty("revokedAt");
  });

  it("without the scope admin makes nobody an admin, and takes no admin over", async () => {
    const clerk = server.as(await server.keyWith(["users:read", "users:write", "enrollments:write"]));
    expect((await clerk.post("/v1/users", { role: "admin" })).status).toBe(403);
    const { body } = await clerk.post("/v1/users", { displayName: "Plain" });
    expect((await clerk.patch(`/v1/users/${body.id}`, { role: "operator" })).status).toBe(403);
    const admin = server.demo.users[0]?.id;
    const takeovers = [
      await clerk.post(`/v1/users/${admin}/authenticators`, { kind: "sms", to: "+12025550199" }),
      await clerk.post(`/v1/users/${admin}/enrollments`, { kind: "totp" }),
      await clerk.patch(`/v1/users/${admin}`, { role: "member" }),
      await clerk.delete(`/v1/users/${admin}`),
    ];
    expect(takeovers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});
