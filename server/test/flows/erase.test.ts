import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyDatabase } from "../../src/store/sqlite/backup.ts";
import { run } from "../cli/command.ts";
import { codeIn, type OpenServer, openServer } from "../open-server.ts";

const email = "canary.bird@secret-aviary.example";
const phone = "+12025550178";
/** Whatever tells of the person in clear. The id of the user is no name of anybody. */
const traces = [
  "canary.bird",
  "secret-aviary",
  "2025550178",
  "crm-canary-4711",
  "Canary Bird",
  "canary action",
];

let server: OpenServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

/** Texts that occur in a file of the data folder, or in a backup made now; keys aside. */
async function found(texts: readonly string[]): Promise<readonly string[]> {
  const backup = join(server.data, "backup.db");
  rmSync(backup, { force: true });
  await copyDatabase(join(server.data, "countersign.db"), backup, () => undefined);
  const files = readdirSync(server.data).filter(
    (name) => name !== "demo.json" && name !== "countersign.keys",
  );
  expect(files).toEqual(expect.arrayContaining(["countersign.db", "countersign.db-wal", "backup.db"]));
  return files.flatMap((name) => {
    const bytes = readFileSync(join(server.data, name));
    return texts.filter((text) => bytes.includes(text)).map((text) => `${name}: ${text}`);
  });
}

test("CLI-08: an erased person is in no file and no backup, and the record still holds", async () => {
  const { api } = server;
  const other = server.demo.users[0]?.id;
  const created = await api.post("/v1/users", {
    externalId: "crm-canary-4711",
    displayName: "Canary Bird",
    email,
    phone,
  });
  const { id } = created.body;
  const binding = { action: "canary action" };
  const approved = await api.post("/v1/verifications", { user: id, via: "sms", purpose: "payment", binding });
  const code = codeIn((await server.messagesOf(approved.body.id))[0]);
  const byAddress = await api.post("/v1/verifications", { to: email, via: "email", purpose: "payment" });
  expect(byAddress.status).toBe(201);
  await api.post(`/v1/verifications/${approved.body.id}/check`, { code });
  const pending = await api.post("/v1/verifications", { user: id, via: "email" });
  const masks = [String(approved.body["to"]), String(pending.body["to"])];
  const others = await api.post("/v1/verifications", { user: other, via: "email" });
  const whole = [...traces, ...masks];
  expect((await found(whole)).length).toBeGreaterThan(3);

  expect((await server.as(await server.keyWith(["users:read"])).post(`/v1/users/${id}/erase`)).status).toBe(
    403,
  );
  expect((await api.post(`/v1/users/${id}/erase`)).status).toBe(204);
  expect(await found(whole)).toEqual([]);
  expect((await api.post(`/v1/users/${id}/erase`)).status).toBe(404);
  expect((await api.get(`/v1/users/${id}`)).status).toBe(404);

  for (const { body } of [approved, byAddress, pending]) {
    const left = await api.get(`/v1/verifications/${body.id}`);
    expect(left.body).toMatchObject({ to: "", status: body === approved.body ? "approved" : "canceled" });
    expect(left.body).not.toHaveProperty("user");
    expect(left.body).not.toHaveProperty("binding");
  }
  expect((await api.get(`/v1/verifications/${others.body.id}`)).body).toMatchObject({
    user: other,
    status: "pending",
    to: others.body["to"],
  });

  expect(await run(["audit", "verify", "--data", server.data])).toMatchObject({ code: 0 });
  const { body } = await api.get<{ events: Record<string, unknown>[] }>("/v1/audit?limit=200");
  const naming = body.events.filter((event) => JSON.stringify(event).includes(id));
  expect(naming).toMatchObject([{ type: "user.erased", user: id }]);
  expect(naming[0]?.["details"]).toEqual({});
});
