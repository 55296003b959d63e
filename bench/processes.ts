import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serverEnvironment, serverFlags } from "../server/bin/memory.mjs";
import type { LoadJob, LoadReport } from "./load.ts";
import type { TargetKind, TargetReady, Usage } from "./target.ts";

/** A server under test, in its own process. */
export interface Target extends TargetReady {
  readonly kind: TargetKind;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface Loader {
  run(job: LoadJob): Promise<LoadReport>;
  stop(): void;
}

/** `past`: verifications the database already holds. The folder is filled by another process. */
export async function startTarget(kind: TargetKind, users: number, past = 0): Promise<Target> {
  const folder = mkdtempSync(join(process.env["BENCH_DIR"] ?? tmpdir(), "countersign-bench-"));
  if (kind !== "echo") {
    await ended(fork(fileOf("./fill.ts"), [kind, String(users), String(past), folder], { execArgv: [] }));
  }
  // As the launcher runs it, with a compile cache that spares the TypeScript translator.
  const child = fork(fileOf("./target.ts"), [kind, folder], {
    execArgv: serverFlags,
    env: {
      ...process.env,
      ...serverEnvironment,
      NODE_COMPILE_CACHE: fileOf("../node_modules/.cache/countersign-bench"),
    },
  });
  const ready = await answerOf<TargetReady>(child);
  return {
    ...ready,
    kind,
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
