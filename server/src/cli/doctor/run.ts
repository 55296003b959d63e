import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { type Config, loadConfig } from "../../config/load.ts";
import { type Connection, openReader } from "../../store/sqlite/connection.ts";
import { isFolderLocked } from "../../store/sqlite/inspect.ts";
import { exits, failingOf } from "../exit.ts";
import { clock } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { plain, show } from "../output.ts";
import { checkAudit, checkClock } from "./audit.ts";
import { type Finding, failed, ok, skipped } from "./check.ts";
import { checkKeys } from "./keys.ts";
import { checkProviders } from "./providers.ts";
import { folderLooks, storeLooks } from "./store.ts";
import { checkNode, checkPort, checkPublicUrl } from "./surroundings.ts";

export interface DoctorOptions extends FolderOptions {
  readonly port?: string;
}

/** Makes every check and tells what it found. */
export async function doctor(options: DoctorOptions) {
  const findings = await examine(options);
  const healthy = findings.every(({ result }) => result !== "failed");
  show(options, { healthy, findings }, findings.flatMap(textOf));
  return healthy ? exits.ok : exits.negative;
}

async function examine(options: DoctorOptions): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = loadConfig(options, process.env);
  } catch (error) {
    const { sentence } = failingOf(error);
    return [
      failed("configuration", sentence, "Mend the configuration file, the environment or the options."),
    ];
  }
  const isRunning = isFolderLocked(config.lockPath);
  const found: Finding[] = [
    ok("configuration", `${config.mode}, data in ${config.data}${isRunning ? "; a server runs" : ""}.`),
    checkNode(process.versions.node),
  ];
  const connection = openIfThere(config, found);
  try {
    await examineStore(config, connection, found);
  } finally {
    connection?.close();
  }
  found.push(checkPublicUrl(config), await checkPort(config, isRunning));
  return found;
}

/** A damaged file is a finding too, and the other checks go on without it. */
function openIfThere(config: Config, found: Finding[]): Connection | undefined {
  if (!existsSync(config.databasePath)) {
    found.push(skipped("store", `There is no database at ${config.databasePath} yet.`));
    return undefined;
  }
  try {
    const connection = openReader(config.databasePath);
    connection.prepare("SELECT count(*) FROM sqlite_master").get();
    return connection;
  } catch (error) {
    found.push(
      failed("store", failingOf(error).sentence, "Restore the last backup with countersign restore."),
    );
    return undefined;
  }
}

async function examineStore(config: Config, connection: Connection | undefined, found: Finding[]) {
  // Each alone: one that cannot be made must not hide what the others find.
  const run = async (check: string, work: () => Promise<readonly Finding[]> | readonly Finding[]) => {
    try {
      found.push(...(await work()));
    } catch (error) {
      found.push(failed(check, failingOf(error).sentence, "See countersign doctor in docs/cli.md."));
    }
  };
  const { findings, keyring } = checkKeys(config, connection);
  found.push(...findings);
  if (existsSync(dirname(config.databasePath))) {
    for (const { check, look } of folderLooks(config)) await run(check, () => [look()]);
  }
  if (connection !== undefined) {
    for (const { check, look } of storeLooks(config, connection)) await run(check, () => [look()]);
    if (keyring === undefined) {
      found.push(skipped("audit", "The record cannot be checked without the keys."));
    } else {
      await run("audit", () => checkAudit(config, connection, keyring));
      await run("providers", () => checkProviders(config, connection, keyring));
    }
  }
  await run("clock", () => [checkClock(clock.now(), connection)]);
}

const marks = { ok: "ok      ", warning: "WARNING ", failed: "FAILED  ", skipped: "skipped " } as const;

function textOf({ check, result, message, remedy }: Finding): readonly string[] {
  const lines = [`${marks[result]} ${check.padEnd(20)} ${plain(message)}`];
  return remedy === undefined ? lines : [...lines, `${" ".repeat(30)}→ ${plain(remedy)}`];
}
