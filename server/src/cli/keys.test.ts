import { copyFileSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { run, runJson, sendCode, serve, tempFolder } from "../../test/cli/command.ts";

interface Keys {
  readonly kek: { kid: string; state: string; wraps: number }[];
  readonly keys: { kid: string; purpose: string; state: string; wrappedBy: string }[];
}

interface Verified {
  readonly ok: boolean;
  readonly values: number;
  readonly keys: { kid: string; purpose: string; state: string; uses: number }[];
}

async function demoFolder(): Promise<string> {
  const data = join(tempFolder(), "data");
  const server = await serve(data);
  await server.stop();
  return data;
}

const status = (data: string) => runJson<Keys>(["keys", "status", "--data", data]);
const verify = (data: string) => runJson<Verified>(["keys", "verify", "--data", data]);
const auditIsWhole = async (data: string) =>
  expect((await run(["audit", "verify", "--data", data])).code).toBe(0);

describe("rotation", () => {
  test("after new keys of every kind the code that was sent before is still accepted", async () => {
    const data = join(tempFolder(), "data");
    const server = await serve(data);
    const { id, code } = await sendCode(server);
    const live = await run(["keys", "rotate", "--code", "--data", data]);
    expect(live).toMatchObject({ code: 75, stdout: "" });
    await server.stop();

    for (const what of ["--code", "--data-key", "--receipt", "--audit", "--kek"]) {
      const ended = await run(["keys", "rotate", what, "--data", data]);
      expect(ended.code, `${what}: ${ended.stderr}`).toBe(0);
    }
    const { kek, keys } = await status(data);
    expect(kek).toEqual([
      { kid: "k1", state: "decrypt", wraps: 0 },
      { kid: "k2", state: "active", wraps: keys.length + 1 },
    ]);
    for (const purpose of ["code", "data", "receipt", "audit"]) {
      const states = keys.filter((key) => key.purpose === purpose).map((key) => key.state);
      expect(states, purpose).toEqual(["decrypt", "active"]);
    }
    const again = await serve(data);
    expect(await again.json(["check", id, code])).toMatchObject({ approved: true });
    // New codes are made with the new keys.
    const next = await sendCode(again, "1002");
    expect(await again.json(["check", next.id, next.code])).toMatchObject({ approved: true });
    await again.stop();
    await auditIsWhole(data);

    const events = (await run(["audit", "export", "--type", "key.rotated", "--data", data])).stdout;
    const purposes = events
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).details.purpose);
    expect(purposes).toEqual(["code", "data", "receipt", "audit", "kek"]);
  });

  test("a data key is retired only when nothing is sealed with it, and then everything still opens", async () => {
    const data = await demoFolder();
    const before = await verify(data);
    const old = before.keys.find((key) => key.purpose === "data")!;
    expect(old.uses).toBeGreaterThan(0);
    const active = await run(["keys", "retire", old.kid, "--data", data]);
    expect(active.code).toBe(1);
    expect(active.stdout).toBe("");

    const rotated = await runJson<{ organizations: { resealed: number; older: string[] }[] }>([
      ...["keys", "rotate", "--data-key", "demo", "--data", data],
    ]);
    expect(rotated.organizations).toMatchObject([{ resealed: old.uses, older: [old.kid] }]);
    const after = await verify(data);
    expect(after).toMatchObject({ ok: true, values: before.values });
    expect(after.keys.find((key) => key.kid === old.kid)).toMatchObject({ state: "decrypt", uses: 0 });
    expect((await run(["keys", "retire", old.kid, "--data", data])).code).toBe(0);
    expect(await verify(data)).toMatchObject({ ok: true });
    expect((await status(data)).keys.map((key) => key.kid)).not.toContain(old.kid);
    await auditIsWhole(data);
  });

  test("a key that an unknown column still names is not retired", async () => {
    const data = await demoFolder();
    const old = (await verify(data)).keys.find((key) => key.purpose === "data")!;
    await runJson(["keys", "rotate", "--data-key", "--data", data]);
    const database = new Database(join(data, "countersign.db"));
    database.exec(`INSERT INTO meta (name, value) VALUES ('later', '{"x":"v1.${old.kid}.AAAA"}')`);
    database.close();
    const refused = await run(["keys", "retire", old.kid, "--data", data]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("1 values");
  });

  test("the key of a code that is pending is not retired; a receipt key lives as long as its receipts", async () => {
    const data = join(tempFolder(), "data");
    const server = await serve(data);
    await sendCode(server);
    await server.stop();
    const { keys } = await status(data);
    for (const purpose of ["code", "receipt"]) {
      const { kid } = keys.find((key) => key.purpose === purpose)!;
      await runJson(["keys", "rotate", `--${purpose}`, "--data", data]);
      const refused = await run(["keys", "retire", kid, "--data", data, "--json"]);
      expect(refused.code, purpose).toBe(1);
      expect(JSON.parse(refused.stderr).error.code).toBe("key_in_use");
    }
    const audit = keys.find((key) => key.purpose === "audit")!;
    await runJson(["keys", "rotate", "--audit", "--data", data]);
    expect((await run(["keys", "retire", audit.kid, "--data", data])).code).toBe(1);
    expect((await run(["keys", "retire", "no-such-key", "--data", data])).code).toBe(2);
  });

  test("an older key-encryption key is retired from the file once it wraps nothing", async () => {
    const data = await demoFolder();
    const file = join(data, "countersign.keys");
    expect((await run(["keys", "retire", "k1", "--data", data])).code).toBe(1);
    await runJson(["keys", "rotate", "--kek", "--data", data]);
    expect((await run(["keys", "retire", "k1", "--data", data])).code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(file, "utf8")).keys)).toEqual(["k2"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await verify(data)).toMatchObject({ ok: true });
    await auditIsWhole(data);
  });

  test("one choice, no more, and an organization that is there", async () => {
    const data = await demoFolder();
    expect((await run(["keys", "rotate", "--kek", "--code", "--data", data])).code).toBe(2);
    expect((await run(["keys", "rotate", "--data-key", "nobody", "--data", data])).code).toBe(1);
    expect((await run(["keys", "rotate", "--code", "--data", tempFolder()])).code).toBe(78);
  });
});

