import { spawnSync } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ended, run, runJson, sendCode, serve, tempFolder } from "../../test/cli/command.ts";
import { type AuditRow, appendEvent, chainHash, emptyHead, leafText } from "../engine/audit/chain.ts";
import {
  type Checkpoint,
  checkpointText,
  parseCheckpoint,
  serializeCheckpoint,
} from "../engine/audit/checkpoint.ts";
import { systemRandom } from "../engine/code/random.ts";

/** A stopped server's folder as files, so that each test can change a copy of its own. */
interface Recorded {
  readonly database: Buffer;
  readonly keys: Buffer;
  readonly checkpoints: string;
  readonly rows: readonly AuditRow[];
  readonly verification: string;
  readonly receipt: string;
}

let recorded: Recorded;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  const ends: (() => Promise<void>)[] = [];
  try {
    recorded = await record(join(folder, "data"), (stop) => void ends.push(stop));
  } finally {
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true });
  }
});

async function record(data: string, atEnd: (stop: () => Promise<void>) => void): Promise<Recorded> {
  const server = await serve(data, {}, atEnd);
  const { id, code } = await sendCode(server);
  const { receipt } = await server.json<{ receipt: string }>(["check", id, code]);
  await sendCode(server, "1002");
  await server.stop();
  const database = new Database(join(data, "countersign.db"), { readonly: true });
  const rows = database.prepare("SELECT * FROM audit ORDER BY seq").all() as AuditRow[];
  database.close();
  return {
    database: readFileSync(join(data, "countersign.db")),
    keys: readFileSync(join(data, "countersign.keys")),
    checkpoints: readFileSync(join(data, "audit-checkpoints.txt"), "utf8"),
    rows,
    verification: id,
    receipt,
  };
}

/** A copy of the folder; `change` may spoil it first. */
function folderWith(change: (database: Database.Database) => void = () => undefined): string {
  const data = tempFolder();
  writeFileSync(join(data, "countersign.db"), recorded.database, { mode: 0o600 });
  writeFileSync(join(data, "countersign.keys"), recorded.keys, { mode: 0o600 });
  writeFileSync(join(data, "audit-checkpoints.txt"), recorded.checkpoints, { mode: 0o600 });
  const database = new Database(join(data, "countersign.db"));
  change(database);
  database.close();
  return data;
}

const verify = (data: string, ...more: string[]) =>
  run(["audit", "verify", "--json", "--data", data, ...more]);

function expectBad(ended: Ended, found: { readonly seq?: number; readonly code?: string }): void {
  expect(ended.code, ended.stderr + ended.stdout).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, sentence: expect.any(String), ...found });
}

