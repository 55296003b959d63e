import { appendEvent, type ChainHead } from "../../engine/audit/chain.ts";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Random } from "../../engine/tools.ts";
import type { Change } from "../../engine/verification/decision.ts";
import { conversationToRow } from "../sql/conversation-rows.ts";
import { guardToRow } from "../sql/counter-rows.ts";
import {
  authenticatorToRow,
  deliveryToRow,
  verificationToRow,
  verificationUpdateToRow,
} from "../sql/rows.ts";
import type { Connection } from "./connection.ts";
import type { CounterTable } from "./counters.ts";
import type { RulesTable } from "./rules.ts";

/** Writes one change of a decision; runs inside the batch's transaction. */
export function createApply(
  connection: Connection,
  rules: RulesTable,
  counters: CounterTable,
): (change: Change, now: number) => void {
  const addVerification = connection.prepare(
    `INSERT INTO verifications (id, organization, user_id, authenticator, guard, destination_key, destination, hint, app,
       publication, channel, via, purpose, binding, locale, status, reason, mac, kid, sealed_code, attempts, sends,
       last_sent_at, created_at, expires_at, closed_at, rules, deliveries, conversation, wishes, number,
       source, outside, last_attempt)
     VALUES (${marks(34)})`,
  );
  const updateVerification = connection.prepare(
    `UPDATE verifications SET authenticator = ?, guard = ?, destination_key = ?, hint = ?, via = ?, status = ?, reason = ?,
       mac = ?, kid = ?, sealed_code = ?, attempts = ?, sends = ?, last_sent_at = ?, expires_at = ?, closed_at = ?,
       deliveries = ?, number = ?, outside = ?, last_attempt = ?
     WHERE id = ?`,
  );
  const saveGuard = connection.prepare(
    `INSERT OR REPLACE INTO guards (key, organization, failures, blocked_until, disabled_at, last_step, pending, sends,
       updated_at) VALUES (${marks(9)})`,
  );
  const addDelivery = connection.prepare(
    `INSERT INTO deliveries (id, organization, verification, state, owner, document, created_at, expires_at)
     VALUES (${marks(8)})`,
  );
  const updateAuthenticator = connection.prepare(
    "UPDATE authenticators SET status = ?, document = ? WHERE user_id = ? AND id = ?",
  );
  const spendCode = connection.prepare(
    "UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND authenticator = ? AND selector = ?",
  );
  const saveConversation = connection.prepare(
    `INSERT INTO conversations (id, organization, publication, channel, external_id, user_id, verification, version, state,
       path, created_at, updated_at, expires_at) VALUES (${marks(13)})
     ON CONFLICT (id) DO UPDATE SET user_id = excluded.user_id, verification = excluded.verification,
       version = excluded.version, state = excluded.state, path = excluded.path, updated_at = excluded.updated_at,
       expires_at = excluded.expires_at`,
  );

  return (change, now) => {
    switch (change.write) {
      case "verification_added":
        addVerification.run(verificationToRow(change.verification, rules.idOf(change.verification.rules)));
        return;
      case "verification":
        updateVerification.run(verificationUpdateToRow(change.verification));
        return;
      case "guard":
        saveGuard.run(guardToRow(change.guard, now));
        return;
      case "counter":
        counters.save(change.counter);
        return;
      case "delivery":
        addDelivery.run(deliveryToRow(change.delivery));
        return;
      case "conversation":
        saveConversation.run(Object.values(conversationToRow(change.conversation)));
        return;
      case "authenticator": {
        const row = authenticatorToRow(change.authenticator);
        updateAuthenticator.run(row.status, row.document, row.user_id, row.id);
        return;
      }
      case "recovery_code": {
        const { authenticator, selector, usedAt } = change.code;
        spendCode.run(usedAt ?? null, change.user, authenticator, selector);
        return;
      }
    }
  };
}

/** Appends audit events to the chain, whose head lives here between commits. */
export interface AuditAppender {
  readonly head: ChainHead;
  append(draft: AuditDraft, now: number): void;
  /** After a rollback: the head as it was. */
  reset(head: ChainHead): void;
  /** Whose events were appended since this was asked last; after a rollback also of some that were not. */
  takeOrganizations(): readonly string[];
}

export function createAuditAppender(connection: Connection, start: ChainHead, random: Random): AuditAppender {
  const insert = connection.prepare(
    `INSERT INTO audit (seq, at, type, organization, digest, salt, details, hash) VALUES (${marks(8)})`,
  );
  let head = start;
  let organizations = new Set<string>();
  return {
    get head() {
      return head;
    },
    append(draft, now) {
      const { row, head: next } = appendEvent(head, draft, now, random);
      insert.run(row.seq, row.at, row.type, row.organization, row.digest, row.salt, row.details, row.hash);
      head = next;
      organizations.add(row.organization);
    },
    reset(to) {
      head = to;
    },
    takeOrganizations() {
      const taken = [...organizations];
      organizations = new Set();
      return taken;
    },
  };
}

function marks(count: number): string {
  return Array(count).fill("?").join(", ");
}
