import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, tempFolder } from "../../test/cli/command.ts";
import { generateApiKey } from "../engine/code/api-key.ts";
import { systemRandom } from "../engine/code/random.ts";

const { key } = generateApiKey("test", systemRandom);

describe("the command line", () => {
  test("--help and --version end with 0 and talk on stdout", async () => {
    const [help, version] = await Promise.all([run(["--help"]), run(["--version"])]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    for (const name of ["serve", "init", "doctor", "backup", "restore", "audit", "keys", "inbox", "watch"]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
    expect(version).toMatchObject({ code: 0, stderr: "" });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    ["an unknown command", ["frobnicate"]],
    ["an unknown option", ["status", "x", "--frobnicate"]],
    ["a missing argument", ["send"]],
    ["a value that is none of the choices", ["send", "1001", "--via", "pigeon"]],
    ["no choice of a key", ["keys", "rotate"]],
  ])("%s ends with 2 and says so on stderr only", async (_name, parts) => {
    const ended = await run(parts, { cwd: tempFolder() });
    expect(ended.code).toBe(2);
    expect(ended.stdout).toBe("");
    expect(ended.stderr).not.toBe("");
  });

  test("CLI-02: an API key among the arguments is refused, and not repeated", async () => {
    for (const parts of [
      ["status", "x", "--key-file", key],
      ["send", "1001", `--url=http://127.0.0.1:1/?k=${key}`],
      ["check", "x", key],
    ]) {
      const ended = await run(parts);
      expect(ended.code).toBe(2);
      expect(ended.stdout + ended.stderr).not.toContain(key);
      expect(ended.stderr).toContain("--key-file");
    }
  });

  test("with --json an error is one JSON document on stderr, and stdout is empty", async () => {
    const ended = await run(["status", "x", "--json"], { cwd: tempFolder() });
    expect(ended).toMatchObject({ code: 78, stdout: "" });
    expect(JSON.parse(ended.stderr)).toEqual({
      error: { code: "key_missing", message: expect.stringContaining("--key-file"), exit: 78 },
    });
  });

  test("with --json arguments that are not understood are told in one JSON document too", async () => {
    const ended = await run(["send", "1001", "--via", "pigeon", "--json"], { cwd: tempFolder() });
    expect(ended).toMatchObject({ code: 2, stdout: "" });
    expect(JSON.parse(ended.stderr)).toEqual({
      error: { code: "usage", message: expect.stringContaining("pigeon"), exit: 2 },
    });
  });
});

describe("the server that a command asks", () => {
  test("that nobody answers ends with 69 and names the address", async () => {
    const ended = await run(["status", "x", "--url", "http://127.0.0.1:1"], {
      environment: { COUNTERSIGN_API_KEY: key },
    });
    expect(ended.code).toBe(69);
    expect(ended.stderr).toContain("http://127.0.0.1:1");
  });

  test.each(["ftp://127.0.0.1", "nonsense", "http://user:secret@127.0.0.1"])(
    "%s is no URL for it",
    async (url) => {
      const ended = await run(["status", "x", "--url", url], { environment: { COUNTERSIGN_API_KEY: key } });
      expect(ended.code).toBe(2);
      expect(ended.stderr).not.toContain("secret");
    },
  );

  test("a key file that is missing or holds no key ends with 78; one that others may read is remarked on", async () => {
    const folder = tempFolder();
    const url = ["--url", "http://127.0.0.1:1"];
    const file = join(folder, "key");
    expect((await run(["status", "x", ...url, "--key-file", file])).code).toBe(78);
    writeFileSync(file, "not a key\n", { mode: 0o600 });
    expect((await run(["status", "x", ...url, "--key-file", file])).code).toBe(78);
    writeFileSync(file, `${key}\n`);
    chmodSync(file, 0o644);
    const open = await run(["status", "x", ...url, "--key-file", file]);
    expect(open.code).toBe(69);
    expect(open.stderr).toContain("chmod 600");
  });

  test("the demo's key is not shown to a server elsewhere", async () => {
    const data = tempFolder();
    writeFileSync(join(data, "demo.json"), JSON.stringify({ baseUrl: "http://127.0.0.1:1", apiKey: key }));
    const here = await run(["status", "x", "--data", data]);
    expect(here.code).toBe(69);
    const elsewhere = await run(["status", "x", "--data", data, "--url", "https://example.invalid"]);
    expect(elsewhere.code).toBe(78);
  });
});
