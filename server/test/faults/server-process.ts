import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { compileCache } from "../compile-cache.ts";

const main = join(import.meta.dirname, "../../src/main.ts");

export interface ServeOptions {
  readonly data: string;
  /** Besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server in a process of its own, as an operator would start it. */
export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its first answer on /readyz. */
  readonly readyMs: number;
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL, and gone. */
  kill(): Promise<void>;
}

/** Starts `countersign serve` and waits until it is ready. Throws what it said when it ended instead. */
export async function serve(options: ServeOptions): Promise<ServerProcess> {
  const begun = performance.now();
  const { child, ended } = launch(options);
  const line = await Promise.race([readyLine(child), ended]);
  if (typeof line !== "string") {
    throw new Error(`The server ended with ${line.code ?? line.signal}: ${line.stderr}${line.stdout}`);
  }
  const { address: url } = JSON.parse(line) as { readonly address: string };
  const ready = await fetch(`${url}/readyz`);
  if (ready.status !== 200) throw new Error(`/readyz answered ${ready.status}`);
  const readyMs = performance.now() - begun;
  return {
    url,
    pid: child.pid ?? 0,
    readyMs,
    ended,
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Starts `countersign serve` where it should refuse: how it ended, or SIGKILL when it has not after `withinMs`. */
export async function serveInVain(options: ServeOptions, withinMs = 20_000): Promise<Ended> {
  const { child, ended } = launch(options);
  const timer = setTimeout(() => child.kill("SIGKILL"), withinMs);
  const how = await ended;
  clearTimeout(timer);
  return how;
}

function launch({ data, environment = {} }: ServeOptions) {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [main, "serve", "--data", data, "--port", "0", "--no-demo", "--json"],
    {
      env: {
        ...inherited,
        COUNTERSIGN_LOG_LEVEL: "error",
        NODE_COMPILE_CACHE: compileCache,
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].on("data", (text: Buffer) => {
      said[name] += String(text);
    });
  }
  const ended = once(child, "close").then(([code, signal]): Ended => ({ code, signal, ...said }));
  return { child, ended };
}

function readyLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += String(chunk);
      const line = text.split("\n").find((one) => one.startsWith('{"address"'));
      if (line !== undefined && text.includes("\n")) resolve(line);
    });
  });
}
