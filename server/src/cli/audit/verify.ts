import { readFileSync } from "node:fs";
import type { AuditRow } from "../../engine/audit/chain.ts";
import {
  type Checkpoint,
  type CheckpointVerifier,
  isCheckpointSignedBy,
  parseCheckpoint,
} from "../../engine/audit/checkpoint.ts";
import { type ChainReport, verifyChain } from "../../engine/audit/verify.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { auditHead, auditRows, integrityProblems, storeOrigin } from "../../store/sqlite/inspect.ts";
import { CliError, exits } from "../exit.ts";
import { configOf, keyringOf, keysetOf, openForReading } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { remark, show } from "../output.ts";
import { startProgress } from "../progress.ts";
import { readTrustedKeys } from "./trusted-keys.ts";

export interface VerifyOptions extends FolderOptions {
  readonly checkpoint?: readonly string[];
  readonly trustedKeys?: string;
}

/** `countersign audit verify` */
export async function verifyAudit(options: VerifyOptions) {
  const config = configOf(options);
  // Before the record: a running server may add to both, and a checkpoint must not count what was not read.
  const checkpoints = [
    ...readFile(config.checkpointsPath, "may be missing"),
    ...(options.checkpoint ?? []).flatMap((path) => readFile(path, "must be there")),
  ];
  const connection = openForReading(config);
  try {
    const verifier =
      options.trustedKeys === undefined
        ? keyringOf(connection, keysetOf(config))
        : verifierOf(options.trustedKeys);
    const report = await readRecord(connection, checkpoints, verifier, options);
    if (report.ok) demandSoundTable(connection);
    tell(report, options);
    return report.ok ? exits.ok : exits.negative;
  } finally {
    connection.close();
  }
}

async function readRecord(
  connection: Connection,
  checkpoints: readonly Checkpoint[],
  verifier: CheckpointVerifier,
  options: VerifyOptions,
): Promise<ChainReport> {
  const progress = startProgress("Reading events", options);
  const total = auditHead(connection).seq;
  async function* watched(): AsyncGenerator<AuditRow, void, void> {
    for await (const row of auditRows(connection)) {
      if (row.seq % 1_000 === 0) progress.at(row.seq, total);
      yield row;
    }
  }
  try {
    return await verifyChain({ rows: watched(), checkpoints, origin: storeOrigin(connection) }, verifier);
  } finally {
    progress.end();
  }
}

function tell(report: ChainReport, options: VerifyOptions): void {
  if (!report.ok) {
    show(options, report, [
      `The record is not as it was written. ${report.sentence}`,
      `First bad event: ${report.seq}`,
    ]);
    return;
  }
  const { events, erased, checkpoints, head } = report;
  if (checkpoints === 0) {
    remark(
      "There are no checkpoints, so events cut off at the end would not be seen. Name a file with --checkpoint.",
    );
  }
  show(options, report, [
    `The record is as it was written: ${events} events, ${checkpoints} signed checkpoints agree.`,
    ...(erased > 0 ? [`${erased} events were erased; their place in the record still holds.`] : []),
    `Last event  ${head.seq} at ${new Date(head.at).toISOString()}`,
    `Last hash   ${head.hash}`,
  ]);
}

/** Every event was read and fits; damage beside them in the file is another matter, and told as such. */
function demandSoundTable(connection: Connection): void {
  const problems = integrityProblems(connection, "audit");
  if (problems.length === 0) return;
  throw new CliError(
    exits.dataDamaged,
    `The events are as they were written, but the file is damaged: SQLite found ${problems.join("; ")}.`,
    "database_damaged",
  );
}

function readFile(path: string, presence: "may be missing" | "must be there"): readonly Checkpoint[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isMissing && presence === "may be missing") return [];
    throw new CliError(exits.usage, `The checkpoints in ${path} cannot be read.`, "checkpoints_unreadable");
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const checkpoints = lines.flatMap((line) => parseCheckpoint(line) ?? []);
  const others = lines.length - checkpoints.length;
  if (checkpoints.length === 0 && presence === "must be there") {
    throw new CliError(exits.usage, `There is no checkpoint in ${path}.`, "checkpoints_unreadable");
  }
  // A crash can leave half a line; a changed one looks the same and no longer proves anything.
  if (others > 0) remark(`${others} lines of ${path} are no checkpoints and were passed over.`);
  return checkpoints;
}

function verifierOf(path: string): CheckpointVerifier {
  const keys = readTrustedKeys(path);
  return {
    verifyCheckpoint: (checkpoint) => keys.some((key) => isCheckpointSignedBy(checkpoint, key)),
  };
}
