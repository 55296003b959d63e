import type {
  DeliveryOutcome,
  ProviderReference,
  ReportCommand,
  ReportOutcome,
} from "../../engine/outbox.ts";
import type { Decision } from "../../engine/verification/decision.ts";
import { decideReport, type ReportedDelivery } from "../../engine/verification/report.ts";
import type { Connection } from "./connection.ts";
import type { WriterParts } from "./execute.ts";

/** Providers tell what became of a message for days: the longest of them for half a week. */
const rememberedMs = 7 * 24 * 3600 * 1000;

/** What providers know messages by, from the hand-over on. */
export function createReferences(connection: Connection) {
  const insert = connection.prepare(
    `INSERT INTO delivery_references (provider, reference, organization, verification, delivery, expires_at)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (provider, reference) DO NOTHING`,
  );
  const select = connection.prepare<unknown[], ReportedDelivery>(
    `SELECT organization, verification, delivery FROM delivery_references
     WHERE provider = ? AND reference = ? AND expires_at > ?`,
  );
  return {
    add: (result: DeliveryOutcome, { provider, reference }: ProviderReference): void => {
      const { organization, verification, delivery, now } = result;
      insert.run(provider, reference, organization, verification, delivery, now + rememberedMs);
    },
    find: ({ provider, reference }: ProviderReference, now: number): ReportedDelivery | undefined =>
      select.get(provider, reference, now),
  };
}

/** References forgotten in one sweep at most: the writer does nothing else meanwhile. */
const mostForgotten = 2_000;

/** Forgets what is over: references, and the scripts of calls that nobody will fetch any more. */
export function createReportSweep(connection: Connection): (now: number) => void {
  const references = connection.prepare(
    `DELETE FROM delivery_references WHERE (provider, reference) IN (
       SELECT provider, reference FROM delivery_references WHERE expires_at <= ? ORDER BY expires_at LIMIT ${mostForgotten})`,
  );
  const scripts = connection.prepare(
    `DELETE FROM call_scripts WHERE expires_at <= ? OR NOT EXISTS (
       SELECT 1 FROM verifications WHERE id = call_scripts.verification AND status = 'pending')`,
  );
  return (now) => {
    references.run(now);
    scripts.run(now);
  };
}

/** Reports, each one decided and written in the step of its batch. */
export function createReport(
  parts: WriterParts,
  keep: (decision: Decision<ReportOutcome>, now: number) => ReportOutcome,
): (command: ReportCommand) => ReportOutcome {
  const references = createReferences(parts.connection);
  return (command) => {
    const now = parts.timeOf(command.now);
    const { message } = command;
    const known = "delivery" in message ? message : references.find(message, now);
    if (!known) return { kind: "unknown" };
    return keep(decideReport({ ...command, now }, known, parts.rows, parts.tools), now);
  };
}