describe("audit verify", () => {
  test("an untouched record is whole; so is that of a running server", async () => {
    const ended = await verify(folderWith());
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    const { length } = recorded.rows;
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: true,
      events: length,
      erased: 0,
      head: { seq: length },
    });
    const text = await run(["audit", "verify", "--data", folderWith()]);
    expect(text.stdout).toContain(`${length} events`);

    const data = join(tempFolder(), "data");
    await serve(data);
    expect((await verify(data)).code).toBe(0);
  });

  test("AUD-01: one byte of the details of any event is changed in the file: that event is named", async () => {
    for (const row of recorded.rows.filter(({ seq }) => seq % 4 === 1)) {
      const data = folderWith();
      const path = join(data, "countersign.db");
      const bytes = readFileSync(path);
      const text = `${row.salt}${row.details}`;
      const middle = row.salt.length + Math.floor(row.details!.length / 2);
      // A page that was split may keep a stale copy of the row, in which a change means nothing: each copy is changed.
      let at = bytes.indexOf(text);
      expect(at).toBeGreaterThan(0);
      for (; at >= 0; at = bytes.indexOf(text, at + 1)) {
        bytes.writeUInt8(bytes.readUInt8(at + middle) ^ 0x01, at + middle);
      }
      writeFileSync(path, bytes);
      expectBad(await verify(data), { seq: row.seq, code: "details_altered" });
    }
  });

  test("AUD-01: so is a byte of the type, time, digest, salt or hash", async () => {
    for (const change of [
      "type = 'verification.denied'",
      "at = at + 1",
      "digest = replace(digest, substr(digest, 1, 1), 'g')",
      "salt = '00' || substr(salt, 3)",
      "hash = '00' || substr(hash, 3)",
      "organization = 'other'",
      "details = CAST(details AS BLOB)",
      // Erased events have no salt either: details alone do not go.
      "details = NULL",
    ]) {
      const ended = await verify(
        folderWith((database) => void database.exec(`UPDATE audit SET ${change} WHERE seq = 3`)),
      );
      expectBad(ended, { seq: 3 });
    }
  });

  test("AUD-02: an event deleted, put in, or swapped with the next", async () => {
    const deleted = folderWith((database) => void database.exec("DELETE FROM audit WHERE seq = 4"));
    expectBad(await verify(deleted), { seq: 4, code: "missing" });
    const swapped = folderWith(
      (database) =>
        void database.exec(
          "UPDATE audit SET seq = -seq WHERE seq IN (4, 5); UPDATE audit SET seq = 9 + seq WHERE seq < 0",
        ),
    );
    expectBad(await verify(swapped), { seq: 4, code: "reordered" });
    const inserted = folderWith((database) => {
      database.exec(
        "UPDATE audit SET seq = -seq - 1 WHERE seq >= 4; UPDATE audit SET seq = -seq WHERE seq < 0",
      );
      database.exec(
        "INSERT INTO audit SELECT 4, at, type, organization, digest, salt, details, hash FROM audit WHERE seq = 2",
      );
    });
    expectBad(await verify(inserted), { seq: 4, code: "inserted" });
  });

  test("AUD-03: a tail cut off is seen by the checkpoints, also by those that were kept elsewhere", async () => {
    const last = recorded.rows.length;
    const cut = (database: Database.Database) =>
      void database.exec(`DELETE FROM audit WHERE seq > ${last - 3}`);
    const data = folderWith(cut);
    expectBad(await verify(data), { seq: last - 2, code: "truncated" });

    // Who cuts the record cuts the file beside it too.
    const both = folderWith(cut);
    writeFileSync(join(both, "audit-checkpoints.txt"), "");
    const blind = await verify(both);
    expect(blind.code).toBe(0);
    expect(blind.stderr).toContain("no checkpoints");
    const elsewhere = join(tempFolder(), "kept.txt");
    writeFileSync(elsewhere, recorded.checkpoints);
    expectBad(await verify(both, "--checkpoint", elsewhere), { seq: last - 2, code: "truncated" });
  });

  test("AUD-04: a whole new chain does not fit the checkpoints, and new checkpoints are not signed by us", async () => {
    let head = emptyHead;
    const rewritten = folderWith((database) => {
      const update = database.prepare(
        "UPDATE audit SET at = ?, digest = ?, salt = ?, details = ?, hash = ? WHERE seq = ?",
      );
      for (const { type, organization, details, at } of recorded.rows) {
        const { organization: _same, ...rest } = JSON.parse(details!);
        const draft = { ...rest, type, organization, actor: "nobody" };
        const { row, head: next } = appendEvent(head, draft, at, systemRandom);
        update.run(row.at, row.digest, row.salt, row.details, row.hash, row.seq);
        head = next;
      }
    });
    expectBad(await verify(rewritten), { code: "forked" });

    const { privateKey } = generateKeyPairSync("ed25519");
    const forged = recorded.checkpoints
      .trim()
      .split("\n")
      .map((line) => {
        const checkpoint = parseCheckpoint(line) as Checkpoint;
        const { hash } = chainRow(rewritten, checkpoint.seq);
        const unsigned = { ...checkpoint, hash };
        const signature = sign(null, Buffer.from(checkpointText(unsigned)), privateKey).toString("base64url");
        return serializeCheckpoint({ ...unsigned, signature });
      });
    writeFileSync(join(rewritten, "audit-checkpoints.txt"), `${forged.join("\n")}\n`);
    expectBad(await verify(rewritten), { code: "signature_invalid" });
  });

  test("a file that SQLite calls malformed: 65, and not a word of a whole record", async () => {
    const data = folderWith();
    const path = join(data, "countersign.db");
    const bytes = readFileSync(path);
    // The page of the first event: its header of eight bytes says how the page is laid out.
    const page = Math.floor(bytes.indexOf(recorded.rows[0]!.details!) / 4096) * 4096;
    bytes.fill(0xff, page, page + 8);
    writeFileSync(path, bytes);
    const ended = await run(["audit", "verify", "--data", data]);
    expect(ended).toMatchObject({ code: 65, stdout: "" });
    expect(ended.stderr).toContain("malformed");
  });

  test("without the key file the public keys are enough; other keys are not", async () => {
    const data = folderWith();
    const out = join(tempFolder(), "evidence");
    await runJson(["audit", "bundle", recorded.verification, "--out", out, "--data", data]);
    const trusted = join(out, "keys.json");
    writeFileSync(join(data, "countersign.keys"), "gone", { mode: 0o600 });
    expect((await verify(data)).code).toBe(78);
    expect((await verify(data, "--trusted-keys", trusted)).code).toBe(0);
    const { keys } = JSON.parse(readFileSync(trusted, "utf8"));
    const { x } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
    writeFileSync(trusted, JSON.stringify({ keys: keys.map((key: object) => ({ ...key, x })) }));
    expectBad(await verify(data, "--trusted-keys", trusted), { code: "signature_invalid" });
    writeFileSync(trusted, "{}");
    expect((await verify(data, "--trusted-keys", trusted)).code).toBe(2);
  });

  test("a checkpoint file that is named must be one", async () => {
    const data = folderWith();
    const file = join(tempFolder(), "x");
    expect((await verify(data, "--checkpoint", file)).code).toBe(2);
    writeFileSync(file, "nothing of the kind\n");
    expect((await verify(data, "--checkpoint", file)).code).toBe(2);
  });
});

