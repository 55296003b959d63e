import type { Keyring } from "../keys/keyring.ts";
import type { Connection } from "./connection.ts";

export type SealCounts = Readonly<Record<string, number>>;

/** Values sealed so far by kid, over the life of the keys, as they were last noted. */
export function readSealCounts(connection: Connection): SealCounts {
  const row = connection
    .prepare<unknown[], { value: string }>("SELECT value FROM meta WHERE name = 'sealed'")
    .get();
  return row === undefined ? {} : JSON.parse(row.value);
}

/** What a keyring sealed since this was asked the last time. */
export function createSealTally(keyring: Pick<Keyring, "sealedCounts">): () => SealCounts {
  let told = keyring.sealedCounts();
  return () => {
    const counts = keyring.sealedCounts();
    const since = Object.entries(counts).map(([kid, count]) => [kid, count - (told[kid] ?? 0)] as const);
    told = counts;
    return Object.fromEntries(since.filter(([, count]) => count > 0));
  };
}

/**
 * Adds to the counts of the database, of keys that are still there. Noted about once a minute, so that sealing costs no write: what a
 * crash loses is nothing beside the margin of the limit (2^28 of 2^32).
 */
export function addSealCounts(connection: Connection, more: readonly SealCounts[]): void {
  if (more.every((counts) => Object.keys(counts).length === 0)) return;
  const counts: Record<string, number> = { ...readSealCounts(connection) };
  for (const one of more) {
    for (const [kid, count] of Object.entries(one)) counts[kid] = (counts[kid] ?? 0) + count;
  }
  const kids = connection.prepare<unknown[], { kid: string }>("SELECT kid FROM keys").all();
  const known = kids.flatMap(({ kid }) => (counts[kid] === undefined ? [] : [[kid, counts[kid]] as const]));
  connection
    .prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('sealed', ?)")
    .run(JSON.stringify(Object.fromEntries(known)));
}
