import { firstIdAt } from "../../engine/code/random.ts";
import type { RetainedKind, RetentionRules, RetentionStep } from "../../engine/retention.ts";
import type { WriterParts } from "./execute.ts";
import { createLedger, type RetentionLedger } from "./retention-ledger.ts";
import { createWalk } from "./retention-walk.ts";
import { policyLifeMs } from "./sweep.ts";

/**
 * What every step works with. `room`: rows that may still be looked at; the writer does nothing else meanwhile.
 */
export interface StepWork {
  room: number;
  readonly now: number;
  readonly rules: RetentionRules;
  readonly ledger: RetentionLedger;
  /** Notes rows that went, by the organization they were of. */
  count(kind: RetainedKind, rows: readonly { readonly organization: string }[]): void;
}

/** What is forgotten one after the other; what comes first is personal data. */
export function createRetention(parts: WriterParts) {
  const ledger = createLedger(parts);
  const passes = [
    createScrub(parts),
    createLongLivedScrub(parts),
    createDeletion(parts),
    createDetailsErasure(parts),
    createWalk(parts, "guards"),
    createWalk(parts, "idempotency_keys"),
    createWalk(parts, "receipts"),
  ];
  return (rules: RetentionRules, limit: number, now: number): RetentionStep => {
    ledger.open(now);
    const removed: Partial<Record<RetainedKind, number>> = {};
    const work: StepWork = {
      room: limit,
      now,
      rules,
      ledger,
      count: (kind, rows) => {
        if (rows.length === 0) return;
        removed[kind] = (removed[kind] ?? 0) + rows.length;
        for (const { organization } of rows) ledger.count(kind, organization);
      },
    };
    for (const pass of passes) if (work.room > 0) pass(work);
    ledger.save();
    return { removed, more: work.room <= 0 };
  };
}

/**
 * An empty mask is the mark of a verification whose destination is forgotten. Of the number its country, its type and the range
 * stay, which it shares with ten thousand others: send rules are rehearsed on them.
 */
const forget = `UPDATE verifications SET destination = NULL, destination_key = NULL, hint = '', binding = NULL, wishes = NULL,
  number = CASE WHEN number IS NULL THEN NULL ELSE json_remove(number, '$.position') END, source = NULL, mac = NULL, kid = NULL, sealed_code = NULL,
  guard = CASE WHEN guard LIKE 'd:%' THEN '' ELSE guard END`;

interface ScrubRow {
  readonly id: string;
  readonly organization: string;
  readonly status: string;
  readonly life: number;
}

/**
 * Walks the primary key, which is in the order of creation, and remembers how far it came. The few that live longer than a
 * policy allows are passed over; they are found by their end.
 */
function createScrub({ connection }: WriterParts) {
  const next = connection.prepare<unknown[], ScrubRow>(
    `SELECT id, organization, status, expires_at - created_at AS life FROM verifications
     WHERE id > ? AND id < ? ORDER BY id LIMIT ?`,
  );
  const scrub = connection.prepare(`${forget} WHERE id = ?`);
  return (work: StepWork): void => {
    const until = firstIdAt(work.now - work.rules.destinationsMs - policyLifeMs);
    const rows = next.all(work.ledger.scrubbedTo, until, work.room);
    const done: ScrubRow[] = [];
    for (const row of rows) {
      const longLived = row.life > policyLifeMs;
      // The sweep has not closed it yet, after a long stop of the server: it comes first.
      if (row.status === "pending" && !longLived) break;
      if (!longLived) {
        scrub.run(row.id);
        done.push(row);
      }
      work.ledger.scrubbedTo = row.id;
    }
    work.room -= rows.length;
    work.count("destinations", done);
  };
}

function createLongLivedScrub({ connection }: WriterParts) {
  // Word for word the condition of the index: SQLite uses a partial index only where the query implies it.
  const scrub = connection.prepare<unknown[], { organization: string }>(
    `${forget} WHERE id IN (SELECT id FROM verifications
       WHERE hint <> '' AND expires_at - created_at > 600000 AND expires_at <= ? AND status <> 'pending'
       ORDER BY expires_at LIMIT ?)
     RETURNING organization`,
  );
  return (work: StepWork): void => {
    const rows = scrub.all(work.now - work.rules.destinationsMs, work.room);
    work.room -= rows.length;
    work.count("destinations", rows);
  };
}

function createDeletion({ connection }: WriterParts) {
  const remove = connection.prepare<unknown[], { organization: string }>(
    `DELETE FROM verifications WHERE id IN (
       SELECT id FROM verifications WHERE id < ? AND status <> 'pending' ORDER BY id LIMIT ?)
     RETURNING organization`,
  );
  return (work: StepWork): void => {
    const rows = remove.all(firstIdAt(work.now - work.rules.verificationsMs - policyLifeMs), work.room);
    work.room -= rows.length;
    work.count("verifications", rows);
  };
}

/** The chain commits to a digest of the salted details: without salt and details it still holds, and tells nothing. */
function createDetailsErasure({ connection }: WriterParts) {
  const next = connection.prepare<unknown[], { seq: number; at: number }>(
    "SELECT seq, at FROM audit WHERE seq > ? ORDER BY seq LIMIT ?",
  );
  const erase = connection.prepare<unknown[], { organization: string }>(
    `UPDATE audit SET details = NULL, salt = '' WHERE seq > ? AND seq <= ? AND details IS NOT NULL
     RETURNING organization`,
  );
  return (work: StepWork): void => {
    const { auditDetailsMs } = work.rules;
    if (auditDetailsMs === undefined) return;
    const from = work.ledger.erasedTo;
    const rows = next.all(from, work.room).filter(({ at }) => at <= work.now - auditDetailsMs);
    const last = rows.at(-1)?.seq;
    if (last === undefined) return;
    work.count("audit_details", erase.all(from, last));
    work.ledger.erasedTo = last;
    work.room -= rows.length;
  };
}
