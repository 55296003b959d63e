import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { mainFile, run, runJson, serve, tempFolder } from "../../test/cli/command.ts";

const initial = ["--organization", "acme", "--email", "anna@example.com"];

async function made(): Promise<string> {
  const data = join(tempFolder(), "data");
  await runJson(["init", "--data", data, ...initial]);
  return data;
}

const serveOn = (data: string, ...more: string[]) => run(["serve", "--port", "0", "--data", data, ...more]);

/** What a server that is started so says, up to a text in it. */
function toldUntil(last: string, options: readonly string[]): Promise<string> {
  return new Promise<string>((resolve) => {
    const child = spawn(process.execPath, [mainFile, "serve", "--port", "0", ...options]);
    onTestFinished(() => void child.kill());
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes(last)) resolve(text);
    });
  });
}

test("without an organization it says how one is made, which only a stopped server allows; afterwards it does not", async () => {
  const data = join(tempFolder(), "data");
  expect(await toldUntil("countersign init", ["--no-demo", "--data", data])).toContain("Stop the server");
  const other = await made();
  expect(await toldUntil(`Data     ${other}`, ["--no-demo", "--data", other])).not.toContain("init");
});

test("what a second terminal is told to type names the data folder, unless it is the usual one", async () => {
  const data = join(tempFolder(), "data");
  const told = await toldUntil("countersign inbox", ["--data", data]);
  expect(told).toContain(`npx countersign send 1001 --via sms --data ${data}\n`);
  expect(told).toContain(`npx countersign inbox --data ${data}\n`);
});

describe("serve refuses with one sentence and its exit code", () => {
  test("CLI-03: a key file that others may read, a link, a directory: 78", async () => {
    const data = await made();
    const file = join(data, "countersign.keys");
    chmodSync(file, 0o644);
    const open = await serveOn(data);
    expect(open.code).toBe(78);
    expect(open.stderr).toContain(`chmod 600 ${file}`);

    chmodSync(file, 0o600);
    renameSync(file, `${file}.real`);
    symlinkSync(`${file}.real`, file);
    const link = await serveOn(data);
    expect(link.code).toBe(78);
    expect(link.stderr).toContain("symbolic link");

    rmSync(file);
    mkdirSync(file);
    const directory = await serveOn(data);
    expect(directory.code).toBe(78);
    expect(directory.stderr).toContain("not a regular file");
  });

  test("a key file that is gone, or another database's: 78, and nothing is made in its place", async () => {
    const [data, other] = await Promise.all([made(), made()]);
    const file = join(data, "countersign.keys");
    rmSync(file);
    const gone = await serveOn(data);
    expect(gone.code).toBe(78);
    expect(gone.stderr).toContain("no key file");
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();

    renameSync(join(other, "countersign.keys"), file);
    const wrong = await serveOn(data);
    expect(wrong.code).toBe(78);
    expect(wrong.stderr).toContain("not those of this database");
    expect(wrong.stderr.trim().split("\n")).toHaveLength(1);
  });

  test.each([
    ["an unknown entry", { data: "d", colour: "red" }, "colour"],
    ["a wrong type", { port: "eighty" }, "port"],
    ["a value out of its range", { mode: "debug" }, "mode"],
  ])("CLI-04: a configuration with %s: 78, and it is named", async (_name, content, named) => {
    const folder = tempFolder();
    const file = join(folder, "countersign.json");
    writeFileSync(file, JSON.stringify(content));
    const ended = await run(["serve", "--config", file], { cwd: folder });
    expect(ended.code).toBe(78);
    expect(ended.stderr).toContain(named);
  });

  test("CLI-04: a configuration that is not JSON: 78", async () => {
    const folder = tempFolder();
    const file = join(folder, "countersign.yaml");
    writeFileSync(file, "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n");
    expect((await run(["serve", "--config", file], { cwd: folder })).code).toBe(78);
  });

  test("CLI-06: a folder that another server holds: 75, with the sentence of the lock", async () => {
    const data = join(tempFolder(), "data");
    await serve(data);
    const second = await serveOn(data);
    expect(second.code).toBe(75);
    expect(second.stderr).toBe(
      "Another Countersign process already uses this data folder. Stop it first, or give this one its own --data folder.\n",
    );
  });

  test("a file that is no database: 65", async () => {
    const data = await made();
    writeFileSync(
      join(data, "countersign.db"),
      "this was a database once, and is none any more\n".repeat(100),
    );
    const ended = await serveOn(data);
    expect(ended.code).toBe(65);
    expect(ended.stderr).toContain("damaged");
  });

  test("a port in use: 69, and the folder is free again", async () => {
    const data = await made();
    const taken = createServer();
    onTestFinished(() => void taken.close());
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const ended = await run(["serve", "--data", data, "--port", String(port)]);
    expect(ended.code).toBe(69);
    expect(ended.stderr).toContain(`Port ${port}`);
    expect((await run(["keys", "rotate", "--code", "--data", data])).code).toBe(0);
  });
});

test("CLI-01: the first start listens on this machine only and leaves nothing readable by others", async () => {
  const data = join(tempFolder(), "data");
  const server = await serve(data);
  expect(new URL(server.url).hostname).toBe("127.0.0.1");
  expect(statSync(data).mode & 0o777).toBe(0o700);
  for (const name of ["countersign.db", "countersign.keys", "demo.json"]) {
    expect(statSync(join(data, name)).mode & 0o777, name).toBe(0o600);
  }
  const response = await fetch(`${server.url}/v1/users`);
  expect(response.status).toBe(401);
  expect(await server.stop()).toBe(0);
});
