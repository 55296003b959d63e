import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
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

/**
 * Writes signed checkpoints of the chain beside the database; only they show a cut-off tail. One file grows and is kept for
 * the record; another (`highWaterPath`) holds the newest state of a second, so that even a short tail that is lost is noticed.
 */
export interface Checkpoints {
  /** Called after each commit that appended events. */
  note(head: ChainHead): void;
  /** Writes a last checkpoint for what has none yet. */
  close(head: ChainHead): void;
}

/** What is lost of a log is noticed when it is longer than this. */
const highWaterMs = 1_000;

/** The file beside the checkpoints that is overwritten every second in which something happened. */
export function highWaterPath(checkpoints: string): string {
  return `${checkpoints}.latest`;
}

/** `after` calls once after so many milliseconds, without keeping the process alive for it; its answer takes the call back. */
export interface CheckpointTime {
  readonly clock: Clock;
  readonly after: (ms: number, call: () => void) => () => void;
}

export function createCheckpoints(
  path: string,
  origin: string,
  signer: CheckpointSigner,
  { clock, after }: CheckpointTime,
): Checkpoints {
  let last: CheckpointNote | undefined = readCheckpoints(path).at(-1);
  const sign = ({ seq, hash }: ChainHead) => signer.signCheckpoint({ origin, seq, hash, at: clock.now() });
  const highWater = createHighWater(
    (head) => overwrite(highWaterPath(path), `${serializeCheckpoint(sign(head))}\n`),
    after,
  );
  const write = (head: ChainHead) => {
    const checkpoint = sign(head);
    appendLine(path, serializeCheckpoint(checkpoint));
    last = checkpoint;
  };
  return {
    note: (head) => {
      highWater.rise(head, clock.now());
      if (!isCheckpointDue(last, head, clock.now())) return;
      try {
        write(head);
      } catch {
        // A full disk must not stop the writer: the checkpoint stays due and is tried again after the next commit.
      }
    },
    close: (head) => {
      highWater.stop();
      if (head.seq > (last?.seq ?? 0)) write(head);
    },
  };
}

/** Writes at most once a second, and once more when a second has passed after the last event of a busy one. */
function createHighWater(write: (head: ChainHead) => void, after: CheckpointTime["after"]) {
  let writtenAt = Number.NEGATIVE_INFINITY;
  let takeBack: (() => void) | undefined;
  let newest: ChainHead | undefined;
  const now = (head: ChainHead, at: number) => {
    writtenAt = at;
    try {
      write(head);
    } catch {
      // A full disk must not stop the writer; the next second tries again.
    }
  };
  return {
    rise: (head: ChainHead, at: number) => {
      if (head.seq === newest?.seq) return;
      newest = head;
      // A clock that went back would otherwise silence it until it has caught up.
      if (at - writtenAt >= highWaterMs || at < writtenAt) {
        now(head, at);
        return;
      }
      takeBack ??= after(highWaterMs, () => {
        takeBack = undefined;
        if (newest) now(newest, at + highWaterMs);
      });
    },
    stop: () => takeBack?.(),
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
  const last = [...readCheckpoints(path), ...readCheckpoints(highWaterPath(path))]
    .filter((one) => one.origin === origin && verifier.verifyCheckpoint(one))
    .reduce<Checkpoint | undefined>((most, one) => (most && most.seq > one.seq ? most : one), undefined);
  if (last === undefined) return;
  const { seq, hash } = headAt(last.seq);
  if (hash === last.hash) return;
  const what =
    seq < last.seq
      ? `The database ends at event ${seq}, but ${last.seq} events were on record`
      : `The database holds another event ${last.seq} than the one on record`;
  throw new RecordCutError(
    `${what} (${path}): it is older than what this server has done, or damaged. Restore a backup with countersign restore; to go on without the missing events, move that file and ${highWaterPath(path)} away.`,
  );
}

/** All well-formed checkpoints of a file, in order; none when there is no file. */
export function readCheckpoints(path: string): readonly Checkpoint[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => parseCheckpoint(line) ?? []);
}

/** In place, so that it needs no new room on a full disk; a half-written line is no checkpoint and counts for nothing. */
function overwrite(path: string, text: string): void {
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const bytes = Buffer.from(text);
    const written = writeSync(file, bytes, 0, bytes.length, 0);
    ftruncateSync(file, written);
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
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
