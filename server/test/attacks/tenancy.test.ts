import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopes } from "../../src/engine/settings.ts";
import { type OpenapiDocument, openapiDocument } from "../../src/http/openapi.ts";
import { type Arena, type Caller, type Method, openArena, shapeOf } from "./arena.ts";
import { enrollApp } from "./authenticator-app.ts";

let arena: Arena;
let stranger: Caller & { readonly organization: string };
/** One living id of ours for each kind of entry, by the word before it in a path. */
let ours: Readonly<Record<string, string>>;
let routes: readonly Route[];

interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operation: string;
}

beforeAll(async () => {
  arena = await openArena();
  stranger = await arena.stranger("tenancy");
  ours = await idsOfOurs();
  routes = routesWithIds(openapiDocument(arena.server.app));
});
afterAll(() => arena.close());

async function idsOfOurs(): Promise<Readonly<Record<string, string>>> {
  const { admin, demo } = arena;
  const { user } = await arena.person();
  await enrollApp(user, arena);
  const authenticators = await admin.get(`/v1/users/${user}/authenticators`);
  const [authenticator] = authenticators.body["authenticators"] as readonly { id: string }[];
  const providers = await admin.get("/v1/providers");
  const [provider] = providers.body["providers"] as readonly { id: string }[];
  const made = async (path: string, body: object) => (await admin.post(path, body)).body.id;
  return {
    users: user,
    authenticators: authenticator?.id ?? "",
    enrollments: await made(`/v1/users/${user}/enrollments`, { kind: "email", to: "ours@example.org" }),
    verifications: (await arena.start(user, "sms")).id,
    apps: demo.app,
    publications: demo.publications["api"]?.id ?? "",
    providers: provider?.id ?? "",
    credentials: await made("/v1/credentials", { name: "ours", secret: "secret of ours" }),
    templates: await made("/v1/templates", { via: "sms", locale: "it", text: `\${OTP}` }),
    "signalwire-projects": await made("/v1/signalwire-projects", { name: "ours" }),
    webhooks: await made("/v1/webhooks", { url: "https://example.com/ours", events: ["user.created"] }),
    "api-keys": await made("/v1/api-keys", { name: "ours", scopes: ["users:read"] }),
    "test-numbers": await made("/v1/test-numbers", {
      to: "+12025550142",
      via: "sms",
      code: "123456",
      expiresAt: new Date(arena.clock.at + 3_600_000).toISOString(),
    }),
  };
}

function routesWithIds(document: OpenapiDocument): readonly Route[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(() => path.includes("{"))
      .map(([method, { operationId }]) => ({
        method: method.toUpperCase() as Method,
        path,
        operation: operationId,
      })),
  );
}

/** The path with our ids in it, each by the word before it; `other` takes the place of all of them. */
function pathOf(route: Route, other?: string): string {
  return route.path.replaceAll(/([\w-]+)\/\{\w+\}/g, (_whole, word: string) => {
    const id = other ?? ours[word];
    if (id === undefined || id === "") throw new Error(`There is no id of ours for ${word}.`);
    return `${word}/${id}`;
  });
}

/** Something each operation would take, so that it is refused for the id and for nothing else. */
const bodies: Readonly<Record<string, object>> = {
  "apiKeys.revoke": {},
  "apps.update": { name: "Mine" },
  "authenticators.create": { kind: "sms", to: "+12025550199" },
  "authenticators.enable": { reason: "mine" },
  "credentials.update": { secret: "mine" },
  "enrollments.begin": { kind: "totp" },
  "enrollments.confirm": { code: "123456" },
  "providers.update": { enabled: false },
  "providers.test": { user: "01a20439-0000-7000-8000-000000000000" },
  "publications.create": { name: "Mine", channel: "chat" },
  "publications.update": { name: "Mine" },
  "signalwireProjects.update": { name: "Mine" },
  "templates.update": { text: `mine \${OTP}` },
  "webhooks.update": { enabled: false },
  "webhooks.rotate": { overlapSeconds: 60 },
  "webhooks.replay": { since: "2026-01-01T00:00:00.000Z" },
  "users.update": { displayName: "Mallory" },
  "verifications.check": { code: "123456" },
};

const ask = (caller: Caller, route: Route, path: string) =>
  caller.ask(route.method, path, route.method === "GET" ? undefined : bodies[route.operation]);

