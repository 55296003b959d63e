import type { Worker } from "node:worker_threads";
import type { AuditStore } from "../../engine/audit/store.ts";
import { CountersignError } from "../../engine/errors.ts";
import { type Batch, type BatchReply, type Command, type CommandResult, writerEnds } from "./command.ts";

type AppendListener = Parameters<AuditStore["onAppend"]>[0];

/** The main thread's end of the writer: one batch in flight, everything that arrives meanwhile goes with the next. */
export interface Pipe {
  submit<Value>(command: Command): Promise<Value>;
  /** The last change could not be kept. */
  isRefusing(): boolean;
  onAppend(listener: AppendListener): void;
  close(): Promise<void>;
}

/** Why nothing can be written any more; `exit` is what the process should end with. */
export class WriterEnded extends Error {
  override readonly name = "WriterEnded";
  readonly exit: number;

  constructor(exit: number) {
    super(reasons.get(exit) ?? `The writer thread ended with code ${exit}.`);
    this.exit = exit;
  }
}

const reasons = new Map<number, string>([
  [writerEnds.damaged, "The database file is damaged. Restore a backup: countersign restore <file>."],
  [writerEnds.diskFailed, "The disk refused a read, a write or a sync. Mend it and start again."],
]);

interface Waiting {
  readonly command: Command;
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** Most commands in one batch: bounds the time that the last of them waits for the first. */
const largestBatch = 512;

/** Up to this many go together at once: a commit costs more than what splitting them could win. */
const smallBatch = 16;

/**
 * Half of what waits, so that the writer works on one half while this thread answers the other: taking all of it would make
 * the two take turns.
 */
function batchSize(waiting: number): number {
  return Math.min(
    largestBatch,
    waiting <= smallBatch ? waiting : Math.max(smallBatch, Math.ceil(waiting / 2)),
  );
}

/** `onFatal` is called once when the writer has died: nothing can be acknowledged any more. */
export function createPipe(worker: Worker, onFatal: (error: Error) => void): Pipe {
  let queue: Waiting[] = [];
  let inFlight: Waiting[] = [];
  let lastId = 0;
  let dead: Error | undefined;
  let refusing = false;
  let idle: (() => void) | undefined;
  const listeners: AppendListener[] = [];

  const post = () => {
    if (queue.length === 0 || inFlight.length > 0) return;
    inFlight = queue.splice(0, batchSize(queue.length));
    lastId += 1;
    const batch: Batch = { id: lastId, commands: inFlight.map((one) => one.command) };
    worker.postMessage(JSON.stringify(batch));
  };

  const die = (error: Error) => {
    if (dead) return;
    dead = error;
    const left = [...inFlight, ...queue];
    inFlight = [];
    queue = [];
    for (const one of left) one.reject(unavailable());
    idle?.();
    onFatal(error);
  };

  worker.on("message", (text: string) => {
    const reply: BatchReply = JSON.parse(text);
    const answered = inFlight;
    inFlight = [];
    // The next batch goes out before the answers are worked on, so that the disk is never idle meanwhile.
    post();
    refusing = stillRefusing(refusing, reply);
    for (const [index, waiting] of answered.entries()) settle(waiting, reply.results[index]);
    if (reply.head !== undefined) {
      for (const listener of listeners) listener(reply.head, reply.organizations);
    }
    if (queue.length === 0 && inFlight.length === 0) idle?.();
  });
  worker.on("error", (error) => die(error instanceof Error ? error : new Error(String(error))));
  worker.on("exit", (code) => die(new WriterEnded(code)));

  return {
    submit: (command) =>
      new Promise((resolve, reject) => {
        if (dead) {
          reject(unavailable());
          return;
        }
        queue.push({ command, resolve, reject });
        // Not at once: what arrives in the same turn of the event loop shares the batch.
        if (inFlight.length === 0 && queue.length === 1) setImmediate(post);
      }),
    isRefusing: () => refusing,
    onAppend: (listener) => listeners.push(listener),
    close: async () => {
      if (!dead && (queue.length > 0 || inFlight.length > 0)) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      dead ??= new Error("closed");
    },
  };
}

/** Reading says nothing about it: it ends with the first change that is kept. */
function stillRefusing(refusing: boolean, { results, head }: BatchReply): boolean {
  if (results.some((result) => result.failure?.code === "storage_unavailable")) return true;
  return refusing && head === undefined;
}

function settle(waiting: Waiting, result: CommandResult | undefined): void {
  if (!result) waiting.reject(unavailable());
  else if (result.failure) {
    const { code, message, details } = result.failure;
    waiting.reject(new CountersignError(code, message, details));
  } else waiting.resolve(result.value as never);
}

function unavailable(): CountersignError {
  return new CountersignError("storage_unavailable", "The store cannot take requests at the moment.");
}
