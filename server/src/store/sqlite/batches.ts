import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { isCountersignError } from "../../engine/errors.ts";
import {
  type Batch,
  type BatchReply,
  type Command,
  type CommandResult,
  closeMessage,
  type Failure,
  type WriterReady,
  writerEnds,
} from "./command.ts";
import { openWriterParts, type WriterOptions } from "./parts.ts";

/**
 * The writer thread: the only connection that writes. It takes a batch, runs its commands in one transaction, commits it to
 * the disk, and only then answers. Exit code 75: the disk refused to sync, and nothing more may be acknowledged.
 */

const port = parentPort;
if (!port) throw new Error("writer.ts runs as a worker thread only");

const options = workerData as WriterOptions;
const writer = open();

function open() {
  try {
    const opened = openWriterParts(options);
    const ready: WriterReady = {
      ready: true,
      keys: opened.keys,
      sealed: opened.sealed,
      head: opened.parts.audit.head.seq,
    };
    // As in the main thread (`giveMemoryBack`): what opening took is over.
    globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
    port?.postMessage(ready);
    return opened;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "internal_error";
    const message = error instanceof Error ? error.message : String(error);
    port?.postMessage({ ready: false, code, message } satisfies WriterReady);
    return undefined;
  }
}

port.on("message", (message: string) => {
  if (message === closeMessage) {
    writer?.close();
    port.close();
    return;
  }
  if (writer) port.postMessage(JSON.stringify(runBatch(JSON.parse(message), writer)));
});

type Writer = NonNullable<typeof writer>;

function runBatch(batch: Batch, { parts, execute, begin, commit, forget, checkpoint }: Writer): BatchReply {
  const before = parts.audit.head;
  const results =
    runTogether(batch.commands) ?? batch.commands.map((command) => runTogether([command])?.[0] ?? failed);
  if (batch.commands.some(({ kind }) => kind === "tidy")) parts.connection.pragma("wal_checkpoint(TRUNCATE)");
  checkpoint(parts.audit.head);
  const { seq } = parts.audit.head;
  if (seq === before.seq) return { id: batch.id, results };
  return { id: batch.id, results, head: seq, organizations: parts.audit.takeOrganizations() };

  /** Undefined: something unforeseen happened, nothing of it was kept, and each command must be tried alone. */
  function runTogether(commands: readonly Command[]): readonly CommandResult[] | undefined {
    const head = parts.audit.head;
    try {
      begin.run();
      const answers = commands.map((command) => runOne(command, execute));
      commit.run();
      return answers;
    } catch (error) {
      forget(head);
      rollBack(parts.connection);
      stopIfDiskFails(error);
      const failure = failureOf(error);
      if (commands.length === 1) return [{ failure }];
      return isDiskFull(error) ? commands.map((command) => answerRead(command) ?? { failure }) : undefined;
    }
  }

  /** A full disk refuses every change, but reading must not suffer from the company it was in. */
  function answerRead(command: Command): CommandResult | undefined {
    return command.kind === "read" || command.kind === "find" ? runTogether([command])?.[0] : undefined;
  }
}

const failed: CommandResult = {
  failure: { code: "storage_unavailable", message: "The store could not keep this.", details: {} },
};

/** A refusal is an answer and leaves the batch alone; anything else ends the transaction. */
function runOne(command: Command, execute: (command: Command) => unknown): CommandResult {
  try {
    return { value: execute(command) };
  } catch (error) {
    if (isCountersignError(error)) return { failure: failureOf(error) };
    throw error;
  }
}

function rollBack(connection: Database.Database): void {
  if (connection.inTransaction) connection.exec("ROLLBACK");
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === "SQLITE_FULL";
}

/** After a failed sync the page cache may lie about what is on the disk: only a restart through recovery is safe. */
function stopIfDiskFails(error: unknown): void {
  if (!(error instanceof Database.SqliteError)) return;
  if (error.code.startsWith("SQLITE_CORRUPT")) process.exit(writerEnds.damaged);
  if (error.code.startsWith("SQLITE_IOERR")) process.exit(writerEnds.diskFailed);
}

function failureOf(error: unknown): Failure {
  if (isCountersignError(error)) return { code: error.code, message: error.message, details: error.details };
  if (isDiskFull(error)) {
    return { code: "storage_unavailable", message: "The disk is full; nothing was changed.", details: {} };
  }
  const code = error instanceof Database.SqliteError ? "storage_unavailable" : "internal_error";
  return { code, message: error instanceof Error ? error.message : String(error), details: {} };
}
