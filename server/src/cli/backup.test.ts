import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { Secret, TOTP } from "otpauth";
import { describe, expect, onTestFinished, test } from "vitest";
import { type RunningServer, run, runJson, sendCode, serve, tempFolder } from "../../test/cli/command.ts";

interface Backup {
  readonly file: string;
  readonly manifest: { sha256: string; schema: number; auditHead: { seq: number; hash: string } };
}

interface Restored {
  readonly verifications: number;
  readonly deliveries: number;
  readonly kept: readonly string[];
}

const backup = (data: string, file: string) => runJson<Backup>(["backup", file, "--data", data]);

/** A folder with a demo in it and its backup; the server is stopped. */
async function backedUp() {
  const folder = tempFolder();
  const data = join(folder, "data");
  const server = await serve(data);
  const file = join(folder, "copy.db");
  await backup(data, file);
  await server.stop();
  return { folder, data, file };
}

/** Everything in a folder by content, to see that nothing changed. */
function contentOf(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => !name.endsWith(".lock"));
  const digest = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}

/** The backup with something done to it, and a manifest that agrees with it. */
function changed(file: string, change: (database: Database.Database) => void): string {
  const copy = `${file}.changed`;
  copyFileSync(file, copy);
  const database = new Database(copy);
  change(database);
  database.close();
  return copy;
}

describe("backup", () => {
  test("a backup under load is one moment of the database: sound, private, with a true manifest", async () => {
    const folder = tempFolder();
    const data = join(folder, "data");
    const server = await serve(data);
    let writing = true;
    let written = 0;
    const writer = (async () => {
      while (writing) {
        await server.ask("POST", "/v1/users", { externalId: `load-${written}` });
        written += 1;
      }
    })();
    onTestFinished(() => {
      writing = false;
    });
    const made: Backup[] = [];
    for (let number = 0; number < 3; number += 1)
      made.push(await backup(data, join(folder, `copy-${number}.db`)));
    writing = false;
    await writer;
    expect(written).toBeGreaterThan(0);

    const rows = (await run(["audit", "export", "--data", data])).stdout.trim().split("\n");
    for (const { file, manifest } of made) {
      expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(manifest.sha256);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(`${file}.json`, "utf8"))).toEqual(manifest);
      expect(readdirSync(folder).filter((name) => /-(wal|shm|journal)$/.test(name))).toEqual([]);
      // The record of the backup is a beginning of the record of the server.
      const { seq, hash } = manifest.auditHead;
      expect(JSON.parse(rows[seq - 1]!)).toMatchObject({ seq, hash });
      const copy = new Database(file, { readonly: true });
      expect(copy.pragma("integrity_check", { simple: true })).toBe("ok");
      // Every user that is in the copy has its event in the copy, and the other way round.
      const users = copy.prepare("SELECT count(*) AS n FROM users").get() as { n: number };
      const events = copy.prepare("SELECT count(*) AS n FROM audit WHERE type = 'user.created'").get();
      expect(events).toEqual(users);
      copy.close();
      const secret = JSON.parse(readFileSync(join(data, "countersign.keys"), "utf8")).keys.k1;
      expect(readFileSync(file).includes(secret)).toBe(false);
    }
  });

  test("nothing is overwritten, and nothing is left of a backup that failed", async () => {
    const { folder, data, file } = await backedUp();
    const before = contentOf(folder.concat("/data"));
    const again = await run(["backup", file, "--data", data]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(file);
    expect(contentOf(join(folder, "data"))).toEqual(before);

    expect((await run(["backup", join(folder, "x.db"), "--data", join(folder, "nowhere")])).code).toBe(78);
    const database = join(data, "countersign.db");
    const bytes = readFileSync(database);
    // The head of a page of users says how the page is laid out.
    const page = Math.floor(bytes.lastIndexOf("Clara Conrad") / 4_096) * 4_096;
    bytes.fill(0xff, page, page + 8);
    writeFileSync(database, bytes);
    const damaged = await run(["backup", join(folder, "y.db"), "--data", data]);
    expect(damaged.code).toBe(65);
    expect(existsSync(join(folder, "y.db"))).toBe(false);
    expect(existsSync(join(folder, "y.db.json"))).toBe(false);
  });
});

async function consume(server: RunningServer, receipt: string): Promise<number> {
  return (await server.ask("POST", "/v1/receipts/consume", { receipt })).status;
}

