import { type ChildProcess, fork } from "node:child_process";
import type { LoadJob, LoadReport } from "./load.ts";
import type { TargetKind, TargetReady, Usage } from "./target.ts";

/** A server under test, in its own process. */
export interface Target extends TargetReady {
  readonly kind: TargetKind;
  usage(): Promise<Usage>;
  stop(): void;
}

export interface Loader {
  run(job: LoadJob): Promise<LoadReport>;
  stop(): void;
}

/** `past`: verifications the database already holds. */
export async function startTarget(kind: TargetKind, users: number, past = 0): Promise<Target> {
  const child = fork(new URL("./target.ts", import.meta.url), [kind, String(users), String(past)], {
    execArgv: [],
  });
  const ready = await answerOf<TargetReady>(child);
  return {
    ...ready,
    kind,
    usage: () => {
      child.send("usage");
      return answerOf<Usage>(child);
    },
    stop: () => void child.kill("SIGTERM"),
  };
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

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`a bench process ended with ${code}`));
    child.once("exit", failed);
    child.once("message", (answer) => {
      child.off("exit", failed);
      resolve(answer as Answer);
    });
  });
}
