import type { SendCounter } from "../../engine/policy/sending-counters.ts";
import { counterFromRow, counterToRow } from "../sql/counter-rows.ts";
import type { SqlRow } from "../sql/executor.ts";
import type { Connection } from "./connection.ts";

/**
 * The rows that the send rules count in. Every message of an organization counts in the same two or three of them, so a batch
 * works on them in memory and writes each once, in its own transaction, before it is committed.
 */
export interface CounterTable {
  find(organization: string, key: string): SendCounter | undefined;
  save(counter: SendCounter): void;
  /** Writes what was saved since; the last step before the commit. */
  flush(): void;
  /** Removes rows that have nothing to say any more. */
  expire(now: number): void;
  /** After a rollback: what was saved in it is not saved. */
  forget(): void;
}

/** Most rows kept between batches. */
const mostRemembered = 1000;

export function createCounterTable(connection: Connection): CounterTable {
  const select = connection.prepare<unknown[], SqlRow>(
    "SELECT key, organization, counts, expires_at FROM send_counters WHERE key = ?",
  );
  const replace = connection.prepare(
    "INSERT OR REPLACE INTO send_counters (key, organization, counts, expires_at) VALUES (?, ?, ?, ?)",
  );
  const remove = connection.prepare("DELETE FROM send_counters WHERE expires_at <= ?");
  const known = new Map<string, SendCounter>();
  const changed = new Set<string>();

  function flush(): void {
    for (const key of changed) {
      const counter = known.get(key);
      if (counter) replace.run(counterToRow(counter));
    }
    changed.clear();
    if (known.size > mostRemembered) known.clear();
  }

  return {
    find: (organization, key) => {
      let counter = known.get(key);
      if (!counter) {
        const row = select.get(key);
        if (!row) return undefined;
        counter = counterFromRow(row);
        known.set(key, counter);
      }
      return counter.organization === organization ? counter : undefined;
    },
    save: (counter) => {
      known.set(counter.key, counter);
      changed.add(counter.key);
    },
    flush,
    expire: (now) => {
      flush();
      known.clear();
      remove.run(now);
    },
    forget: () => {
      known.clear();
      changed.clear();
    },
  };
}
