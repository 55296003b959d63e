import { join } from "node:path";
import { type AuditRow, eventOfRow } from "../../src/engine/audit/chain.ts";
import { verifyChain } from "../../src/engine/audit/verify.ts";
import { systemRandom } from "../../src/engine/code/random.ts";
import { readKeyFile } from "../../src/store/keys/key-file.ts";
import { createKeyring } from "../../src/store/keys/keyring.ts";
import { readCheckpoints } from "../../src/store/sqlite/checkpoints.ts";
import { type Connection, openReader } from "../../src/store/sqlite/connection.ts";
import { auditRows, integrityProblems } from "../../src/store/sqlite/inspect.ts";
import { readKeys } from "../../src/store/sqlite/parts.ts";
import { answered, isCountedRefusal, mayHaveSucceeded, type Operation } from "./history.ts";

/** What a rehearsal proved; every list is empty when the promises were kept. */
export interface Findings {
  /** Requests that were answered. */
  readonly acknowledged: number;
  /** Requests whose connection broke. */
  readonly unknown: number;
  readonly approvals: number;
  readonly refusals: number;
  readonly events: number;
  /** Acknowledged and not in the database. */
  readonly lost: readonly string[];
  /** Accepted twice: a code, a time step, a receipt. */
  readonly doubles: readonly string[];
  /** Fewer failures on record than wrong answers were told. */
  readonly underCounts: readonly string[];
  /** More than the wrong answers told and the requests nobody saw the end of. */
  readonly overCounts: readonly string[];
  /** Record or file not sound. */
  readonly damage: readonly string[];
}

interface VerificationRow {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly sends: number;
}

/** Compares what clients were told with what is in the data folder; the server must not run. */
export async function checkFolder(data: string, history: readonly Operation[]): Promise<Findings> {
  const connection = openReader(join(data, "countersign.db"));
  try {
    const events = await readEvents(connection);
    const rows = new Map(
      connection
        .prepare<unknown[], VerificationRow>("SELECT id, status, attempts, sends FROM verifications")
        .all()
        .map((row) => [row.id, row]),
    );
    const done = history.filter((operation) => answered(operation) !== undefined);
    const failures = failuresOf(connection, history);
    return {
      acknowledged: done.length,
      unknown: history.filter(({ answer }) => answer === "unknown").length,
      approvals: done.filter((operation) => answered(operation)?.approved === true).length,
      refusals: done.filter(isCountedRefusal).length,
      events: events.length,
      lost: lostOf(done, rows),
      doubles: [...doublesOf(done), ...recordedTwice(events, rows)],
      ...failures,
      damage: [...integrityProblems(connection, "database"), ...(await chainProblems(data, connection))],
    };
  } finally {
    connection.close();
  }
}

/** The counts of several rehearsals as one line. */
export function summary(
  name: string,
  findings: Findings,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const { lost, doubles, underCounts, overCounts, damage, ...counts } = findings;
  return `${name}: ${JSON.stringify({
    ...more,
    ...counts,
    lost: lost.length,
    doubles: doubles.length,
    underCounts: underCounts.length,
    overCounts: overCounts.length,
    damage: damage.length,
  })}`;
}

/** The promises that a test expects to be kept: all lists, so that a failure shows what broke. */
export function brokenPromises({ lost, doubles, underCounts, overCounts, damage }: Findings) {
  return { lost, doubles, underCounts, overCounts, damage };
}

export const keptPromises = { lost: [], doubles: [], underCounts: [], overCounts: [], damage: [] };

function lostOf(done: readonly Operation[], rows: ReadonlyMap<string, VerificationRow>): readonly string[] {
  return done.flatMap((operation) => {
    const body = answered(operation);
    const id = operation.verification ?? body?.id ?? "";
    const row = rows.get(id);
    const lost = (what: string) => [`${operation.op} ${id}: ${what}`];
    if (row === undefined) return lost("no such verification");
    if (body?.approved === true && row.status !== "approved") return lost(`approved, but ${row.status}`);
    if (operation.op === "cancel" && row.status !== "canceled") return lost(`canceled, but ${row.status}`);
    if ((body?.sends ?? 0) > row.sends) return lost(`${body?.sends} sends told, ${row.sends} kept`);
    if (isCountedRefusal(operation) && (body?.attempts ?? 0) > row.attempts) {
      return lost(`${body?.attempts} attempts told, ${row.attempts} kept`);
    }
    return [];
  });
}

