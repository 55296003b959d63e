import { hash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenServer, openServer } from "../open-server.ts";

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const withKey = (key: string) => ({ "idempotency-key": key });

/** An operation that makes something, and a second request to it that asks for another thing. */
const makers: readonly { readonly path: string; readonly body: object; readonly other: object }[] = [
  { path: "/v1/users", body: { displayName: "Once" }, other: { displayName: "Twice" } },
  { path: "/v1/apps", body: { name: "Once" }, other: { name: "Twice" } },
  {
    path: "/v1/api-keys",
    body: { name: "Once", scopes: ["users:read"] },
    other: { name: "Twice", scopes: ["users:read"] },
  },
  {
    path: "/v1/credentials",
    body: { name: "Once", secret: "canary-secret-1" },
    other: { name: "Twice", secret: "canary-secret-1" },
  },
];

test.each(makers)("$path: the same request twice makes one thing and gives one answer", async (maker) => {
  const { api } = server;
  const key = withKey(`key ${maker.path}`);
  const first = await api.post(maker.path, maker.body, key);
  expect(first.status).toBe(201);
  const again = await api.post(maker.path, maker.body, key);
  expect(again).toMatchObject({ status: 201, body: first.body });
  expect(again.headers.get("content-type")).toBe(first.headers.get("content-type"));
  expect(await api.post(maker.path, maker.other, key)).toMatchObject({
    status: 409,
    body: { code: "idempotency_conflict" },
  });
  // The key is one caller's: another's request is its own.
  const stranger = server.as(await server.keyWith(["admin"]));
  const theirs = await stranger.post(maker.path, maker.other, key);
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(first.body.id);
});

test("many at once make one thing: the others get its answer, or are told to wait", async () => {
  const body = { displayName: "Parallel", externalId: "parallel" };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => server.api.post("/v1/users", body, withKey("parallel"))),
  );
  const made = new Set(answers.filter(({ status }) => status === 201).map((answer) => answer.body.id));
  expect(made.size).toBe(1);
  const others = answers.filter(({ status }) => status !== 201);
  for (const other of others) expect(other).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(await server.api.post("/v1/users", body, withKey("parallel"))).toMatchObject({ status: 201 });
});

test("a refused request frees its key, and one whose outcome nobody knows is not done again", async () => {
  const { api, countersign } = server;
  const refused = await api.post("/v1/users", { email: "nonsense" }, withKey("refused"));
  expect(refused.status).toBe(400);
  const mended = await api.post("/v1/users", { email: "once@example.com" }, withKey("refused"));
  expect(mended.status).toBe(201);

  // What a server leaves that dies in the middle: the note, and no answer.
  const body = { displayName: "Lost" };
  const organization = server.demo.organization;
  const caller = await countersign.app.principals.find(server.demo.apiKey);
  const row = `${caller?.apiKeyId} POST /v1/users lost`;
  const place = { organization, table: "idempotency", column: "outcome", row };
  const outcome = countersign.keyring.seal(place, JSON.stringify({ status: 0, body: "" }));
  const fingerprint = hash("sha256", `POST\n/v1/users\n${JSON.stringify(body)}`);
  const now = Date.now();
  await countersign.store.answers.begin(
    { organization, key: row, fingerprint, outcome, expiresAt: now + 1000 },
    now,
  );
  const lost = await api.post("/v1/users", body, withKey("lost"));
  expect(lost).toMatchObject({ status: 409, body: { code: "conflict" } });
});
