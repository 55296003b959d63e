import type { AuditDraft } from "../../engine/audit/event.ts";
import type { KeyPurpose, KeyRow } from "../../store/keys/key-rows.ts";
import { createKeyring } from "../../store/keys/keyring.ts";
import type { Keyset } from "../../store/keys/keyset.ts";
import {
  planRotation,
  type ResealProgress,
  resealRows,
  rotateData,
  rotateKek,
} from "../../store/keys/rotate.ts";
import { keyRowStore, type Maintenance } from "../../store/sqlite/maintenance.ts";
import { readKeys } from "../../store/sqlite/parts.ts";
import { createSealedStore } from "../../store/sqlite/reseal.ts";
import { CliError, exits } from "../exit.ts";
import { clock, configOf, keysetOf, keyTools, openStopped } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { remark, show } from "../output.ts";
import { startProgress } from "../progress.ts";
import { eventForAll, organizationIds } from "./events.ts";

export interface RotateOptions extends FolderOptions {
  readonly kek?: boolean;
  /** An organization's id or name; true: all of them. */
  readonly dataKey?: string | true;
  readonly code?: boolean;
  readonly receipt?: boolean;
  readonly audit?: boolean;
}

const choices = ["kek", "dataKey", "code", "receipt", "audit"] as const;
type Choice = (typeof choices)[number];

/** `countersign keys rotate` */
export async function rotateKeys(options: RotateOptions) {
  const choice = choiceOf(options);
  const config = configOf(options);
  const keyset = keysetOf(config);
  const maintenance = openStopped(config, keyset);
  try {
    if (choice === "kek") return await rotateKeyFile(config.keyFile, maintenance, options);
    if (choice === "dataKey") return await rotateDataKeys(keyset, maintenance, options);
    return await rotateServerKey(choice, keyset, maintenance, options);
  } finally {
    maintenance.close();
  }
}

function choiceOf(options: RotateOptions): Choice {
  const chosen = choices.filter((name) => options[name] !== undefined && options[name] !== false);
  const [choice] = chosen;
  if (choice !== undefined && chosen.length === 1) return choice;
  throw new CliError(
    exits.usage,
    "Say which key: exactly one of --kek, --data-key, --code, --receipt and --audit.",
    "choice_missing",
  );
}

async function rotateKeyFile(path: string | undefined, maintenance: Maintenance, options: RotateOptions) {
  if (path === undefined) {
    throw new CliError(
      exits.configuration,
      "The key-encryption keys do not come from a file that could be written. Change them where they come from, then run keys rotate --kek with a file.",
      "key_source_conflict",
    );
  }
  const tell = (rows: readonly KeyRow[]): readonly AuditDraft[] =>
    eventForAll("key.rotated", { purpose: "kek", rewrapped: rows.length }, maintenance.connection);
  const rows = keyRowStore(maintenance, tell, clock.now());
  const before = readKeys(maintenance.connection).length;
  const changed = await rotateKek(path, rows, keyTools);
  const others = Object.keys(changed.keys).filter((kid) => kid !== changed.active);
  show(options, { rotated: "kek", kid: changed.active, rewrapped: before, older: others }, [
    `The key ${changed.active} is new in ${path} and wraps all ${before} keys of the database. Back the key file up now.`,
    `Older keys (${others.join(", ")}) still open older backups. Remove one with countersign keys retire.`,
  ]);
  return exits.ok;
}

async function rotateServerKey(
  purpose: Extract<KeyPurpose, "code" | "receipt" | "audit">,
  keyset: Keyset,
  maintenance: Maintenance,
  options: RotateOptions,
) {
  const now = clock.now();
  const rotation = { purpose, organization: null, now };
  const changed = planRotation(keyset, readKeys(maintenance.connection), rotation, keyTools);
  const kid = changed[0]?.kid ?? "";
  const tell = () => eventForAll("key.rotated", { purpose, kid }, maintenance.connection);
  await keyRowStore(maintenance, tell, now).save(changed);
  const older = changed.slice(1).map((row) => row.kid);
  show(options, { rotated: purpose, kid, older }, [
    `The key ${kid} is the active one for "${purpose}"; ${older.join(", ")} only reads from now on.`,
  ]);
  return exits.ok;
}

interface DataRotation extends ResealProgress {
  readonly organization: string;
  readonly kid: string;
  /** Keys that only read from now on and may be retired. */
  readonly older: readonly string[];
}

async function rotateDataKeys(keyset: Keyset, maintenance: Maintenance, options: RotateOptions) {
  const rotated: DataRotation[] = [];
  for (const organization of chosenOrganizations(maintenance, options)) {
    rotated.push(await rotateOrganization(organization, keyset, maintenance, options));
  }
  show(
    options,
    { rotated: "data", organizations: rotated },
    rotated.map(
      ({ organization, kid, resealed, older }) =>
        `The key ${kid} is the active one of ${organization}; ${resealed} values were sealed anew. Retire: ${older.join(", ")}.`,
    ),
  );
  const unreadable = rotated.reduce((sum, one) => sum + one.unreadable, 0);
  if (unreadable === 0) return exits.ok;
  remark(`${unreadable} values do not open and were left as they are. countersign keys verify names them.`);
  return exits.dataDamaged;
}

function chosenOrganizations({ connection }: Maintenance, { dataKey }: RotateOptions): readonly string[] {
  if (typeof dataKey !== "string") return organizationIds(connection);
  const found = connection
    .prepare<unknown[], { id: string }>("SELECT id FROM organizations WHERE id = ? OR name = ?")
    .get(dataKey, dataKey);
  if (found !== undefined) return [found.id];
  throw new CliError(
    exits.negative,
    `There is no organization with the id or name "${dataKey}".`,
    "not_found",
  );
}

async function rotateOrganization(
  organization: string,
  keyset: Keyset,
  maintenance: Maintenance,
  options: RotateOptions,
): Promise<DataRotation> {
  const { connection } = maintenance;
  const now = clock.now();
  const tell = (rows: readonly KeyRow[]): readonly AuditDraft[] => [
    {
      type: "key.rotated",
      organization,
      actor: "cli",
      details: { purpose: "data", kid: rows[0]?.kid ?? "" },
    },
  ];
  const rows = keyRowStore(maintenance, tell, now);
  const [made, ...older] = await rotateData(organization, now, { keyset, rows }, keyTools);
  const keyring = createKeyring({ keyset, rows: readKeys(connection) }, keyTools);
  const values = createSealedStore(connection, organization);
  const progress = startProgress(`Sealing anew (${organization})`, options);
  const total = values.count();
  let last: ResealProgress = { seen: 0, resealed: 0, overtaken: 0, unreadable: 0 };
  // A commit per page: one for each value would wait for the disk each time, and one for all could not be interrupted.
  connection.exec("BEGIN IMMEDIATE");
  try {
    for await (const step of resealRows(organization, values, keyring)) {
      last = step;
      connection.exec("COMMIT; BEGIN IMMEDIATE");
      progress.at(step.seen, total);
    }
    connection.exec("COMMIT");
  } finally {
    progress.end();
    if (connection.inTransaction) connection.exec("ROLLBACK");
  }
  return { organization, kid: made?.kid ?? "", older: older.map(({ kid }) => kid), ...last };
}
