import type { Command } from "commander";
import { type FolderOptions, withFolder } from "./options.ts";

/** `countersign backup <file>` */
export function backupCommand(program: Command): void {
  withFolder(program.command("backup"))
    .description("Copy the database into a new file, while the server runs or not")
    .argument("<file>", "where to; <file>.json beside it says what it is")
    .action(async (file: string, options: FolderOptions) => {
      const { backup } = await import("./backup/run.ts");
      process.exitCode = await backup(file, options);
    });
}
