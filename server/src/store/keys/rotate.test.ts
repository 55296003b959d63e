import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemRandom } from "../../engine/code/random.ts";
import { createKeyFile, readKeyFile } from "./key-file.ts";
import { initialKeyRows, type KeyRow, newKeyRow, wrappedBy } from "./key-rows.ts";
import { createKeyring, type Keyring } from "./keyring.ts";
import { newKeyset } from "./keyset.ts";
import {
  countByKid,
  type KeyRowStore,
  planRotation,
  type ResealProgress,
  resealRows,
  retire,
  retireKek,
  rotateData,
  rotateKek,
  type SealedRow,
  type SealedValues,
} from "./rotate.ts";

const tools = { random: systemRandom };
const refusal = (code: string) => expect.objectContaining({ name: "KeyFileError", code });

function keyTable(initial: readonly KeyRow[]): KeyRowStore & { rows: Map<string, KeyRow> } {
  const rows = new Map(initial.map((row) => [row.kid, row]));
  return {
    rows,
    list: async () => [...rows.values()],
    save: async (changed) => {
      for (const row of changed) rows.set(row.kid, row);
    },
    remove: async (kid) => {
      rows.delete(kid);
    },
  };
}

function sealedTable(initial: readonly SealedRow[]): SealedValues & { values: Map<string, SealedRow> } {
  const values = new Map(initial.map((row) => [row.row, row]));
  return {
    values,
    async *sealedRows() {
      yield* [...values.values()];
    },
    replace: async (row, value) => {
      if (values.get(row.row)?.value !== row.value) return false;
      values.set(row.row, { ...row, value });
      return true;
    },
  };
}

const placeOf = (organization: string, row: string) => ({
  organization,
  table: "users",
  column: "seed",
  row,
});

function sealedRow(keyring: Keyring, organization: string, row: string): SealedRow {
  const place = placeOf(organization, row);
  return { ...place, value: keyring.seal(place, `secret of ${row}`) };
}

const opened = (keyring: Keyring, row: SealedRow) => Buffer.from(keyring.open(row, row.value)).toString();

async function last(job: AsyncIterable<ResealProgress>): Promise<ResealProgress | undefined> {
  let progress: ResealProgress | undefined;
  for await (const step of job) progress = step;
  return progress;
}

describe("rotateKek", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rotate-"));
    path = join(directory, "countersign.keys");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("wraps every key anew; the old key-encryption key can then be retired", async () => {
    const before = createKeyFile(path, systemRandom);
    const data = newKeyRow(before, { purpose: "data", organization: "org_1", now: 1 }, tools);
    const table = keyTable([...initialKeyRows(before, 1, tools), data]);
    const sealed = sealedRow(
      createKeyring({ keyset: before, rows: await table.list() }, tools),
      "org_1",
      "u1",
    );
    await expect(retireKek(path, "k1", table)).rejects.toThrow(refusal("key_in_use"));

    const after = await rotateKek(path, table, tools);
    expect(after.active).toBe("k2");
    expect(new Set([...table.rows.values()].map(wrappedBy))).toEqual(new Set(["k2"]));
    const only = await retireKek(path, "k1", table);
    expect(Object.keys(only.keys)).toEqual(["k2"]);
    const keyring = createKeyring({ keyset: readKeyFile(path), rows: await table.list() }, tools);
    expect(opened(keyring, sealed)).toBe("secret of u1");
    await expect(retireKek(path, "k2", table)).rejects.toThrow(refusal("key_in_use"));
  });

  it("can be repeated after a crash between the file and the rows", async () => {
    const before = createKeyFile(path, systemRandom);
    const table = keyTable(initialKeyRows(before, 1, tools));
    const crash = new Error("the disk is full");
    const failing = { ...table, save: () => Promise.reject(crash) };
    await expect(rotateKek(path, failing, tools)).rejects.toBe(crash);
    const between = createKeyring({ keyset: readKeyFile(path), rows: await table.list() }, tools);
    expect(between.checkpointKeys()).toHaveLength(1);
    expect((await rotateKek(path, table, tools)).active).toBe("k3");
    expect(new Set([...table.rows.values()].map(wrappedBy))).toEqual(new Set(["k3"]));
  });

  it("refuses another database's key file and leaves it as it is", async () => {
    const table = keyTable(initialKeyRows(newKeyset(systemRandom), 1, tools));
    const mine = createKeyFile(path, systemRandom);
    await expect(rotateKek(path, table, tools)).rejects.toThrow(refusal("key_file_wrong"));
    await expect(retireKek(path, "k0", table)).rejects.toThrow(refusal("key_file_wrong"));
    expect(readKeyFile(path)).toEqual(mine);
  });
});