/** Everything of ours that an admin can see. */
async function everything(): Promise<string> {
  const { demo, admin } = arena;
  const paths = [
    "/v1/organization",
    ...["/v1/users?limit=200", `/v1/users/${ours["users"]}/authenticators`],
    ...["/v1/apps", `/v1/apps/${demo.app}/publications`, "/v1/providers", "/v1/credentials", "/v1/templates"],
    ...[
      "/v1/api-keys",
      "/v1/test-numbers",
      `/v1/verifications/${ours["verifications"]}`,
      "/v1/audit?limit=200",
    ],
  ];
  const answers = await Promise.all(paths.map((path) => admin.get(path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  return JSON.stringify(answers.map(({ body }) => body));
}

describe("API-25 every route with an id", () => {
  it("answers a foreign id as an unknown one: 404, with no effect", async () => {
    expect(routes.length).toBeGreaterThan(30);
    // Once both messages are handed over, nothing of ours changes by itself.
    await expect.poll(everything).toMatch(/delivery\.accepted.*delivery\.accepted/);
    const before = await everything();
    for (const route of routes) {
      const foreign = await ask(stranger, route, pathOf(route));
      const unknown = await ask(stranger, route, pathOf(route, "01a20439-0000-7000-8000-000000000000"));
      expect([route.operation, foreign.status]).toEqual([route.operation, 404]);
      expect([route.operation, shapeOf(foreign)]).toEqual([route.operation, shapeOf(unknown)]);
    }
    expect(await everything()).toBe(before);
  });

  it("would have worked with our key: every id and body above is right", async () => {
    // What reads and what changes nothing that others need; the rest differs only in its verb.
    for (const route of routes.filter(({ method }) => method === "GET")) {
      expect([route.operation, (await ask(arena.admin, route, pathOf(route))).status]).toEqual([
        route.operation,
        200,
      ]);
    }
    for (const route of routes.filter(({ operation }) => operation.endsWith(".update"))) {
      expect([route.operation, (await ask(arena.admin, route, pathOf(route))).status]).toEqual([
        route.operation,
        200,
      ]);
    }
  });

  it("also where an id of theirs stands before one of ours", async () => {
    const mine = await stranger.post("/v1/users", { externalId: "mine" });
    const app = await stranger.post("/v1/apps", { name: "Mine" });
    const { authenticators, enrollments, publications } = ours;
    const answers = await Promise.all([
      stranger.ask("DELETE", `/v1/users/${mine.body.id}/authenticators/${authenticators}`),
      stranger.post(`/v1/users/${mine.body.id}/enrollments/${enrollments}/confirm`, { code: "123456" }),
      stranger.get(`/v1/apps/${app.body.id}/publications/${publications}`),
      stranger.ask("PATCH", `/v1/apps/${app.body.id}/publications/${publications}`, { name: "Mine" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });
});

describe("API-26 lists", () => {
  it("hold no row of another organization, whatever the filter or cursor says", async () => {
    const { demo } = arena;
    const before = (await arena.admin.get("/v1/users?limit=1")).body["next"];
    const lists = [
      "/v1/users",
      "/v1/apps",
      "/v1/providers",
      "/v1/credentials",
      "/v1/templates",
      "/v1/api-keys",
      "/v1/test-numbers",
      "/v1/audit",
    ];
    const foreign = [...Object.values(ours), demo.organization, ...demo.users.map(({ id }) => id)];
    for (const list of lists) {
      for (const query of [
        "",
        "?limit=200",
        `?after=${before}`,
        `?cursor=${before}`,
        `?organization=${demo.organization}`,
      ]) {
        const { status, body } = await stranger.get(`${list}${query}`);
        expect([200, 400]).toContain(status);
        const text = JSON.stringify(body);
        expect(foreign.filter((id) => text.includes(id))).toEqual([]);
      }
    }
  });

  it("and settings cannot refer to what is another organization's", async () => {
    const answers = [
      await stranger.post("/v1/verifications", { user: ours["users"], via: "sms" }),
      await stranger.post("/v1/verifications", { to: "+12025550143", via: "sms", app: ours["apps"] }),
      await stranger.post("/v1/verifications", {
        to: "+12025550143",
        via: "sms",
        publication: ours["publications"],
      }),
      await stranger.post("/v1/templates", { via: "sms", locale: "en", text: `\${OTP}`, app: ours["apps"] }),
      await stranger.post("/v1/api-keys", { name: "bound", scopes: ["users:read"], app: ours["apps"] }),
      await stranger.get(`/v1/policy/explain?app=${ours["apps"]}`),
      await stranger.get(`/v1/policy/explain?user=${ours["users"]}`),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  });
});

describe("API-27 a key", () => {
  it("without the scope is refused before anything is looked up: 403 for known and unknown ids alike", async () => {
    const reader = await arena.callerWith(["users:read"]);
    const writing = routes.filter(
      ({ operation }) => !["users.get", "authenticators.list"].includes(operation),
    );
    for (const route of writing) {
      const known = await ask(reader, route, pathOf(route));
      const unknown = await ask(reader, route, pathOf(route, "01a20439-0000-7000-8000-000000000000"));
      expect([route.operation, known.status]).toEqual([route.operation, 403]);
      expect(shapeOf(known)).toBe(shapeOf(unknown));
    }
  });

  it("of an app sees and changes what is of that app only", async () => {
    const other = await arena.admin.post("/v1/apps", { name: "Another app" });
    const bound = await arena.callerWith(
      scopes.filter((scope) => scope !== "admin"),
      { app: other.body.id },
    );
    const verification = `/v1/verifications/${ours["verifications"]}`;
    const answers = [
      await bound.get(verification),
      await bound.post(`${verification}/check`, { code: "123456" }),
      await bound.post(`${verification}/resend`),
      await bound.post(`${verification}/cancel`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const refused = [
      await bound.get(`/v1/apps/${ours["apps"]}`),
      await bound.get("/v1/credentials"),
      await bound.ask("PATCH", "/v1/organization", { displayName: "Mine" }),
    ];
    for (const { status } of refused) expect([403, 404]).toContain(status);
    expect((await arena.admin.get(verification)).body.status).toBe("pending");
  });
});
