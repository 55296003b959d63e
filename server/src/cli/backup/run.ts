import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { BackupDamagedError, copyDatabase } from "../../store/sqlite/backup.ts";
import { version } from "../../version.ts";
import { CliError, exits } from "../exit.ts";
import { clock, configOf, openForReading } from "../folder.ts";
import { type Manifest, manifestPath } from "../manifest.ts";
import type { FolderOptions } from "../options.ts";
import { show, sizeText } from "../output.ts";
import { startProgress } from "../progress.ts";

export async function backup(name: string, options: FolderOptions) {
  const config = configOf(options);
  const file = resolve(name);
  for (const path of [file, manifestPath(file)]) {
    if (!existsSync(path)) continue;
    throw new CliError(exits.usage, `There is already a file ${path}; nothing was written.`, "file_exists");
  }
  // Says clearly when there is nothing to copy.
  openForReading(config).close();
  const progress = startProgress("Copying pages", options);
  const createdAt = new Date(clock.now()).toISOString();
  try {
    const { origin, ...facts } = await copyDatabase(config.databasePath, file, progress.at);
    const manifest: Manifest = {
      format: "countersign-backup/v1",
      version,
      createdAt,
      ...facts,
      ...(origin !== undefined && { origin }),
    };
    writeFileSync(manifestPath(file), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    progress.end();
    show(options, { file, manifest }, [
      `Backup    ${file} (${sizeText(facts.bytes)})`,
      `Manifest  ${manifestPath(file)}`,
      `Record    ${facts.auditHead.seq} events`,
      "",
      "The key file is not in it. Keep a copy of that in another place: without it nobody can open the backup.",
    ]);
    return exits.ok;
  } catch (error) {
    progress.end();
    if (!(error instanceof BackupDamagedError)) throw error;
    throw new CliError(
      exits.dataDamaged,
      `The database is damaged, so no backup was kept. SQLite found: ${error.message}.`,
      "database_damaged",
    );
  }
}
