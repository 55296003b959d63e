import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { ChainHead } from "../../engine/audit/chain.ts";
import {
  type Checkpoint,
  type CheckpointNote,
  type CheckpointSigner,
  isCheckpointDue,
  parseCheckpoint,
  serializeCheckpoint,
} from "../../engine/audit/checkpoint.ts";
import type { Clock } from "../../engine/tools.ts";

/** Writes signed checkpoints of the chain to a file beside the database; only that shows a cut-off tail. */
export interface Checkpoints {
  /** Called after each commit that appended events. */
  note(head: ChainHead): void;
  /** Writes a last checkpoint for what has none yet. */
  close(head: ChainHead): void;
}

export function createCheckpoints(
  path: string,
  origin: string,
  signer: CheckpointSigner,
  clock: Clock,
): Checkpoints {
  let last: CheckpointNote | undefined = readCheckpoints(path).at(-1);
  const write = (head: ChainHead) => {
    const checkpoint = signer.signCheckpoint({ origin, seq: head.seq, hash: head.hash, at: clock.now() });
    appendLine(path, serializeCheckpoint(checkpoint));
    last = checkpoint;
  };
  return {
    note: (head) => {
      if (!isCheckpointDue(last, head, clock.now())) return;
      try {
        write(head);
      } catch {
        // A full disk must not stop the writer: the checkpoint stays due and is tried again after the next commit.
      }
    },
    close: (head) => {
      if (head.seq > (last?.seq ?? 0)) write(head);
    },
  };
}

/** All well-formed checkpoints of a file, in order; none when there is no file. */
export function readCheckpoints(path: string): readonly Checkpoint[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => parseCheckpoint(line) ?? []);
}

function appendLine(path: string, line: string): void {
  const file = openSync(path, "a", 0o600);
  try {
    writeSync(file, `${line}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