describe("wrong and damaged", () => {
  test("another database's key file: 78, and nothing is changed", async () => {
    const [data, other] = await Promise.all([demoFolder(), demoFolder()]);
    const file = join(data, "countersign.keys");
    copyFileSync(join(other, "countersign.keys"), file);
    const before = readFileSync(join(data, "countersign.db"));
    const given = readFileSync(file, "utf8");
    for (const command of ["status", "verify", "rotate"]) {
      const ended = await run(["keys", command, ...(command === "rotate" ? ["--kek"] : []), "--data", data]);
      expect(ended.code, command).toBe(78);
      expect(ended.stdout).toBe("");
    }
    expect(readFileSync(join(data, "countersign.db")).equals(before)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(given);
  });

  test("a value that was altered or moved does not open: verify says which, exit 1", async () => {
    const data = await demoFolder();
    const database = new Database(join(data, "countersign.db"));
    database.exec(`UPDATE authenticators SET document = json_set(document, '$.destination',
      (SELECT json_extract(document, '$.destination') FROM authenticators WHERE kind = 'sms' LIMIT 1))
      WHERE kind = 'email' AND user_id = (SELECT min(user_id) FROM authenticators)`);
    database.close();
    const ended = await run(["keys", "verify", "--data", data, "--json"]);
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      ok: false,
      unreadableCount: 1,
      unreadable: [{ table: "authenticators", column: "destination", reason: "forged" }],
    });
    // Rotation leaves it as it is and says so.
    const rotated = await run(["keys", "rotate", "--data-key", "--data", data]);
    expect(rotated.code).toBe(65);
    expect(rotated.stderr).toContain("1 values do not open");
  });

  test("keys new makes a file for a new folder, and none beside a database", async () => {
    const data = join(tempFolder(), "data");
    const made = await runJson<{ keyFile: string }>(["keys", "new", "--data", data]);
    expect(statSync(made.keyFile).mode & 0o777).toBe(0o600);
    expect((await run(["keys", "new", "--data", data])).code).toBe(78);
    await runJson(["init", "--data", data, "--organization", "acme", "--email", "anna@example.com"]);
    rmSync(made.keyFile);
    const lost = await run(["keys", "new", "--data", data]);
    expect(lost.code).toBe(78);
    expect(statSync(made.keyFile, { throwIfNoEntry: false })).toBeUndefined();
  });
});
