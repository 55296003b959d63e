import {
  type AuditRow,
  type ChainHead,
  type CommittedDetails,
  chainHash,
  detailsDigest,
  emptyHead,
  leafText,
} from "./chain.ts";
import type { Checkpoint, CheckpointVerifier } from "./checkpoint.ts";

/**
 * `altered`: an event's public part or hash was edited. `missing`, `inserted`, `reordered`: the sequence is not the one
 * that was written. `details_altered`: the details do not open the commitment. `truncated`: events that a checkpoint
 * counted are gone from the end. `forked`: a checkpoint was signed over another history. `signature_invalid`: a
 * checkpoint that none of our keys signed.
 */
export type ChainProblemCode =
  | "altered"
  | "missing"
  | "inserted"
  | "reordered"
  | "details_altered"
  | "truncated"
  | "forked"
  | "signature_invalid";

export interface ChainProblem {
  readonly ok: false;
  /** The first event that is not as it was written. */
  readonly seq: number;
  readonly code: ChainProblemCode;
  readonly sentence: string;
}

export interface ChainProof {
  readonly ok: true;
  readonly events: number;
  /** Events whose details were erased: their place in the chain still holds. */
  readonly erased: number;
  readonly checkpoints: number;
  readonly head: ChainHead;
}

export type ChainReport = ChainProof | ChainProblem;

/** What is to be verified. */
export interface ChainRecord {
  /** Ascending by seq. */
  readonly rows: AsyncIterable<AuditRow>;
  /** In any order; the more of them were kept outside the database, the more they prove. */
  readonly checkpoints: readonly Checkpoint[];
  /** Where the rows begin after older ones were removed: the note of a trusted checkpoint. Absent: at event 1. */
  readonly from?: ChainHead | undefined;
  /** Checkpoints of another origin are a fork. Absent: the origin of the first checkpoint. */
  readonly origin?: string | undefined;
}

/** Reads the chain once, in constant memory, and stops at the first event that is not as it was written. */
export async function verifyChain(record: ChainRecord, verifier: CheckpointVerifier): Promise<ChainReport> {
  const checkpoints = pendingCheckpoints(record, verifier);
  const rows = record.rows[Symbol.asyncIterator]();
  let head = record.from ?? emptyHead;
  let events = 0;
  let erased = 0;
  const unfit = checkpoints.reach(head);
  if (unfit !== undefined) {
    return unfit;
  }
  try {
    for (let step = await rows.next(); !step.done; step = await rows.next()) {
      const row = step.value;
      const problem = rowProblem(row, head) ?? detailsProblem(row);
      if (problem !== undefined) {
        return await diagnose(problem, row, head, rows);
      }
      events += 1;
      erased += row.details === null ? 1 : 0;
      head = { seq: row.seq, hash: row.hash, at: row.at };
      const disagreement = checkpoints.reach(head);
      if (disagreement !== undefined) {
        return disagreement;
      }
    }
  } finally {
    await rows.return?.();
  }
  return checkpoints.end(head) ?? { ok: true, events, erased, checkpoints: record.checkpoints.length, head };
}

function rowProblem(row: AuditRow, head: ChainHead): ChainProblem | undefined {
  const expected = head.seq + 1;
  if (row.seq > expected) {
    return problem(expected, "missing", `Event ${expected} is missing: event ${row.seq} comes next.`);
  }
  if (row.seq < expected) {
    return problem(row.seq, "inserted", `Event ${row.seq} stands in the record once more.`);
  }
  if (linkHash(row, row.seq, head.hash) !== row.hash) {
    return problem(row.seq, "altered", `Event ${row.seq} is not the one that was written.`);
  }
  return undefined;
}

/** Undefined when the row cannot even be written as a leaf: then it is not what was written. */
function linkHash(row: AuditRow, seq: number, previousHash: string): string | undefined {
  try {
    return chainHash(seq, previousHash, leafText(row));
  } catch {
    return undefined;
  }
}