describe("rotateData", () => {
  const keyset = newKeyset(systemRandom);
  const dataRow = (organization: string) =>
    newKeyRow(keyset, { purpose: "data", organization, now: 1 }, tools);
  const noMacs = { macs: async () => 0 };

  async function rotated() {
    const [own, foreign] = [dataRow("org_1"), dataRow("org_2")];
    const table = keyTable([...initialKeyRows(keyset, 1, tools), own, foreign]);
    const keyring = createKeyring({ keyset, rows: await table.list() }, tools);
    const sealed = sealedTable([
      ...Array.from({ length: 1_200 }, (_, index) => sealedRow(keyring, "org_1", `u${index}`)),
      sealedRow(keyring, "org_2", "v1"),
    ]);
    const changed = await rotateData("org_1", 2, { keyset, rows: table }, tools);
    for (const row of changed) keyring.add(row);
    return { own, foreign, fresh: changed[0]!, table, keyring, sealed };
  }

  it("makes a new active key, the old one only opens", async () => {
    const { own, fresh, table, keyring, sealed } = await rotated();
    expect(table.rows.get(own.kid)).toMatchObject({ state: "decrypt" });
    expect(table.rows.get(fresh.kid)).toMatchObject({ state: "active", organization: "org_1" });
    expect(keyring.seal(placeOf("org_1", "x"), "y")).toContain(fresh.kid);
    expect(opened(keyring, sealed.values.get("u7")!)).toBe("secret of u7");
  });

  it("seals everything of the organization again, and nothing of others", async () => {
    const { foreign, fresh, keyring, sealed } = await rotated();
    const steps: number[] = [];
    let progress: ResealProgress | undefined;
    for await (progress of resealRows("org_1", sealed, keyring)) steps.push(progress.seen);
    expect(steps).toEqual([500, 1_000, 1_200]);
    expect(progress).toEqual({ seen: 1_200, resealed: 1_200, overtaken: 0, unreadable: 0 });
    expect(await countByKid(sealed.sealedRows())).toEqual(
      new Map([
        [fresh.kid, 1_200],
        [foreign.kid, 1],
      ]),
    );
    expect(opened(keyring, sealed.values.get("u1199")!)).toBe("secret of u1199");
    expect(await last(resealRows("org_1", sealed, keyring))).toMatchObject({ resealed: 0 });
  });

  it("does not overwrite what was changed meanwhile, and leaves what cannot be opened", async () => {
    const { keyring, sealed } = await rotated();
    const newer = sealedRow(keyring, "org_1", "u3");
    const overtaken: SealedValues = {
      ...sealed,
      replace: (row, value) => {
        if (row.row === "u3") sealed.values.set("u3", newer);
        return sealed.replace(row, value);
      },
    };
    const broken = { ...sealed.values.get("u4")!, value: "v1.gone.AAAA" };
    sealed.values.set("u4", broken);
    expect(await last(resealRows("org_1", overtaken, keyring))).toEqual({
      seen: 1_200,
      resealed: 1_198,
      overtaken: 1,
      unreadable: 1,
    });
    expect(sealed.values.get("u3")).toEqual(newer);
    expect(sealed.values.get("u4")).toEqual(broken);
  });

  it("lets the old key go only when nothing uses it", async () => {
    const { own, fresh, table, keyring, sealed } = await rotated();
    const uses = { ...sealed, ...noMacs };
    await expect(retire(own.kid, table, uses)).rejects.toThrow(refusal("key_in_use"));
    await last(resealRows("org_1", sealed, keyring));
    await expect(retire(fresh.kid, table, uses)).rejects.toThrow(refusal("key_active"));
    await expect(retire("data-none", table, uses)).rejects.toThrow(refusal("key_unknown"));
    await retire(own.kid, table, uses);
    expect(table.rows.has(own.kid)).toBe(false);
  });
});

describe("the other purposes", () => {
  const keyset = newKeyset(systemRandom);
  const rows = initialKeyRows(keyset, 1, tools);
  const rotation = (purpose: KeyRow["purpose"]) =>
    planRotation(keyset, rows, { purpose, organization: null, now: 2 }, tools);

  it("code, audit and receipt keys rotate; index and check stay", () => {
    for (const purpose of ["code", "audit", "receipt"] as const) {
      expect(rotation(purpose).map(({ state }) => state)).toEqual(["active", "decrypt"]);
    }
    expect(() => rotation("index")).toThrow(refusal("key_not_rotatable"));
    expect(() => rotation("check")).toThrow(refusal("key_not_rotatable"));
  });

  it("a code made before the rotation is still checked, and holds its key until it is gone", async () => {
    const keyring = createKeyring({ keyset, rows }, tools);
    const mac = keyring.mac("code", ["012345"]);
    const table = keyTable([...rows, ...rotation("code")]);
    for (const row of await table.list()) keyring.add(row);
    expect(keyring.mac("code", ["012345"]).kid).not.toBe(mac.kid);
    expect(keyring.macWith(mac.kid, "code", ["012345"])).toEqual(mac.value);
    let pending = 1;
    const uses = { ...sealedTable([]), macs: async (kid: string) => (kid === mac.kid ? pending : 0) };
    await expect(retire(mac.kid, table, uses)).rejects.toThrow(refusal("key_in_use"));
    pending = 0;
    await retire(mac.kid, table, uses);
    expect(table.rows.has(mac.kid)).toBe(false);
  });

  it("keys that old records are checked with are never removed", async () => {
    const table = keyTable([...rows, ...rotation("audit")]);
    const old = [...table.rows.values()].find((row) => row.purpose === "audit" && row.state === "decrypt")!;
    const uses = { ...sealedTable([]), macs: async () => 0 };
    await expect(retire(old.kid, table, uses)).rejects.toThrow(refusal("key_not_rotatable"));
  });
});
