import type { Guard } from "../../engine/model.ts";
import type { SendCounter } from "../../engine/policy/sending-counters.ts";
import type { SqlRow, SqlValue } from "./executor.ts";
import type { GuardTable, SendCounterTable } from "./schema.ts";

/** Rows of what is counted: guards, and the counters of the send rules. Written out by hand, as in `rows.ts`. */

type Writable<Type> = { -readonly [Member in keyof Type]: Type[Member] };

export function guardFromRow(row: SqlRow): Guard {
  const columns = row as unknown as GuardTable;
  const guard: Writable<Guard> = {
    organization: columns.organization,
    key: columns.key,
    failures: columns.failures,
    pending: JSON.parse(columns.pending),
    sends: JSON.parse(columns.sends),
  };
  if (columns.blocked_until !== null) guard.blockedUntil = columns.blocked_until;
  if (columns.disabled_at !== null) guard.disabledAt = columns.disabled_at;
  if (columns.last_step !== null) guard.lastStep = columns.last_step;
  return guard;
}

/** `updatedAt` tells a clean-up how old the row is; 0: not known. */
export function guardToTable(guard: Guard, updatedAt = 0): GuardTable {
  return {
    key: guard.key,
    organization: guard.organization,
    failures: guard.failures,
    blocked_until: guard.blockedUntil ?? null,
    disabled_at: guard.disabledAt ?? null,
    last_step: guard.lastStep ?? null,
    pending: JSON.stringify(guard.pending),
    sends: JSON.stringify(guard.sends),
    updated_at: updatedAt,
  };
}

/** The same as a tuple of all 9 columns. */
export function guardToRow(guard: Guard, updatedAt = 0): SqlValue[] {
  return [
    guard.key,
    guard.organization,
    guard.failures,
    guard.blockedUntil ?? null,
    guard.disabledAt ?? null,
    guard.lastStep ?? null,
    JSON.stringify(guard.pending),
    JSON.stringify(guard.sends),
    updatedAt,
  ];
}

export function counterFromRow(row: SqlRow): SendCounter {
  const columns = row as unknown as SendCounterTable;
  return {
    organization: columns.organization,
    key: columns.key,
    counts: JSON.parse(columns.counts),
    expiresAt: columns.expires_at,
  };
}

/** All 4 columns. */
export function counterToRow({ key, organization, counts, expiresAt }: SendCounter): SqlValue[] {
  return [key, organization, JSON.stringify(counts), expiresAt];
}
