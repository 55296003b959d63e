import { statSync } from "node:fs";
import type { Config } from "../../config/load.ts";
import { verifyChain } from "../../engine/audit/verify.ts";
import { packageFile } from "../../files.ts";
import type { Keyring } from "../../store/keys/keyring.ts";
import { readCheckpoints } from "../../store/sqlite/checkpoints.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { auditHead, auditRows, chainHeadAt, storeOrigin } from "../../store/sqlite/inspect.ts";
import { type Finding, failed, ok, warning } from "./check.ts";

/** Events that are read; `countersign audit verify` reads all. */
const lastEvents = 1_000;

/** The end of the record, and the checkpoints over it. */
export async function checkAudit(
  config: Config,
  connection: Connection,
  keyring: Keyring,
): Promise<readonly Finding[]> {
  // Before the events: a running server may add to both.
  const all = readCheckpoints(config.checkpointsPath);
  const head = auditHead(connection);
  const from = chainHeadAt(connection, Math.max(0, head.seq - lastEvents));
  const checkpoints = all.filter((checkpoint) => checkpoint.seq >= from.seq);
  const rows = auditRows(connection, from.seq);
  const report = await verifyChain({ rows, checkpoints, from, origin: storeOrigin(connection) }, keyring);
  if (!report.ok) {
    const remedy =
      "Run countersign audit verify, keep a copy of the data folder, and find out who wrote to it.";
    return [failed("audit.record", report.sentence, remedy)];
  }
  const record = ok(
    "audit.record",
    `The last ${report.events} of ${head.seq} events are as they were written.`,
  );
  if (all.length > 0 || head.seq === 0) {
    return [
      record,
      ok("audit.checkpoints", `${all.length} signed checkpoints in ${config.checkpointsPath}.`),
    ];
  }
  return [
    record,
    warning(
      "audit.checkpoints",
      "There are no checkpoints, so events cut off at the end would not be seen.",
      `Let the server write to ${config.checkpointsPath}, best on another disk (COUNTERSIGN_CHECKPOINTS_FILE).`,
    ),
  ];
}

/** The clock may not stand before the last event, nor before this very program was installed. */
export function checkClock(now: number, connection: Connection | undefined): Finding {
  const last = connection === undefined ? 0 : auditHead(connection).at;
  const installed = statSync(packageFile).mtimeMs;
  const behind = Math.max(last, installed) - now;
  const shown = new Date(now).toISOString();
  if (behind <= 0) return ok("clock", `${shown}, after the last event.`);
  const seconds = Math.ceil(behind / 1000);
  const what = last >= installed ? "the last event of the record" : "the installation of this program";
  return failed(
    "clock",
    `The clock says ${shown}: ${seconds} s before ${what}.`,
    "Set the clock, and keep it right with NTP: codes and receipts live by it.",
  );
}