/** What an honest chain over these rows would have as its hash. */
function chainRow(data: string, seq: number): { readonly hash: string } {
  const database = new Database(join(data, "countersign.db"), { readonly: true });
  const row = database.prepare("SELECT * FROM audit WHERE seq = ?").get(seq) as AuditRow;
  const before = database.prepare("SELECT hash FROM audit WHERE seq = ?").get(seq - 1) as
    | typeof emptyHead
    | undefined;
  database.close();
  expect(chainHash(seq, (before ?? emptyHead).hash, leafText(row))).toBe(row.hash);
  return row;
}

describe("audit bundle", () => {
  test("the evidence of one verification is checked by its own program, with no part of the product", async () => {
    const data = folderWith();
    const folder = tempFolder();
    const receipt = join(folder, "receipt.jwt");
    writeFileSync(receipt, recorded.receipt);
    const out = join(folder, "evidence");
    const made = await runJson<{ events: number }>([
      ...["audit", "bundle", recorded.verification, "--receipt", receipt, "--out", out, "--data", data],
    ]);
    expect(made.events).toBeGreaterThanOrEqual(3);
    expect(statSync(out).mode & 0o777).toBe(0o700);
    const check = () =>
      spawnSync(process.execPath, ["verify.mjs", "bundle.json", "keys.json"], { cwd: out, encoding: "utf8" });
    const verdict = check();
    expect(verdict.status).toBe(0);
    expect(JSON.parse(verdict.stdout)).toMatchObject({ ok: true, trusted: true, events: made.events });

    const bundle = readFileSync(join(out, "bundle.json"), "utf8");
    expect(bundle).not.toContain(recorded.rows[0]!.salt);
    writeFileSync(join(out, "bundle.json"), bundle.replace("verification.approved", "verification.denied"));
    expect(check().status).toBe(1);

    const again = await run(["audit", "bundle", recorded.verification, "--out", out, "--data", data]);
    expect(again.code).toBe(2);
  });

  test("no such verification: 1; no checkpoint over it yet: 75; a receipt that is none: 1", async () => {
    const out = join(tempFolder(), "evidence");
    const bundle = (data: string, id: string, ...more: string[]) =>
      run(["audit", "bundle", id, "--out", out, "--data", data, ...more]);
    expect((await bundle(folderWith(), "019ab3c4-0000-7000-8000-000000000000")).code).toBe(1);
    expect((await bundle(folderWith(), "not an id at all")).code).toBe(1);
    const without = folderWith();
    writeFileSync(join(without, "audit-checkpoints.txt"), "");
    expect((await bundle(without, recorded.verification)).code).toBe(75);
    const receipt = join(tempFolder(), "receipt.jwt");
    writeFileSync(receipt, recorded.receipt.replace(/.{6}$/, "AAAAAA"));
    expect((await bundle(folderWith(), recorded.verification, "--receipt", receipt)).code).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});

test("audit export prints every event on a line of its own, and only those that are asked for", async () => {
  const data = folderWith();
  const lines = (ended: Ended) =>
    ended.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  const all = lines(await run(["audit", "export", "--data", data]));
  expect(all.map(({ seq }) => seq)).toEqual(recorded.rows.map(({ seq }) => seq));
  expect(all[0]).toMatchObject({ type: "organization.created", at: expect.stringMatching(/Z$/) });
  const some = lines(
    await run([
      "audit",
      "export",
      "--organization",
      "demo",
      "--after",
      "5",
      "--type",
      "user.created",
      "--data",
      data,
    ]),
  );
  expect(some.length).toBeGreaterThan(0);
  expect(some.every(({ seq, type }) => seq > 5 && type === "user.created")).toBe(true);
  const none = await run(["audit", "export", "--organization", "nobody", "--data", data]);
  expect(none).toMatchObject({ code: 0, stdout: "" });
  expect((await run(["audit", "export", "--after", "x", "--data", data])).code).toBe(2);
});
