import Database from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { policyBounds } from "../../engine/policy/defaults.ts";
import { createCounterTable } from "./counters.ts";
import { createRows } from "./load.ts";
import { migrate } from "./migrate.ts";
import { createRulesTable } from "./rules.ts";
import { policyLifeMs } from "./sweep.ts";

const connection = new Database(":memory:");
afterAll(() => connection.close());

test("what lives longer than any policy allows is found by its index, without a walk over the table", () => {
  expect(policyLifeMs).toBe(policyBounds.codeTtlSeconds.most * 1000);
  migrate(connection, 0);
  const prepared: string[] = [];
  const prepare = connection.prepare.bind(connection);
  connection.prepare = ((sql: string) => {
    prepared.push(sql);
    return prepare(sql);
  }) as typeof connection.prepare;
  createRows(connection, createRulesTable(connection), createCounterTable(connection));
  const sql = prepared.find((one) => one.includes(String(policyLifeMs)));
  const plan = prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(0, 10);
  expect(plan.map(({ detail }) => detail)).toEqual([
    "SEARCH verifications USING INDEX verifications_long_lived (expires_at<?)",
  ]);
});
