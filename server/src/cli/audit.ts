import type { Command } from "commander";
import type { BundleOptions } from "./audit/bundle.ts";
import type { ExportOptions } from "./audit/export.ts";
import type { VerifyOptions } from "./audit/verify.ts";
import { withFolder } from "./options.ts";

/** `countersign audit …` */
export function auditCommand(program: Command): void {
  const audit = program.command("audit").description("The tamper-evident record: verify, bundle, export");
  withFolder(audit.command("verify"))
    .description("Read the whole record and say whether it is as it was written; exit 1 when it is not")
    .option("--checkpoint <file...>", "checkpoints that you kept elsewhere, besides those of the server")
    .option("--trusted-keys <file>", "public keys of checkpoints (JSON Web Keys), instead of the key file")
    .action(async (options: VerifyOptions) => {
      const { verifyAudit } = await import("./audit/verify.ts");
      process.exitCode = await verifyAudit(options);
    });
  withFolder(audit.command("bundle"))
    .description("Write the evidence of one verification, with a program that checks it anywhere")
    .argument("<verification>", "id of the verification")
    .option("--out <folder>", "new folder for the files (default: evidence-<verification>)")
    .option("--receipt <file>", "file with the receipt that the check gave, to be part of the evidence")
    .action(async (verification: string, options: BundleOptions) => {
      const { bundle } = await import("./audit/bundle.ts");
      process.exitCode = await bundle(verification, options);
    });
  withFolder(audit.command("export"))
    .description("Print the record as JSON lines")
    .option("--organization <id>", "only events of this organization, by id or name")
    .option("--after <seq>", "only events after this one", "0")
    .option("--type <type>", "only events of this type")
    .action(async (options: ExportOptions) => {
      const { exportEvents } = await import("./audit/export.ts");
      process.exitCode = await exportEvents(options);
    });
}
