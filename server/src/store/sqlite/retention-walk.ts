import type { WriterParts } from "./execute.ts";
import type { StepWork } from "./retention.ts";

/** A whole pass over a table begins this long after the last one ended. */
const betweenPassesMs = 600_000;

/**
 * A guard that nothing touched for so long has no pending verification (the longest lives a week) and no send in any window
 * (a day). Where failures were counted it stays: forgetting them would grant tries.
 */
const idleGuardMs = 8 * 86_400_000;

interface Walked {
  readonly table: string;
  readonly key: string;
  /** Which rows are over, given a time. */
  readonly over: string;
  readonly until: (now: number) => number;
}

const tables = {
  guards: {
    table: "guards",
    key: "key",
    over: `key LIKE 'd:%' AND failures = 0 AND blocked_until IS NULL AND disabled_at IS NULL AND last_step IS NULL
      AND updated_at <= ?`,
    until: (now) => now - idleGuardMs,
  },
  idempotency_keys: { table: "idempotency", key: "key", over: "expires_at <= ?", until: (now) => now },
  receipts: { table: "consumed_receipts", key: "id", over: "expires_at <= ?", until: (now) => now },
} as const satisfies Record<string, Walked>;

/**
 * A pass over a table in the order of its primary key, a few rows per step: what is over has no index, since that would cost
 * every insert. Where it is stands in memory only; after a restart a pass begins anew.
 */
export function createWalk({ connection }: WriterParts, kind: keyof typeof tables) {
  const { table, key, over, until } = tables[kind];
  const upTo = connection.prepare<unknown[], { last: string | null; looked: number }>(
    `SELECT max(${key}) AS last, count(*) AS looked
     FROM (SELECT ${key} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ?)`,
  );
  const remove = connection.prepare<unknown[], { organization: string }>(
    `DELETE FROM ${table} WHERE ${key} > ? AND ${key} <= ? AND ${over} RETURNING organization`,
  );
  let at = "";
  let nextPass = 0;

  return (work: StepWork): void => {
    if (work.now < nextPass) return;
    const { last, looked } = upTo.get(at, work.room) ?? { last: null, looked: 0 };
    if (last !== null) work.count(kind, remove.all(at, last, until(work.now)));
    if (looked < work.room) {
      at = "";
      nextPass = work.now + betweenPassesMs;
    } else {
      at = last ?? "";
    }
    work.room -= looked;
  };
}
