import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../../engine/code/random.ts";
import type { Place } from "../../engine/tools.ts";
import { newKeyRow } from "../keys/key-rows.ts";
import { createKeyring } from "../keys/keyring.ts";
import { newKeyset } from "../keys/keyset.ts";
import { resealRows, type SealedRow } from "../keys/rotate.ts";
import { keyRowStore, openUnlocked } from "./maintenance.ts";
import { readKeys } from "./parts.ts";
import { createSealedStore } from "./reseal.ts";

const now = 1_800_000_000_000;

/** An empty store with the organizations `a` and `b`, each with a data key. */
async function opened() {
  const folder = mkdtempSync(join(tmpdir(), "countersign-reseal-"));
  const keyset = newKeyset(systemRandom);
  const parts = { path: join(folder, "store.db"), keyset, checkpoints: join(folder, "checkpoints.txt") };
  const maintenance = openUnlocked(parts);
  onTestFinished(() => {
    maintenance.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { connection } = maintenance;
  const keys = keyRowStore(maintenance, () => [], now);
  await keys.save(
    ["a", "b"].map((organization) =>
      newKeyRow(keyset, { purpose: "data", organization, now }, { random: systemRandom }),
    ),
  );
  for (const id of ["a", "b"]) {
    connection.prepare("INSERT INTO organizations VALUES (?, ?, '{}', 0)").run(id, id);
  }
  const keyring = () => createKeyring({ keyset, rows: readKeys(connection) }, { random: systemRandom });
  return { maintenance, connection, keyset, keys, keyring };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** One value of every kind that the server seals, where the server puts it. */
function fill(
  { connection, keyring }: Opened,
  organization: string,
  id = organization,
): ReadonlyMap<string, string> {
  const ring = keyring();
  const written = new Map<string, string>();
  const sealed = (table: string, column: string, row: string) => {
    const place: Place = { organization, table, column, row };
    const text = `${table}.${column}.${row}`;
    written.set(text, text);
    return ring.seal(place, text);
  };
  connection.prepare("INSERT INTO users VALUES (?, ?, NULL, '{}', 0, 0)").run(`u-${id}`, organization);
  const destination = sealed("authenticators", "destination", `s-${id}`);
  const authenticator = connection.prepare(
    "INSERT INTO authenticators VALUES (?, ?, ?, ?, 'active', NULL, ?, 0, NULL)",
  );
  authenticator.run(`u-${id}`, `s-${id}`, organization, "sms", JSON.stringify({ hint: 'é"', destination }));
  const seed = sealed("authenticators", "seed", `t-${id}`);
  authenticator.run(`u-${id}`, `t-${id}`, organization, "totp", JSON.stringify({ seed }));
  const to = sealed("verifications", "destination", `v-${id}`);
  connection
    .prepare(
      `INSERT INTO verifications (id, organization, guard, destination, hint, channel, via, purpose, locale, status,
         sealed_code, kid, attempts, sends, created_at, expires_at, rules, deliveries, outside)
       VALUES (?, ?, 'g', ?, '', 'api', 'sms', 'login', 'en', 'pending', ?, 'code-1', 0, 0, 0, 0, '{}', '[]', ?)`,
    )
    .run(
      ...[`v-${id}`, organization, to, sealed("verifications", "code", `v-${id}`)],
      JSON.stringify({ waiting: 0, reference: sealed("verifications", "outside", `v-${id}`) }),
    );
  const delivery = connection.prepare("INSERT INTO deliveries VALUES (?, ?, ?, 'queued', NULL, ?, 0, 0)");
  for (const [row, destinationAt, copy] of [
    [`d1-${id}`, { table: "authenticators", row: `s-${id}` }, destination],
    [`d2-${id}`, { table: "verifications", row: `v-${id}` }, to],
  ] as const) {
    const document = { code: sealed("deliveries", "code", row), destination: copy, destinationAt };
    delivery.run(row, organization, `v-${id}`, JSON.stringify(document));
  }
  const state = sealed("conversations", "state", `cv-${id}`);
  connection
    .prepare("INSERT INTO conversations VALUES (?, ?, 'p', 'chat', 'x', NULL, NULL, 1, ?, NULL, 0, 0, 0)")
    .run(`cv-${id}`, organization, state);
  connection
    .prepare("INSERT INTO idempotency VALUES (?, ?, 'f', ?, 0)")
    .run(`i-${id}`, organization, sealed("idempotency", "outcome", `i-${id}`));
  connection
    .prepare("INSERT INTO credentials VALUES (?, ?, ?, ?, 0, 0)")
    .run(`c-${id}`, organization, id, JSON.stringify({ secret: sealed("credentials", "secret", `c-${id}`) }));
  connection
    .prepare("INSERT INTO test_numbers VALUES (?, ?, 'sms', ?, 0, ?, 0, 0)")
    .run(`n-${id}`, organization, id, JSON.stringify({ code: sealed("test_numbers", "code", `n-${id}`) }));
  const secret = sealed("webhooks", "secret", `w-${id}`);
  const previousSecret = sealed("webhooks", "previousSecret", `w-${id}`);
  connection
    .prepare("INSERT INTO webhooks VALUES (?, ?, ?, 0, 0)")
    .run(`w-${id}`, organization, JSON.stringify({ events: [], secret, previousSecret }));
  return written;
}

/** Two deliveries hold a copy of a destination each. */
const copies = 2;

async function collect(rows: AsyncIterable<SealedRow>): Promise<readonly SealedRow[]> {
  const all: SealedRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

test("every sealed value is found, with the place that it opens in", async () => {
  const store = await opened();
  const written = fill(store, "a");
  fill(store, "b");
  const values = createSealedStore(store.connection);
  const rows = await collect(values.sealedRows());
  const expected = 2 * (written.size + copies);
  expect(rows).toHaveLength(expected);
  expect(values.count()).toBe(expected);
  const ring = store.keyring();
  const texts = rows.map((row) => Buffer.from(ring.open(row, row.value)).toString());
  for (const text of written.keys()) expect(texts).toContain(text);
  // The two copies in deliveries open as what they are copies of.
  expect(texts.filter((text) => text === "authenticators.destination.s-a")).toHaveLength(2);
  expect(texts.filter((text) => text === "verifications.destination.v-a")).toHaveLength(2);
});

test("every row of the database that names a data key is one that the columns lead to", async () => {
  const store = await opened();
  fill(store, "a");
  const [key] = readKeys(store.connection).filter(({ organization }) => organization === "a");
  const values = createSealedStore(store.connection);
  const rows = await collect(values.sealedRows());
  const kept = rows as readonly (SealedRow & { home: { table: string }; keys: readonly string[] })[];
  const homes = new Set(kept.map(({ home, keys }) => [home.table, ...keys].join(" ")));
  expect(values.mentions(key!.kid)).toBe(homes.size);
});

test("after a new key every value of the organization is sealed with it, and the others are left alone", async () => {
  const store = await opened();
  const all = fill(store, "a").size + copies;
  fill(store, "b");
  const before = await collect(createSealedStore(store.connection).sealedRows());
  const made = newKeyRow(
    store.keyset,
    { purpose: "data", organization: "a", now: now + 1 },
    { random: systemRandom },
  );
  await store.keys.save([made]);
  const ring = store.keyring();
  const values = createSealedStore(store.connection, "a");
  let last: unknown;
  for await (const step of resealRows("a", values, ring)) last = step;
  expect(last).toEqual({ seen: all, resealed: all, overtaken: 0, unreadable: 0 });
  const after = await collect(createSealedStore(store.connection).sealedRows());
  expect(after.map(({ table, column, row }) => [table, column, row])).toEqual(
    before.map(({ table, column, row }) => [table, column, row]),
  );
  for (const row of after) {
    expect(row.value.startsWith(`v1.${made.kid}.`), row.row).toBe(row.organization === "a");
    ring.open(row, row.value);
  }
  // What stands beside a sealed value in the same document is as it was.
  const { document } = store.connection
    .prepare<unknown[], { document: string }>("SELECT document FROM authenticators WHERE id = 's-a'")
    .get()!;
  expect(JSON.parse(document).hint).toBe('é"');
});

test("a value that changed meanwhile is not overwritten", async () => {
  const store = await opened();
  fill(store, "a");
  const values = createSealedStore(store.connection, "a");
  const [row] = await collect(values.sealedRows());
  const replace = values.replace as (row: SealedRow, value: string) => Promise<boolean>;
  expect(await replace({ ...row!, value: "v1.other.AAAA" }, "v1.new.AAAA")).toBe(false);
  expect(await replace(row!, "v1.new.AAAA")).toBe(true);
  expect(await replace(row!, "v1.newer.AAAA")).toBe(false);
});

test("more rows than a page are read to the end, each once", async () => {
  const store = await opened();
  const ring = store.keyring();
  const insert = store.connection.prepare("INSERT INTO idempotency VALUES (?, 'a', 'f', ?, 0)");
  for (let number = 0; number < 1_250; number += 1) {
    const row = `k${number}`;
    insert.run(row, ring.seal({ organization: "a", table: "idempotency", column: "outcome", row }, "x"));
  }
  const rows = await collect(createSealedStore(store.connection).sealedRows());
  expect(new Set(rows.map(({ row }) => row)).size).toBe(1_250);
});

test("a change that fails keeps neither rows nor events, and the chain goes on", async () => {
  const { maintenance, connection } = await opened();
  const event = { type: "key.rotated", organization: "a", actor: "cli" } as const;
  const events = () => connection.prepare("SELECT seq FROM audit").all().length;
  maintenance.change(now, () => [event]);
  expect(() =>
    maintenance.change(now, () => {
      connection.exec("INSERT INTO meta VALUES ('half', 'done')");
      throw new Error("stop");
    }),
  ).toThrow("stop");
  expect(connection.prepare("SELECT 1 FROM meta WHERE name = 'half'").get()).toBeUndefined();
  maintenance.change(now, () => [event]);
  expect(events()).toBe(2);
});
