import type { AuditDraft } from "../../engine/audit/event.ts";
import { policyBounds } from "../../engine/policy/defaults.ts";
import { KeyFileError } from "../../store/keys/errors.ts";
import type { KeyRow } from "../../store/keys/key-rows.ts";
import { retire, retireKek } from "../../store/keys/rotate.ts";
import { keyRowStore, type Maintenance } from "../../store/sqlite/maintenance.ts";
import { readKeys } from "../../store/sqlite/parts.ts";
import { createSealedStore } from "../../store/sqlite/reseal.ts";
import { CliError, exits } from "../exit.ts";
import { clock, configOf, keysetOf, openStopped } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { show } from "../output.ts";
import { eventForAll } from "./events.ts";

/** `countersign keys retire <kid>` */
export async function retireKey(kid: string, options: FolderOptions) {
  const config = configOf(options);
  const keyset = keysetOf(config);
  const maintenance = openStopped(config, keyset);
  try {
    if (Object.hasOwn(keyset.keys, kid)) await retireFromFile(kid, config.keyFile, maintenance);
    else await retireFromDatabase(kid, maintenance);
  } finally {
    maintenance.close();
  }
  show(options, { retired: kid }, [`The key ${kid} is removed.`]);
  return exits.ok;
}

async function retireFromFile(kid: string, path: string | undefined, maintenance: Maintenance) {
  if (path === undefined) {
    throw new CliError(
      exits.configuration,
      "The key-encryption keys do not come from a file that could be written. Remove the key where they come from.",
      "key_source_conflict",
    );
  }
  const now = clock.now();
  await retireKek(
    path,
    kid,
    keyRowStore(maintenance, () => [], now),
  );
  maintenance.change(now, () => eventForAll("key.retired", { purpose: "kek", kid }, maintenance.connection));
}

async function retireFromDatabase(kid: string, maintenance: Maintenance) {
  const { connection } = maintenance;
  const now = clock.now();
  const rows = readKeys(connection);
  const row = rows.find((candidate) => candidate.kid === kid);
  const values = createSealedStore(connection);
  if (row?.purpose === "receipt") demandReceiptsOver(row, rows, now);
  if (row?.purpose === "data") demandUnmentioned(kid, values.mentions(kid));
  const tell = (removed: readonly KeyRow[]) =>
    removed.flatMap(({ purpose, organization }): readonly AuditDraft[] => {
      const details = { purpose, kid };
      return organization === null
        ? eventForAll("key.retired", details, connection)
        : [{ type: "key.retired", organization, actor: "cli", details }];
    });
  await retire(kid, keyRowStore(maintenance, tell, now), values);
}

/** The longest life of a receipt under any policy, and of clocks that do not agree. */
const receiptsLiveMs = policyBounds.receiptTtlSeconds.most * 1000 + 300_000;

function demandReceiptsOver(row: KeyRow, rows: readonly KeyRow[], now: number): void {
  const next = rows.find((other) => other.purpose === "receipt" && other.createdAt > row.createdAt);
  if (row.state === "active" || next === undefined || now - next.createdAt >= receiptsLiveMs) return;
  throw new KeyFileError(
    "key_in_use",
    `Receipts that the key "${row.kid}" signed may still be in force until ${new Date(next.createdAt + receiptsLiveMs).toISOString()}. It was not removed.`,
  );
}

function demandUnmentioned(kid: string, mentions: number): void {
  if (mentions === 0) return;
  throw new KeyFileError(
    "key_in_use",
    `The key "${kid}" still seals ${mentions} values. Run countersign keys rotate --data-key first. It was not removed.`,
  );
}