describe("restore", () => {
  test("what was pending at the backup is void, what was done stays done, and the record goes on", async () => {
    const folder = tempFolder();
    const data = join(folder, "data");
    const file = join(folder, "copy.db");
    const server = await serve(data);
    const approved = await sendCode(server, "1001");
    const { receipt } = await server.json<{ receipt: string }>(["check", approved.id, approved.code]);
    const pending = await sendCode(server, "1002");
    const totp = await enrollTotp(server);
    await backup(data, file);
    // After the backup: the pending one is approved, and the app's code is used.
    await server.json(["check", pending.id, pending.code]);
    expect((await useTotp(server, totp)).code).toBe(0);
    expect(await consume(server, receipt)).toBe(200);
    await server.stop();

    const refused = await run(["restore", file, "--data", data]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("--replace");
    const restored = await runJson<Restored>(["restore", file, "--replace", "--data", data]);
    expect(restored).toMatchObject({ verifications: 1 });
    expect(restored.kept).toHaveLength(2);
    for (const kept of restored.kept) expect(statSync(kept).mode & 0o777).toBe(0o600);

    const again = await serve(data);
    const asked = await again.run(["check", pending.id, pending.code, "--json"]);
    expect(asked.code).toBe(1);
    expect(await again.json(["status", pending.id])).toMatchObject({ status: "canceled" });
    expect(await again.json(["status", approved.id])).toMatchObject({ status: "approved" });
    // The app's code was used after the backup: the restored server does not know, and still does not take it.
    expect((await useTotp(again, totp)).code).toBe(1);
    // Neither does it know that this receipt was taken: it takes none from before.
    expect(await consume(again, receipt)).toBe(422);
    const next = await sendCode(again, "1002");
    const fresh = await again.json<{ receipt: string }>(["check", next.id, next.code]);
    expect(fresh).toMatchObject({ approved: true });
    expect(await consume(again, fresh.receipt)).toBe(200);
    await again.stop();

    expect((await run(["audit", "verify", "--data", data])).code).toBe(0);
    const told = await run(["audit", "export", "--type", "store.restored", "--data", data]);
    expect(JSON.parse(told.stdout)).toMatchObject({ actor: "cli", details: { verifications: 1 } });
    // Who kept the checkpoints elsewhere sees that a piece of history was given up.
    const checkpoints = restored.kept.find((path) => path.includes("checkpoints"))!;
    const forked = await run(["audit", "verify", "--checkpoint", checkpoints, "--data", data]);
    expect(forked.code).toBe(1);
  });

  test("onto a new machine: the backup and the key file are enough", async () => {
    const { folder, data, file } = await backedUp();
    const fresh = join(folder, "fresh");
    mkdirSync(fresh, { mode: 0o700 });
    copyFileSync(join(data, "countersign.keys"), join(fresh, "countersign.keys"));
    await runJson(["restore", file, "--data", fresh]);
    copyFileSync(join(data, "demo.json"), join(fresh, "demo.json"));
    const server = await serve(fresh);
    const { id, code } = await sendCode(server);
    expect(await server.json(["check", id, code])).toMatchObject({ approved: true });
  });

  test("CLI-05: onto a live folder it is refused, and the server goes on", async () => {
    const folder = tempFolder();
    const data = join(folder, "data");
    const file = join(folder, "copy.db");
    const server = await serve(data);
    await backup(data, file);
    const refused = await run(["restore", file, "--replace", "--data", data]);
    expect(refused.code).toBe(75);
    const { id, code } = await sendCode(server);
    expect(await server.json(["check", id, code])).toMatchObject({ approved: true });
  });

  test("CLI-05: other keys, a newer schema, a foreign file, damage: refused, and nothing is changed", async () => {
    const { folder, data, file } = await backedUp();
    const other = await backedUp();
    const newer = changed(file, (database) =>
      database.exec("INSERT INTO schema_migrations VALUES (999, 'tomorrow', 'x', 0)"),
    );
    const foreign = join(folder, "foreign.db");
    new Database(foreign).exec("CREATE TABLE cats (name TEXT)").close();
    const text = join(folder, "text.db");
    writeFileSync(text, "no database at all\n".repeat(500));
    const flipped = join(folder, "flipped.db");
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
    writeFileSync(flipped, bytes);
    copyFileSync(`${file}.json`, `${flipped}.json`);
    const torn = join(folder, "torn.db");
    writeFileSync(torn, readFileSync(file).subarray(0, 40_960));
    const log = join(folder, "log.db");
    copyFileSync(file, log);
    writeFileSync(`${log}-wal`, "x");
    const badManifest = join(folder, "manifest.db");
    copyFileSync(file, badManifest);
    writeFileSync(`${badManifest}.json`, "{}");

    const before = contentOf(data);
    for (const [given, code] of [
      [other.file, 78],
      [newer, 78],
      [foreign, 78],
      [text, 65],
      [flipped, 65],
      [torn, 65],
      [log, 65],
      [badManifest, 65],
      [join(data, "countersign.db"), 2],
      [join(folder, "missing.db"), 2],
    ] as const) {
      const ended = await run(["restore", given, "--replace", "--data", data]);
      expect(ended.code, `${given}: ${ended.stderr}`).toBe(code);
      expect(ended.stdout).toBe("");
      expect(contentOf(data), given).toEqual(before);
    }
  });
});

interface Totp {
  readonly user: string;
  readonly secret: string;
}

async function post(server: RunningServer, path: string, body: object): Promise<Record<string, string>> {
  const headers = { authorization: `Bearer ${server.demo.apiKey}`, "content-type": "application/json" };
  const response = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  expect(response.ok, path).toBe(true);
  return (await response.json()) as Record<string, string>;
}

/** An authenticator app, confirmed with a code of the step before, so that the present one is still unused. */
async function enrollTotp(server: RunningServer): Promise<Totp> {
  const user = server.demo.users[2]!.id;
  const begun = await post(server, `/v1/users/${user}/enrollments`, { kind: "totp" });
  const secret = /secret=([A-Z2-7]+)/.exec(JSON.stringify(begun))![1]!;
  const id = begun["id"] ?? begun["enrollment"]!;
  const code = codeAt(secret, Date.now() - 30_000);
  await post(server, `/v1/users/${user}/enrollments/${id}/confirm`, { code });
  return { user, secret };
}

async function useTotp(server: RunningServer, { user, secret }: Totp) {
  const { id } = await server.json<{ id: string }>(["send", user, "--via", "totp"]);
  return server.run(["check", id, codeAt(secret, Date.now()), "--json"]);
}

function codeAt(secret: string, at: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });
}
