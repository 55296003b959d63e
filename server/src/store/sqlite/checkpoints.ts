import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import type { ChainHead } from "../../engine/audit/chain.ts";
import {
  type Checkpoint,
  type CheckpointNote,
  type CheckpointSigner,
  type CheckpointVerifier,
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

/** The database has lost events that a signed checkpoint counted, or holds other ones in their place. */
export class RecordCutError extends Error {
  override readonly name = "RecordCutError";
  readonly code = "record_cut_off";
}

export interface WholeRecord {
  /** The checkpoints file. */
  readonly path: string;
  readonly origin: string;
  readonly verifier: CheckpointVerifier;
  /** Where the chain stood after event `seq`, or after the one before it that is there. */
  readonly headAt: (seq: number) => ChainHead;
}

/**
 * Compares the database with the last checkpoint of this server. One that has lost its tail (a cut-off log, a file of another
 * day) would take spent codes a second time. Throws `RecordCutError`.
 */
export function demandWholeRecord({ path, origin, verifier, headAt }: WholeRecord): void {
  const last = readCheckpoints(path).findLast(
    (one) => one.origin === origin && verifier.verifyCheckpoint(one),
  );
  if (last === undefined) return;
  const { seq, hash } = headAt(last.seq);
  if (hash === last.hash) return;
  const what =
    seq < last.seq
      ? `The database ends at event ${seq}, but ${last.seq} events were on record`
      : `The database holds another event ${last.seq} than the one on record`;
  throw new RecordCutError(
    `${what} (${path}): it is older than what this server has done, or damaged. Restore a backup with countersign restore; to go on without the missing events, move that file away.`,
  );
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
  const { size } = fstatSync(file);
  try {
    const bytes = Buffer.from(`${line}\n`);
    if (writeSync(file, bytes) < bytes.length) throw new Error("the disk took half a line");
    fsyncSync(file);
  } catch (error) {
    // Half a line would also make the next checkpoint unreadable.
    ftruncateSync(file, size);
    throw error;
  } finally {
    closeSync(file);
  }
}
