import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { builder, isBundled } from "../server/bin/bundle.mjs";
import { serverEnvironment, serverFlags } from "../server/bin/memory.mjs";
import { filledOf, fixedCode, serverSettings } from "./fill.ts";
import type { LoadJob, LoadReport } from "./load.ts";
import type { TargetKind, TargetReady, Usage } from "./target.ts";

/** A server under test, in its own process. */
export interface Target extends TargetReady {
  readonly kind: TargetKind | "launched";
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface Loader {
  run(job: LoadJob): Promise<LoadReport>;
  stop(): void;
}

/** `past`: verifications the database already holds. The folder is filled by another process. */
export async function startTarget(kind: TargetKind, users: number, past = 0): Promise<Target> {
  const folder = makeFolder();
  if (kind !== "echo") await fillFolder(folder, kind, users, past);
  // As the launcher runs it, with a compile cache that spares the TypeScript translator.
  const child = fork(fileOf("./target.ts"), [kind, folder], {
    execArgv: serverFlags,
    env: {
      ...process.env,
      ...serverEnvironment,
      NODE_COMPILE_CACHE: fileOf("../node_modules/.cache/countersign-bench"),
    },
  });
  return { ...(await answerOf<TargetReady>(child)), kind, ...handlesOf(child, folder) };
}

/** The server as users have it: the launcher, with the bundle and all it runs with. `openMs` is from the launcher's start to the first line. */
export async function startLaunched(users: number): Promise<Target> {
  const folder = makeFolder();
  await fillFolder(folder, "sqlite", users, 0);
  // Once after a change, and no part of a start.
  if (!isBundled()) await ended(fork(builder, { execArgv: [] }));
  const begun = performance.now();
  const child = fork(
    fileOf("../server/bin/countersign.mjs"),
    ["serve", "--data", folder, "--port", "0", "--no-demo", "--json"],
    {
      // Its terms are set already, so that it does not begin again without its line to the bench.
      execArgv: [...serverFlags, "--import", fileOf("./usage.mjs")],
      env: { ...process.env, ...serverEnvironment, ...serverSettings },
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    },
  );
  if (child.stdout === null) throw new Error("the server has no output");
  const [line] = await once(createInterface(child.stdout), "line");
  const openMs = performance.now() - begun;
  const port = Number(new URL(JSON.parse(line).address).port);
  const ready = { ...filledOf(folder), port, code: fixedCode, openMs };
  return { ...ready, kind: "launched", ...handlesOf(child, folder) };
}

function makeFolder(): string {
  return mkdtempSync(join(process.env["BENCH_DIR"] ?? tmpdir(), "countersign-bench-"));
}

async function fillFolder(folder: string, kind: TargetKind, users: number, past: number): Promise<void> {
  await ended(fork(fileOf("./fill.ts"), [kind, String(users), String(past), folder], { execArgv: [] }));
}

function handlesOf(child: ChildProcess, folder: string): Pick<Target, "usage" | "stop"> {
  return {
    usage: () => {
      child.send("usage");
      return answerOf<Usage>(child);
    },
    stop: async () => {
      child.kill("SIGTERM");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`a bench process ended with ${code}`);
}

export function startLoader(): Loader {
  const child = fork(new URL("./load.ts", import.meta.url), [], { execArgv: [] });
  return {
    run: (job) => {
      child.send(job);
      return answerOf<LoadReport>(child);
    },
    stop: () => void child.kill("SIGTERM"),
  };
}

/** The next message of a process. Rejects when it ends instead. */
export function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`a bench process ended with ${code}`));
    child.once("exit", failed);
    child.once("message", (answer) => {
      child.off("exit", failed);
      resolve(answer as Answer);
    });
  });
}
