import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../engine/code/random.ts";
import { newKeyset } from "../keys/keyset.ts";
import { openSqliteStore } from "./open.ts";
import { readSealCounts } from "./seal-counts.ts";

test("what a key sealed is counted over restarts, in both threads", async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-seals-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "countersign.db");
  const options = {
    path,
    lock: join(folder, "countersign.lock"),
    checkpoints: join(folder, "audit-checkpoints.txt"),
    keyset: newKeyset(systemRandom),
  };
  const place = { organization: "org", table: "users", column: "x", row: "1" };
  const rules = { destinationsMs: 1, verificationsMs: 1 };
  const sealTen = async () => {
    const { store, keyring } = await openSqliteStore(options);
    if (!keyring.hasDataKey("org")) {
      const organization = {
        id: "org",
        name: "org",
        displayName: "Org",
        locale: "en",
        policy: {},
        createdAt: 1,
      };
      await store.settings.organizations.insert(organization, {
        type: "organization.created",
        organization: "org",
      });
    }
    const before = Math.max(0, ...Object.values(keyring.sealedCounts()));
    for (let index = 0; index < 10; index += 1) keyring.seal(place, "x");
    await store.retention.step(rules, 1, Date.UTC(2100, 0, 1));
    await store.retention.step(rules, 1, Date.UTC(2100, 0, 1));
    await store.close();
    return before;
  };
  expect(await sealTen()).toBe(0);
  expect(await sealTen()).toBe(10);
  const connection = new Database(path, { readonly: true });
  expect(Object.values(readSealCounts(connection))).toEqual([20]);
  connection.close();
});
