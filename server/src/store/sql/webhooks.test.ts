import Database from "better-sqlite3";
import { expect, test } from "vitest";
import type { SqlExecutor, SqlRow } from "./executor.ts";
import { applyPlan, bootstrap, statementFor } from "./migrations/index.ts";
import { createQueries } from "./queries.ts";
import { createWebhookStore } from "./webhooks.ts";

/** Two senders on one database, as two nodes see it. */
function openBooks(nodes: "one" | "many") {
  const database = new Database(":memory:");
  database.exec(bootstrap);
  for (const { statements } of applyPlan([])) {
    for (const statement of statements) database.exec(statementFor(statement, "sqlite"));
  }
  const executor: SqlExecutor = {
    read: async ({ sql, parameters }) => database.prepare<unknown[], SqlRow>(sql).all(...parameters),
    write: async (statements) => {
      for (const { sql, parameters } of statements) database.prepare(sql).run(...parameters);
      return true;
    },
  };
  database.exec("INSERT INTO organizations VALUES ('o', 'o', '{}', 0)");
  database.exec(`INSERT INTO webhooks VALUES ('w', 'o', '{"events":[]}', 0, 0)`);
  database.exec("INSERT INTO webhook_progress VALUES ('w', 'o', 7, NULL, NULL, NULL)");
  const tools = { executor, queries: createQueries("sqlite"), clock: { now: () => 0 } };
  const store = createWebhookStore({ ...tools, changed: () => undefined, nodes });
  return {
    lease: async (owner: string, now: number) => (await store.lease(owner, now, now + 60)).length,
    store,
  };
}

test("of many nodes one holds the lease, until it gives it up or dies", async () => {
  const { lease, store } = openBooks("many");
  expect(await lease("a", 0)).toBe(1);
  expect(await lease("b", 30)).toBe(0);
  expect(await lease("a", 50)).toBe(1);
  expect(await lease("b", 100)).toBe(0);
  expect(await lease("b", 111)).toBe(1);
  expect(await lease("a", 120)).toBe(0);
  await store.release("b");
  expect(await lease("a", 121)).toBe(1);
});

test("a node that is alone has nobody to wait for", async () => {
  const { lease } = openBooks("one");
  expect([await lease("a", 0), await lease("b", 1), await lease("b", 2)]).toEqual([1, 1, 1]);
});
