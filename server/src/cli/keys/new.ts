import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { systemRandom } from "../../engine/code/random.ts";
import { createKeyFile } from "../../store/keys/key-file.ts";
import { CliError, exits } from "../exit.ts";
import { configOf } from "../folder.ts";
import type { FolderOptions } from "../options.ts";
import { show } from "../output.ts";

/** `countersign keys new` */
export function newKeyFile(options: FolderOptions) {
  const config = configOf(options);
  const { keyFile, databasePath } = config;
  if (keyFile === undefined) {
    throw new CliError(
      exits.configuration,
      "The keys are configured to come from elsewhere, not from a file.",
      "key_source_conflict",
    );
  }
  // A new key for an old database would hide that the old one is lost.
  if (existsSync(databasePath)) {
    throw new CliError(
      exits.configuration,
      `There is a database at ${databasePath}, and a new key cannot open it. Restore its key file from the backup of that.`,
      "database_exists",
    );
  }
  mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
  const { active } = createKeyFile(keyFile, systemRandom);
  show(options, { keyFile, active }, [
    `The key file ${keyFile} is made. Keep a copy of it in another place than the backups.`,
  ]);
  return exits.ok;
}
