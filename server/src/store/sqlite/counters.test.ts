import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SendCounter } from "../../engine/policy/sending-counters.ts";
import { createCounterTable } from "./counters.ts";
import { migrate } from "./migrate.ts";

let connection: Database.Database;
beforeEach(() => {
  connection = new Database(":memory:");
  migrate(connection, 0);
});
afterEach(() => connection.close());

const counter = (key: string, count: number, expiresAt = 100): SendCounter => ({
  organization: "home",
  key,
  counts: { count },
  expiresAt,
});
const onDisk = () =>
  connection
    .prepare<unknown[], { key: string; counts: string }>("SELECT key, counts FROM send_counters ORDER BY key")
    .all()
    .map(({ key, counts }) => `${key} ${counts}`);

test("a batch sees what it counted, and the disk gets each row once, at its end", () => {
  const table = createCounterTable(connection);
  for (const count of [1, 2, 3]) {
    table.save(counter("a", count));
    expect(table.find("home", "a")?.counts).toEqual({ count });
  }
  expect(onDisk()).toEqual([]);
  table.flush();
  expect(onDisk()).toEqual(['a {"count":3}']);
  expect(createCounterTable(connection).find("home", "a")).toEqual(counter("a", 3));
  expect(table.find("foreign", "a")).toBeUndefined();
  connection.exec("DELETE FROM send_counters");
  table.flush();
  expect(onDisk()).toEqual([]);
});

test("after a rollback the disk is what counts, also for rows that were read before", () => {
  const table = createCounterTable(connection);
  table.save(counter("a", 1));
  table.flush();
  connection.exec("BEGIN");
  table.save(counter("a", 2));
  table.save(counter("b", 1));
  table.flush();
  table.save(counter("a", 3));
  table.forget();
  connection.exec("ROLLBACK");
  expect(table.find("home", "a")?.counts).toEqual({ count: 1 });
  expect(table.find("home", "b")).toBeUndefined();
  table.flush();
  expect(onDisk()).toEqual(['a {"count":1}']);
});

test("what has expired is gone, written or not", () => {
  const table = createCounterTable(connection);
  table.save(counter("old", 1, 50));
  table.flush();
  table.save(counter("older", 1, 40));
  table.save(counter("new", 1, 60));
  table.expire(50);
  expect(onDisk()).toEqual(['new {"count":1}']);
  expect(table.find("home", "old")).toBeUndefined();
  expect(table.find("home", "older")).toBeUndefined();
});

test("many rows are all kept on the disk, whatever memory forgets", () => {
  const table = createCounterTable(connection);
  for (let index = 0; index < 2500; index += 1) table.save(counter(`k${index}`, index));
  table.flush();
  for (const index of [0, 1200, 2499])
    expect(table.find("home", `k${index}`)?.counts).toEqual({ count: index });
  expect(onDisk()).toHaveLength(2500);
});
