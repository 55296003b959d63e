import Database from "better-sqlite3";
import { timeOrderedId } from "../server/src/engine/code/random.ts";
import { seededRandom } from "../server/src/engine/code/seeded-random.ts";

const perTransaction = 50_000;
const hex = "0123456789abcdef".repeat(4);

/**
 * Gives a closed database a past: `count` approved verifications of an hour-by-hour history, each with its two audit events,
 * in the sizes that real ones have. The chain over them is not real: nothing verifies it here.
 */
export function preload(path: string, organization: string, count: number): void {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = OFF");
  const random = seededRandom("past");
  const rules = hex.slice(0, 22);
  const verification = database.prepare(
    `INSERT INTO verifications (id, organization, user_id, authenticator, guard, destination_key, hint, channel, via, purpose,
       locale, status, attempts, sends, last_sent_at, created_at, expires_at, closed_at, rules, deliveries)
     VALUES (?, ?, ?, ?, ?, ?, '+49 *** **12', 'api', 'sms', 'login', 'en', 'approved', 1, 1, ?, ?, ?, ?, ?, ?)`,
  );
  const event = database.prepare(
    "INSERT INTO audit (seq, at, type, organization, digest, salt, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const last = database
    .prepare<[], { seq: number; at: number }>("SELECT seq, at FROM audit ORDER BY seq DESC LIMIT 1")
    .get() ?? { seq: 0, at: 0 };
  const begun = last.at - 30 * 86_400_000;
  const details = JSON.stringify({ organization, filler: "x".repeat(260) });
  for (let from = 0; from < count; from += perTransaction) {
    database.transaction(() => {
      for (let index = from; index < Math.min(count, from + perTransaction); index += 1) {
        const at = begun + Math.floor((index / count) * 29 * 86_400_000);
        const id = timeOrderedId(at, random);
        const guard = `a:${id}:${id}`;
        const sent = JSON.stringify([{ id, via: "sms", state: "accepted", provider: "inbox", at }]);
        verification.run(id, organization, id, id, guard, hex, at, at, at + 300_000, at + 9_000, rules, sent);
        for (const [offset, type] of ["verification.started", "verification.approved"].entries()) {
          event.run(
            last.seq + index * 2 + offset + 1,
            last.at,
            type,
            organization,
            hex,
            hex.slice(32),
            details,
            hex,
          );
        }
      }
    })();
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
}
