import type { Command } from "commander";
import { withFolder } from "./options.ts";
import type { RestoreOptions } from "./restore/run.ts";

/** `countersign restore <file>` */
export function restoreCommand(program: Command): void {
  withFolder(program.command("restore"))
    .description("Put a backup in the place of the database (server stopped)")
    .argument("<file>", "the backup; <file>.json beside it is checked too")
    .option("--replace", "replace the database that is there; it is kept under another name")
    .action(async (file: string, options: RestoreOptions) => {
      const { restore } = await import("./restore/run.ts");
      process.exitCode = await restore(file, options);
    });
}
