import type { Command } from "commander";
import type { DoctorOptions } from "./doctor/run.ts";
import { withFolder } from "./options.ts";

/** `countersign doctor` */
export function doctorCommand(program: Command): void {
  withFolder(program.command("doctor"))
    .description(
      "Look at keys, store, record, providers, clock and address; says what to do; exit 1 when one failed",
    )
    .option("--port <port>", "port that the server is told to listen on")
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./doctor/run.ts");
      process.exitCode = await doctor(options);
    });
}
