import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Demo } from "../../src/demo/seed.ts";
import { compileCache } from "../compile-cache.ts";

/** Runs the real program as a shell would, and tells how it ended. */

export const mainFile = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Nothing of the environment that the tests run in may decide what a command does. */
function environmentOf(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, COUNTERSIGN_LOG_LEVEL: "silent", NODE_COMPILE_CACHE: compileCache, ...more };
}

export function run(parts: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [mainFile, ...parts], {
      env: environmentOf(options.environment),
      cwd: options.cwd,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

/** The one JSON document of a command that must succeed. */
export async function runJson<Answer = Record<string, unknown>>(
  parts: readonly string[],
  options: RunOptions = {},
): Promise<Answer> {
  const { code, stdout, stderr } = await run([...parts, "--json"], options);
  if (code !== 0) throw new Error(`${parts.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

/** An empty folder that is gone after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "countersign-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface RunningServer {
  readonly url: string;
  readonly demo: Demo;
  /** Runs a command against this server with the demo's key. */
  run(parts: readonly string[], options?: RunOptions): Promise<Ended>;
  json<Answer = Record<string, unknown>>(parts: readonly string[]): Promise<Answer>;
  /** Asks it directly with the demo's key; a busy machine may make it say "later". */
  ask(method: "GET" | "POST", path: string, body?: object): Promise<Response>;
  /** Ends it as an operator would, and waits until it is over. */
  stop(): Promise<number | null>;
}

/** `countersign serve` on a free port, with the demo. In a hook, `atEnd` must be the one of that hook. */
export async function serve(
  data: string,
  environment: Readonly<Record<string, string>> = {},
  atEnd: (stop: () => Promise<void>) => void = onTestFinished,
): Promise<RunningServer> {
  const child = spawn(process.execPath, [mainFile, "serve", "--port", "0", "--data", data, "--json"], {
    env: environmentOf(environment),
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  atEnd(async () => {
    await stop();
  });
  const first = await Promise.race([
    new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve)),
    ended.then((code) => `the server ended with ${code}: ${stderr}`),
  ]);
  if (!first.startsWith("{")) throw new Error(first);
  const { address } = JSON.parse(first);
  const demo: Demo = JSON.parse(readFileSync(join(data, "demo.json"), "utf8"));
  const access = { environment: { COUNTERSIGN_URL: address, COUNTERSIGN_API_KEY: demo.apiKey } };
  return {
    url: address,
    demo,
    run: (parts, options = {}) => run(parts, { ...options, ...access }),
    json: (parts) => runJson(parts, access),
    ask: async (method, path, body) => {
      const headers = { authorization: `Bearer ${demo.apiKey}`, "content-type": "application/json" };
      const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      let response: Response;
      do response = await fetch(`${address}${path}`, init);
      while (response.status === 503);
      return response;
    },
    stop,
  };
}

/** Starts a verification by SMS and reads its code from the simulated phone. */
export async function sendCode(server: RunningServer, user = "1001"): Promise<{ id: string; code: string }> {
  const { id } = await server.json<{ id: string }>(["send", user, "--via", "sms"]);
  const deadline = AbortSignal.timeout(15_000);
  while (!deadline.aborted) {
    const { messages } = await server.json<{ messages: { text: string }[] }>(["inbox", "--verification", id]);
    const code = /(?:\d[ -]?){5}\d/.exec(messages[0]?.text ?? "")?.[0].replace(/\D/g, "");
    if (code !== undefined) return { id, code };
  }
  throw new Error("no code arrived");
}