/** What no two answers may say. */
function doublesOf(done: readonly Operation[]): readonly string[] {
  const seen = new Set<string>();
  const once = (what: string) => {
    if (seen.has(what)) return [what];
    seen.add(what);
    return [];
  };
  return done.flatMap((operation) => {
    const { verification, guard, step } = operation;
    const body = answered(operation);
    if (isCountedRefusal(operation)) return once(`attempt ${body?.attempts} of ${verification}`);
    if (body?.approved !== true) return [];
    return [
      ...once(`approval of ${verification}`),
      ...(step === undefined ? [] : once(`step ${step} of ${guard}`)),
    ];
  });
}

interface RecordedEvent {
  readonly type: string;
  readonly verification: string | undefined;
  readonly receipt: string | undefined;
}

async function readEvents(connection: Connection): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const row of auditRows(connection)) events.push(eventOf(row));
  return events;
}

function eventOf(row: AuditRow): RecordedEvent {
  const { verification, details } = eventOfRow(row);
  const receipt = details?.["receipt"];
  return { type: row.type, verification, receipt: receipt === undefined ? undefined : String(receipt) };
}

/** Every change of state has exactly one event, and every approval one receipt. */
function recordedTwice(
  events: readonly RecordedEvent[],
  rows: ReadonlyMap<string, VerificationRow>,
): readonly string[] {
  const found: string[] = [];
  const counts = new Map<string, number>();
  const receipts = new Set<string>();
  for (const { type, verification, receipt } of events) {
    counts.set(`${type} ${verification}`, (counts.get(`${type} ${verification}`) ?? 0) + 1);
    if (type !== "verification.approved" || receipt === undefined) continue;
    if (receipts.has(receipt)) found.push(`receipt ${receipt}`);
    receipts.add(receipt);
  }
  const closings = ["approved", "denied", "expired", "canceled"];
  for (const { id, status } of rows.values()) {
    const started = counts.get(`verification.started ${id}`);
    if (started !== 1) found.push(`${id} was started ${started ?? 0} times`);
    for (const closing of closings) {
      const count = counts.get(`verification.${closing} ${id}`) ?? 0;
      if (count !== (status === closing ? 1 : 0))
        found.push(`${id} is ${status}, and ${closing} ${count} times`);
    }
  }
  return found;
}

interface GuardRow {
  readonly key: string;
  readonly failures: number;
}

/**
 * Wrong answers told since the last check that succeeded, or may have, against the failures on record. What was under way
 * when that check ended may have been counted before it, so only what began later must be there.
 */
function failuresOf(connection: Connection, history: readonly Operation[]) {
  const kept = new Map(
    connection
      .prepare<unknown[], GuardRow>("SELECT key, failures FROM guards")
      .all()
      .map(({ key, failures }) => [key, failures]),
  );
  const underCounts: string[] = [];
  const overCounts: string[] = [];
  for (const [guard, operations] of Map.groupBy(history, (operation) => operation.guard)) {
    const failures = kept.get(guard) ?? 0;
    const cleared = Math.max(0, ...operations.filter(mayHaveSucceeded).map(({ endedAt }) => endedAt));
    const told = operations.filter(isCountedRefusal);
    const owed = told.filter(({ begunAt }) => begunAt > cleared).length;
    if (failures < owed) underCounts.push(`${guard}: ${owed} wrong answers told, ${failures} kept`);
    const unseen = operations.filter(({ op, answer }) => op === "check" && answer === "unknown").length;
    if (failures > told.length + unseen) overCounts.push(`${guard}: ${failures} kept, ${told.length} told`);
  }
  return { underCounts, overCounts };
}

async function chainProblems(data: string, connection: Connection): Promise<readonly string[]> {
  const keyset = readKeyFile(join(data, "countersign.keys"));
  const keyring = createKeyring({ keyset, rows: readKeys(connection) }, { random: systemRandom });
  const checkpoints = readCheckpoints(join(data, "audit-checkpoints.txt"));
  const report = await verifyChain({ rows: auditRows(connection), checkpoints }, keyring);
  return report.ok ? [] : [report.sentence];
}
