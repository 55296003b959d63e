import { SealError } from "../../store/keys/errors.ts";
import type { Keyring } from "../../store/keys/keyring.ts";
import type { SealedRow } from "../../store/keys/rotate.ts";
import { splitSealed } from "../../store/keys/sealing.ts";
import type { Connection } from "../../store/sqlite/connection.ts";
import { readKeys } from "../../store/sqlite/parts.ts";
import { createSealedStore, type SealedStore } from "../../store/sqlite/reseal.ts";
import { exits } from "../exit.ts";
import { configOf, keyringOf, keysetOf, openForReading } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { show, table } from "../output.ts";
import { startProgress } from "../progress.ts";

interface Unreadable {
  readonly table: string;
  readonly column: string;
  readonly row: string;
  readonly reason: string;
}

/** Names of unreadable values that are shown; the number is told in full. */
const mostShown = 20;

/** `countersign keys verify` */
export async function verifyKeys(options: FolderOptions) {
  const config = configOf(options);
  const keyset = keysetOf(config);
  const connection = openForReading(config);
  try {
    const keyring = keyringOf(connection, keyset);
    const values = createSealedStore(connection);
    const { counts, unreadable } = await openAll(values, keyring, options);
    const uses = await usesByKid(connection, values, counts);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const ok = unreadable.length === 0;
    show(
      options,
      {
        ok,
        values: total,
        keys: uses,
        unreadableCount: unreadable.length,
        unreadable: unreadable.slice(0, mostShown),
      },
      [
        ...table(
          ["KEY", "PURPOSE", "STATE", "USED BY"],
          uses.map((key) => [key.kid, key.purpose, key.state, String(key.uses ?? "-")]),
        ),
        "",
        ok
          ? `All ${total} sealed values open.`
          : `${unreadable.length} of ${total} sealed values do not open. Restore the key file that they were sealed under, or the database.`,
        ...unreadable
          .slice(0, mostShown)
          .map(({ table: name, column, row, reason }) => `  ${name}.${column} of ${row}: ${reason}`),
      ],
    );
    return ok ? exits.ok : exits.negative;
  } finally {
    connection.close();
  }
}

async function openAll(values: SealedStore, keyring: Keyring, options: FolderOptions) {
  const counts = new Map<string, number>();
  const unreadable: Unreadable[] = [];
  const progress = startProgress("Opening sealed values", options);
  const total = values.count();
  let done = 0;
  for await (const row of values.sealedRows()) {
    const { kid, reason } = tryOpen(row, keyring);
    counts.set(kid, (counts.get(kid) ?? 0) + 1);
    if (reason !== undefined) unreadable.push({ table: row.table, column: row.column, row: row.row, reason });
    done += 1;
    if (done % 500 === 0) progress.at(done, total);
  }
  progress.end();
  return { counts, unreadable };
}

function tryOpen(row: SealedRow, keyring: Keyring): { kid: string; reason?: string } {
  let kid = "malformed";
  try {
    kid = splitSealed(row.value).kid;
    keyring.open(row, row.value);
    return { kid };
  } catch (error) {
    if (error instanceof SealError) return { kid, reason: error.code };
    throw error;
  }
}

/** How many values each data key seals, and how many pending codes each code key digested. */
async function usesByKid(connection: Connection, values: SealedStore, counts: ReadonlyMap<string, number>) {
  const rows = readKeys(connection).filter(({ purpose }) => purpose !== "check");
  const known = await Promise.all(
    rows.map(async ({ kid, purpose, state }) => ({
      kid,
      purpose: purpose as string,
      state: state as string,
      ...(purpose === "data" && { uses: counts.get(kid) ?? 0 }),
      ...(purpose === "code" && { uses: await values.macs(kid) }),
    })),
  );
  const others = [...counts].filter(([kid]) => !rows.some((row) => row.kid === kid));
  return [...known, ...others.map(([kid, uses]) => ({ kid, purpose: "unknown", state: "missing", uses }))];
}
