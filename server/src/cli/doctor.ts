import type { Command } from "commander";
import { type FolderOptions, withFolder } from "./options.ts";

/** `countersign doctor` */
export function doctorCommand(program: Command): void {
  withFolder(program.command("doctor"))
    .description(
      "Look at keys, store, record, providers, clock and address; says what to do; exit 1 when one failed",
    )
    .action(async (options: FolderOptions) => {
      const { doctor } = await import("./doctor/run.ts");
      process.exitCode = await doctor(options);
    });
}
