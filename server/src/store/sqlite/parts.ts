import { type ChainHead, emptyHead } from "../../engine/audit/chain.ts";
import { systemRandom } from "../../engine/code/random.ts";
import type { Clock } from "../../engine/tools.ts";
import { initialKeyRows, type KeyRow } from "../keys/key-rows.ts";
import { createKeyring, type Keyring } from "../keys/keyring.ts";
import type { Keyset } from "../keys/keyset.ts";
import { type AuditAppender, createApply, createAuditAppender } from "./apply.ts";
import { createCheckpoints, demandWholeRecord } from "./checkpoints.ts";
import { type Connection, openWriter } from "./connection.ts";
import { createCounterTable } from "./counters.ts";
import { createExecute, type WriterParts } from "./execute.ts";
import { chainHeadAt } from "./inspect.ts";
import { createRows } from "./load.ts";
import { migrate } from "./migrate.ts";
import { createRulesTable } from "./rules.ts";
import { addSealCounts, createSealTally, readSealCounts } from "./seal-counts.ts";
import { createStoreTime } from "./store-time.ts";

/** What the writer thread is started with: plain data. */
export interface WriterOptions {
  readonly path: string;
  readonly keyset: Keyset;
  /** Append-only file of signed checkpoints. */
  readonly checkpoints: string;
}

const clock: Clock = { now: () => Date.now() };
const monotonic: Clock = { now: () => performance.now() };
const after = (ms: number, call: () => void) => {
  const timer = setTimeout(call, ms).unref();
  return () => clearTimeout(timer);
};

/** Opens the database for writing: schema, keys, chain head, prepared statements. Throws when any of them is not sound. */
export function openWriterParts(options: WriterOptions) {
  const connection = openWriter(options.path);
  try {
    migrate(connection, clock.now());
    const keys = loadKeys(connection, options.keyset);
    const sealed = readSealCounts(connection);
    const keyring = createKeyring({ keyset: options.keyset, rows: keys, sealed }, { random: systemRandom });
    const sealedSince = createSealTally(keyring);
    const rules = createRulesTable(connection);
    const counters = createCounterTable(connection);
    const rows = createRows(connection, rules, counters);
    const audit = createAuditAppender(connection, loadHead(connection), systemRandom);
    const parts: WriterParts = {
      connection,
      rows,
      counters,
      apply: createApply(connection, rules, counters),
      audit,
      // Called inside the transaction of a batch, like every decision about time.
      timeOf: createStoreTime(audit, monotonic, (behindMs) => tellBackwards(behindMs, connection, audit)),
      tools: { clock, random: systemRandom, vault: keyring },
      sealedSince,
      addKey: keyAdder(connection, keyring),
    };
    const origin = originOf(connection);
    demandWholeRecord({
      path: options.checkpoints,
      origin,
      verifier: keyring,
      headAt: (seq) => chainHeadAt(connection, seq),
    });
    const checkpoints = createCheckpoints(options.checkpoints, origin, keyring, { clock, after });
    const commit = connection.prepare("COMMIT");
    return {
      parts,
      keys,
      sealed,
      execute: createExecute(parts),
      begin: connection.prepare("BEGIN IMMEDIATE"),
      commit: {
        run: () => {
          counters.flush();
          commit.run();
        },
      },
      /** After a rollback: what memory says must be what the disk says. */
      forget: (head: ChainHead) => {
        rules.forget();
        counters.forget();
        parts.audit.reset(head);
      },
      checkpoint: checkpoints.note,
      close: () => {
        addSealCounts(connection, [sealedSince()]);
        checkpoints.close(parts.audit.head);
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** The rows of the table `keys`; a new database gets its first ones in one transaction. */
function loadKeys(connection: Connection, keyset: Keyset): readonly KeyRow[] {
  const found = readKeys(connection);
  if (found.length > 0) return found;
  const made = initialKeyRows(keyset, clock.now(), { random: systemRandom });
  connection.transaction(() => {
    for (const row of made) insertKey(connection, row);
  })();
  return made;
}

/** All key rows of a database, for keyrings and for the key commands. */
export function readKeys(connection: Connection): readonly KeyRow[] {
  return connection
    .prepare<unknown[], KeyRow>(
      "SELECT kid, purpose, organization, wrapped, state, created_at AS createdAt FROM keys ORDER BY created_at, kid",
    )
    .all();
}

export function insertKey(connection: Connection, row: KeyRow): void {
  connection
    .prepare(
      "INSERT INTO keys (kid, purpose, organization, wrapped, state, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .run(row.kid, row.purpose, row.organization, row.wrapped, row.state, row.createdAt);
}

function keyAdder(connection: Connection, keyring: Keyring): (row: KeyRow) => void {
  return (row) => {
    insertKey(connection, row);
    keyring.add(row);
  };
}

function loadHead(connection: Connection): ChainHead {
  const last = connection
    .prepare<unknown[], ChainHead>("SELECT seq, hash, at FROM audit ORDER BY seq DESC LIMIT 1")
    .get();
  return last ?? emptyHead;
}

/** Every organization's record says that the clock was wrong, since it shifts what their people see. */
function tellBackwards(behindMs: number, connection: Connection, audit: AuditAppender): void {
  const organizations = connection.prepare<unknown[], { id: string }>("SELECT id FROM organizations").all();
  const details = { behindSeconds: Math.round(behindMs / 1000) };
  for (const { id } of organizations) {
    audit.append({ type: "clock.backwards", organization: id, actor: "system", details }, audit.head.at);
  }
}

/** A name for this database's chain, made once, so that checkpoints of two servers are never mixed up. */
function originOf(connection: Connection): string {
  const found = connection
    .prepare<unknown[], { value: string }>("SELECT value FROM meta WHERE name = 'origin'")
    .get();
  if (found) return found.value;
  const origin = `countersign-${Buffer.from(systemRandom.bytes(9)).toString("base64url")}`;
  connection.prepare("INSERT INTO meta (name, value) VALUES ('origin', ?)").run(origin);
  return origin;
}
