import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, onTestFinished, test } from "vitest";
import { runsServer, serverEnvironment, serverFlags, valuedOptions } from "../../bin/memory.mjs";
import { serveCommand } from "../../src/cli/serve.ts";
import { tempFolder } from "./command.ts";

const launcher = fileURLToPath(new URL("../../bin/countersign.mjs", import.meta.url));
const { PATH, HOME } = process.env;

test.each([
  [true, []],
  [true, ["serve", "--port", "0"]],
  [true, ["--data", "x"]],
  [true, ["--data=x", "--port", "80", "--no-demo", "--json"]],
  [true, ["--data", "send"]],
  [false, ["send", "1001", "--via", "sms"]],
  [false, ["--data", "serve", "doctor"]],
  [false, ["help", "serve"]],
  [false, ["serve", "--help"]],
  [false, ["--version"]],
])("that the server runs is %s of %j", (expected, commandLine) => {
  expect(runsServer(commandLine)).toBe(expected);
});

test("the launcher knows every option of serve that takes a value", () => {
  const program = new Command();
  serveCommand(program);
  const valued = program.commands[0]?.options.filter((option) => option.required).map(({ long }) => long);
  expect(valuedOptions.toSorted()).toEqual(valued?.toSorted());
});

test("without the word serve: the bundle serves on its terms, and its commands and evidence work", async () => {
  const data = join(tempFolder(), "data");
  const { child, stop, stderr, address } = await launch(["--data", data, "--port", "0", "--json"]);
  expect(stderr()).not.toContain("could not be built");
  expectTerms(child);
  for (const path of ["/docs", "/openapi.json", "/console/"]) {
    const { status } = await fetch(`${address}${path}`);
    // The console may not be built.
    expect([path, status]).toEqual([path, path === "/console/" ? expect.any(Number) : 200]);
  }
  const { apiKey } = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
  const environment = { COUNTERSIGN_URL: address, COUNTERSIGN_API_KEY: apiKey };
  const command = (...parts: string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [launcher, ...parts, "--json"], {
        env: { PATH, HOME, ...environment },
      }).toString(),
    );
  const { id } = command("send", "1001", "--via", "email");
  command("audit", "verify", "--data", data);
  // The last checkpoint is signed at the end.
  expect(await stop()).toBe(0);
  const evidence = join(data, "evidence");
  command("audit", "bundle", id, "--data", data, "--out", evidence);
  const verdict = execFileSync(process.execPath, [
    join(evidence, "verify.mjs"),
    join(evidence, "bundle.json"),
  ]);
  expect(verdict.toString()).toContain('"ok": true');
});

async function launch(parts: readonly string[]) {
  const child = spawn(process.execPath, [launcher, ...parts], {
    env: { PATH, HOME, COUNTERSIGN_LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close").then(([code]): number | null => code);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  onTestFinished(async () => {
    await stop();
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const first = await Promise.race([
    once(createInterface(child.stdout), "line"),
    ended.then((code) => {
      throw new Error(`the server ended with ${code}: ${said}`);
    }),
  ]);
  const { address } = JSON.parse(String(first[0]));
  return { child, stop, stderr: () => said, address };
}

/** What the system says that the process was started with. */
function expectTerms({ pid }: ChildProcess): void {
  if (!existsSync(`/proc/${pid}/environ`)) return;
  const started = (file: string) => readFileSync(`/proc/${pid}/${file}`, "utf8").split("\0");
  expect(started("cmdline")).toEqual(expect.arrayContaining([...serverFlags]));
  const environment = Object.entries(serverEnvironment).map(([name, value]) => `${name}=${value}`);
  expect(started("environ")).toEqual(expect.arrayContaining(environment));
}