function detailsProblem(row: AuditRow): ChainProblem | undefined {
  if (row.details === null) {
    return undefined;
  }
  if (detailsDigest(row.salt, row.details) !== row.digest || !belongsTo(row.details, row.organization)) {
    return problem(row.seq, "details_altered", `The details of event ${row.seq} are not those written.`);
  }
  return undefined;
}

/** The column `organization` only finds rows; what counts is the one inside the committed details. */
function belongsTo(details: string, organization: string): boolean {
  try {
    const committed: CommittedDetails = JSON.parse(details);
    return committed.organization === organization;
  } catch {
    return false;
  }
}

/** Tells an edit from a swap or an insertion by looking whether the row after the bad one fits in its place. */
async function diagnose(
  found: ChainProblem,
  row: AuditRow,
  head: ChainHead,
  rows: AsyncIterator<AuditRow>,
): Promise<ChainProblem> {
  if (found.code !== "altered" && found.code !== "missing") {
    return found;
  }
  const step = await rows.next();
  if (step.done) {
    return found;
  }
  const next = step.value;
  const seq = head.seq + 1;
  const fitted = linkHash(next, seq, head.hash);
  // The hashes may have moved with their events or stayed in their places.
  if (fitted !== next.hash && fitted !== row.hash) {
    return found;
  }
  if (fitted === row.hash || linkHash(row, seq + 1, next.hash) === row.hash) {
    return problem(seq, "reordered", `Events ${seq} and ${seq + 1} were swapped.`);
  }
  return found.code === "missing"
    ? problem(seq, "reordered", `Event ${seq} stands behind event ${row.seq}.`)
    : problem(seq, "inserted", `Event ${seq} was put in: the event after it was written in its place.`);
}

interface PendingCheckpoints {
  /** Compares every checkpoint of this length with the chain as it stands. */
  reach(head: ChainHead): ChainProblem | undefined;
  /** What is left when the rows are over. */
  end(head: ChainHead): ChainProblem | undefined;
}

function pendingCheckpoints(record: ChainRecord, verifier: CheckpointVerifier): PendingCheckpoints {
  const ordered = record.checkpoints.toSorted((left, right) => left.seq - right.seq);
  const origin = record.origin ?? record.checkpoints[0]?.origin;
  const startSeq = record.from?.seq ?? 0;
  // Lengths before the start of the rows can only be checked for who signed them.
  let agreed = startSeq;
  let position = 0;

  function examine(checkpoint: Checkpoint, head: ChainHead): ChainProblem | undefined {
    const { seq } = checkpoint;
    if (!verifier.verifyCheckpoint(checkpoint)) {
      return problem(
        seq,
        "signature_invalid",
        `The checkpoint at event ${seq} was not signed by a key of this server.`,
      );
    }
    if (checkpoint.origin !== origin) {
      return problem(seq, "forked", `The checkpoint at event ${seq} is of the chain "${checkpoint.origin}".`);
    }
    if (seq > head.seq) {
      const gone = head.seq + 1;
      return problem(gone, "truncated", `Events ${gone} to ${seq} are gone: a checkpoint counted ${seq}.`);
    }
    if (seq === head.seq && checkpoint.hash !== head.hash) {
      const first = agreed + 1;
      return problem(
        first,
        "forked",
        `Another history was signed: it differs between event ${first} and event ${seq}.`,
      );
    }
    agreed = Math.max(agreed, seq);
    return undefined;
  }

  function examineUpTo(limit: number, head: ChainHead): ChainProblem | undefined {
    for (let next = ordered[position]; next !== undefined && next.seq <= limit; next = ordered[position]) {
      position += 1;
      const found = examine(next, head);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  return {
    reach: (head) => examineUpTo(head.seq, head),
    end: (head) => examineUpTo(Number.POSITIVE_INFINITY, head),
  };
}

function problem(seq: number, code: ChainProblemCode, sentence: string): ChainProblem {
  return { ok: false, seq, code, sentence };
}
