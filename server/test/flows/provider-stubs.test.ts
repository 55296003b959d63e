import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { mainFile, tempFolder } from "../cli/command.ts";
import { codeIn } from "../open-server.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = "examples/provider-stubs";

/** Every command of the guide, as it stands there; those with a `<place>` are for people. */
const commands = readFileSync(join(root, folder, "README.md"), "utf8")
  .split(/^```/m)
  .filter((part, index) => index % 2 === 1 && part.startsWith("\n"))
  .flatMap((block) => block.trim().split("\n"))
  .filter((line) => !line.includes("<"));

async function listen(port: number) {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/** The first of four ports in a row that nobody has: three of the stubs, one of the server. */
async function freePorts(): Promise<number> {
  const { port, close } = await listen(0);
  const others = await Promise.allSettled([1, 2, 3].map((more) => listen(port + more)));
  close();
  for (const other of others) if (other.status === "fulfilled") other.value.close();
  return others.every(({ status }) => status === "fulfilled") ? port : freePorts();
}

/** The guide's world moved to free ports and a folder of its own. */
async function moveAway() {
  const port = await freePorts();
  const data = tempFolder();
  const moved = (line: string) =>
    line.replace(/\b8(10[0-2])\b/g, (_all, digits) => `${port + Number(digits) - 100}`);
  for (const name of ["stub-a.json", "stub-b.json"]) {
    writeFileSync(join(data, name), moved(readFileSync(join(root, folder, name), "utf8")));
  }
  const url = `http://127.0.0.1:${port + 3}`;
  const { PATH, HOME } = process.env;
  const environment = {
    ...{ PATH, HOME, NODE: process.execPath, MAIN: mainFile },
    ...{ COUNTERSIGN_LOG_LEVEL: "silent", COUNTERSIGN_DATA: join(data, "data"), COUNTERSIGN_URL: url },
  };
  const here = (line: string) =>
    moved(line)
      .replace(/\bnpm start\b/, `exec "$NODE" "$MAIN" serve --port ${port + 3} --json`)
      .replace(/^node /, 'exec "$NODE" ')
      .replaceAll("npx countersign", '"$NODE" "$MAIN"')
      .replaceAll(new RegExp(`${folder}/(stub-..json)`, "g"), join(data, "$1"));
  return { url, stubsUrl: `http://127.0.0.1:${port}`, data: join(data, "data"), environment, here };
}

it("the walk of the example: codes arrive through the second provider, and everybody is told why", async () => {
  const { url, stubsUrl, data, environment, here } = await moveAway();
  const shell = (line: string) =>
    spawn("sh", ["-c", here(line)], { cwd: root, env: environment, stdio: ["ignore", "pipe", "inherit"] });

  const begin = async (line: string, ready: RegExp) => {
    const child = shell(line);
    const ended = once(child, "close");
    onTestFinished(async () => {
      child.kill("SIGTERM");
      await ended;
    });
    const lines = createInterface(child.stdout);
    await new Promise<void>((resolve, reject) => {
      lines.on("line", (said) => ready.test(said) && resolve());
      lines.on("close", () => reject(new Error(`${line} ended`)));
    });
  };
  const command = async (line: string) => {
    if (line.startsWith("curl ")) {
      await fetch(here(line).split(" ").at(-1) ?? "", { method: "POST" });
      return "";
    }
    const child = shell(line);
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect([line, code]).toEqual([line, 0]);
    return said;
  };
  const stubs = async () => (await (await fetch(stubsUrl)).json()) as Readonly<Record<"a" | "b", Stub>>;
  const until = async (isSo: () => Promise<boolean>) => {
    const deadline = AbortSignal.timeout(20_000);
    while (!deadline.aborted && !(await isSo())) await new Promise((resolve) => setImmediate(resolve));
    expect(await isSo()).toBe(true);
  };

  const [startStubs, startServer, ...walk] = commands;
  await begin(startStubs ?? "", /^switches on/);
  await begin(startServer ?? "", /^\{/);
  const { apiKey } = JSON.parse(readFileSync(join(data, "demo.json"), "utf8")) as { readonly apiKey: string };
  const ask = async <Answer>(path: string, body?: object): Promise<Answer> => {
    const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
    const init = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
    return (await (await fetch(`${url}${path}`, init)).json()) as Answer;
  };
  const killed = walk.findIndex((line) => line.endsWith("/a/kill"));
  for (const line of walk.slice(0, killed)) await command(line);
  await until(async () => (await stubs()).a.reports.length === 2);
  const { a } = await stubs();
  expect(a.reports.map(({ MessageStatus, status }) => `${MessageStatus} ${status}`)).toEqual([
    "sent 200",
    "delivered 200",
  ]);

  const [kill, six, oneMore, ...reasons] = walk.slice(killed);
  for (const line of [kill, six]) await command(line ?? "");
  await until(async () => (await stubs()).b.messages.length === 6);
  await command(oneMore ?? "");
  await until(async () => (await stubs()).b.reports.length === 14);
  const { b } = await stubs();
  expect([b.messages.length, new Set(b.messages.map(({ to }) => to)).size]).toEqual([7, 7]);

  const { events } = await ask<Feed>("/v1/audit?limit=100");
  const accepted = events.filter(({ type }) => type === "delivery.accepted").map(({ details }) => details);
  expect(accepted[0]).toMatchObject({ provider: "Stub B", attempts: "Stub A: left_out, Stub B: accepted" });
  expect(accepted.slice(1, 7)).toEqual(
    Array.from({ length: 6 }, () =>
      expect.objectContaining({ attempts: expect.stringMatching(/^Stub A: \w+, Stub B: accepted$/) }),
    ),
  );
  expect(accepted[7]).toMatchObject({ provider: "Stub A" });
  const newest = events.find(({ type }) => type === "verification.started");
  const { approved } = await ask<{ approved: boolean }>(`/v1/verifications/${newest?.verification}/check`, {
    code: codeIn(b.messages.at(-1)),
  });
  expect(approved).toBe(true);

  const [unavailable = "", deliveries = "", health = ""] = await Promise.all(
    reasons.slice(0, 3).map(command),
  );
  expect(unavailable).toMatch(/provider\.unavailable/);
  expect(deliveries).toMatch(/Stub A: left_out/);
  const rows = health.split("\n").map((row) => row.split(/ {2,}/));
  const rowOf = (name: string) => rows.find(([first]) => first === name) ?? [];
  expect(rowOf("Stub A").slice(1, 3)).toEqual(["left out", expect.stringMatching(/^unreachable/)]);
  expect(rowOf("Stub A").slice(4)).toEqual(["sms", "US", expect.any(String), "1", "1", "0", "0"]);
  expect(rowOf("Stub B").slice(1, 3)).toEqual(["works", "-"]);
  expect(rowOf("Stub B").slice(4)).toEqual(["sms", "US", "7", "7", "7", "0", "1"]);

  await command(reasons[3] ?? "");
  expect((await stubs()).a.mode).toBe("working");
}, 120_000);

interface Stub {
  readonly mode: string;
  readonly messages: readonly { readonly to: string; readonly text: string }[];
  readonly reports: readonly { readonly MessageStatus: string; readonly status: number }[];
}

interface Feed {
  readonly events: readonly {
    readonly type: string;
    readonly verification?: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}
