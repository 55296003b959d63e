import type { Verification } from "../../engine/model.ts";
import { emptyGuard, userGuardPrefix } from "../../engine/policy/guards.ts";
import type { Rows } from "../../engine/verification/decision.ts";
import { guardFromRow } from "../sql/counter-rows.ts";
import type { SqlRow } from "../sql/executor.ts";
import {
  afterPrefix,
  authenticatorFromRow,
  recoveryCodeFromRow,
  userFromRow,
  verificationFromRow,
} from "../sql/rows.ts";
import type { Connection } from "./connection.ts";
import type { CounterTable } from "./counters.ts";
import type { RulesTable } from "./rules.ts";

/** Reads for the engine's decisions. The writer is alone, so what it reads holds until it has written. */
export interface SqliteRows extends Rows {
  /** Verifications after `id` in order of creation, for the sweep. */
  verificationsAfter(id: string, limit: number): readonly Verification[];
  /** Pending ones that were made for longer than a policy allows and whose time is over; the one that ended first, first. */
  longLivedUntil(now: number, limit: number): readonly Verification[];
}

export function createRows(connection: Connection, rules: RulesTable, counters: CounterTable): SqliteRows {
  const toVerification = (row: SqlRow) => verificationFromRow(row, rules.rulesOf);
  const user = connection.prepare<unknown[], SqlRow>("SELECT * FROM users WHERE id = ? AND organization = ?");
  const authenticators = connection.prepare<unknown[], SqlRow>(
    // The signs: see `SteadyQueryCompiler`.
    "SELECT * FROM authenticators WHERE user_id = +? AND organization = +? ORDER BY id",
  );
  const recoveryCode = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM recovery_codes WHERE user_id = ? AND authenticator = ? AND selector = ?",
  );
  const guard = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM guards WHERE key = ? AND organization = ?",
  );
  const userGuards = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM guards WHERE key >= ? AND key < ? AND organization = ?",
  );
  const verification = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM verifications WHERE id = ? AND organization = ?",
  );
  const conversationVersion = connection.prepare<unknown[], { version: number }>(
    "SELECT version FROM conversations WHERE id = ? AND organization = ?",
  );
  const verificationsAfter = connection.prepare<unknown[], SqlRow>(
    "SELECT * FROM verifications WHERE id > ? ORDER BY id LIMIT ?",
  );
  // Word for word the condition of the index: SQLite uses a partial index only where the query implies it.
  const longLivedUntil = connection.prepare<unknown[], SqlRow>(
    `SELECT * FROM verifications WHERE status = 'pending' AND expires_at - created_at > 600000 AND expires_at <= ?
     ORDER BY expires_at LIMIT ?`,
  );
  const testCode = connection.prepare<unknown[], { id: string; code: string }>(
    `SELECT id, json_extract(document, '$.code') AS code FROM test_numbers
     WHERE organization = ? AND destination_key = ? AND via = ? AND expires_at > ?`,
  );
  return {
    user: (organization, id) => mapped(user.get(id, organization), userFromRow),
    authenticators: (organization, id) => authenticators.all(id, organization).map(authenticatorFromRow),
    recoveryCode: (id, authenticator, selector) =>
      mapped(recoveryCode.get(id, authenticator, selector), recoveryCodeFromRow),
    guard: (organization, key) =>
      mapped(guard.get(key, organization), guardFromRow) ?? emptyGuard(organization, key),
    userGuards: (organization, id) => {
      const prefix = userGuardPrefix(id);
      return userGuards.all(prefix, afterPrefix(prefix), organization).map(guardFromRow);
    },
    counter: counters.find,
    verification: (organization, id) => mapped(verification.get(id, organization), toVerification),
    conversationVersion: (organization, id) => conversationVersion.get(id, organization)?.version,
    verificationsAfter: (id, limit) => verificationsAfter.all(id, limit).map(toVerification),
    longLivedUntil: (now, limit) => longLivedUntil.all(now, limit).map(toVerification),
    testCode: (organization, via, destinationKey, now) =>
      testCode.get(organization, destinationKey, via, now),
  };
}

function mapped<Value>(row: SqlRow | undefined, map: (row: SqlRow) => Value): Value | undefined {
  return row === undefined ? undefined : map(row);
}
