import type { AuditDraft } from "../../engine/audit/event.ts";
import { systemRandom } from "../../engine/code/random.ts";
import type { KeyRow } from "../keys/key-rows.ts";
import type { Keyring } from "../keys/keyring.ts";
import { createKeyring } from "../keys/keyring.ts";
import type { KeyRowStore } from "../keys/rotate.ts";
import type { Connection } from "./connection.ts";
import { lockFolder } from "./lock.ts";
import { openWriterParts, readKeys, type WriterOptions } from "./parts.ts";
import { addSealCounts, createSealTally } from "./seal-counts.ts";

/** The one connection that writes to a stopped store, with the same chain of events as the server's writer. */
export interface Maintenance {
  readonly connection: Connection;
  /** The keys as they were when the store was opened. */
  readonly keyring: Keyring;
  /**
   * Runs `work` and appends the events it returns, in one durable transaction. Nothing is kept when it throws.
   * `now` in milliseconds.
   */
  change(now: number, work: () => readonly AuditDraft[]): void;
  /** Writes a last checkpoint, closes the database and gives the folder free. */
  close(): void;
}

export interface MaintenanceOptions extends WriterOptions {
  /** File whose lock keeps a server away. */
  readonly lock: string;
}

/** Throws `conflict` while a server runs, and whatever `openWriterParts` throws. */
export function openMaintenance(options: MaintenanceOptions): Maintenance {
  const lock = lockFolder(options.lock);
  try {
    const maintenance = openUnlocked(options);
    return {
      ...maintenance,
      close: () => {
        try {
          maintenance.close();
        } finally {
          lock.release();
        }
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The same for a file that no server knows of, such as the copy that a restore prepares. */
export function openUnlocked(options: WriterOptions): Maintenance {
  const { path, keyset, checkpoints } = options;
  const { parts, keys, sealed, checkpoint, close } = openWriterParts({ path, keyset, checkpoints });
  const { connection, audit } = parts;
  const keyring = createKeyring({ keyset, rows: keys, sealed }, { random: systemRandom });
  const sealedSince = createSealTally(keyring);
  return {
    connection,
    keyring,
    change: (now, work) => {
      const before = audit.head;
      try {
        connection
          .transaction(() => {
            for (const draft of work()) audit.append(draft, now);
          })
          .immediate();
      } catch (error) {
        audit.reset(before);
        throw error;
      }
      checkpoint(audit.head);
    },
    close: () => {
      addSealCounts(connection, [sealedSince()]);
      close();
    },
  };
}

/** The table `keys` for the verbs of `store/keys/rotate.ts`; each change is told by the events of `tell`. */
export function keyRowStore(
  maintenance: Maintenance,
  tell: (changed: readonly KeyRow[]) => readonly AuditDraft[],
  now: number,
): KeyRowStore {
  const { connection } = maintenance;
  const upsert = connection.prepare(
    `INSERT INTO keys (kid, purpose, organization, wrapped, state, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kid) DO UPDATE SET wrapped = excluded.wrapped, state = excluded.state`,
  );
  const remove = connection.prepare("DELETE FROM keys WHERE kid = ?");
  return {
    list: async () => readKeys(connection),
    save: async (rows) => {
      maintenance.change(now, () => {
        for (const { kid, purpose, organization, wrapped, state, createdAt } of rows) {
          upsert.run(kid, purpose, organization, wrapped, state, createdAt);
        }
        return tell(rows);
      });
    },
    remove: async (kid) => {
      maintenance.change(now, () => {
        const removed = readKeys(connection).filter((row) => row.kid === kid);
        remove.run(kid);
        return tell(removed);
      });
    },
  };
}
