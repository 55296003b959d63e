import type { Command } from "commander";
import type { ImportOptions } from "./import/genesys.ts";
import { withServer } from "./options.ts";

/** `countersign import …` */
export function importCommand(program: Command): void {
  const group = program.command("import").description("Take over the settings of another product");
  withServer(group.command("genesys-settings"))
    .description(
      "Make providers of the server settings SMS.* and Email.SMTP.* of Genesys Intelligent Automation",
    )
    .argument("<file>", "lines SMS.URL=…, a Java properties file, or JSON")
    .option("--from <address>", "sender of e-mails, where the file names none")
    .option("--disabled", "make the providers without switching them on")
    .option("--beside-simulated", "switch them on although a simulated phone or mailbox is in use too")
    .option("--dry-run", "only tell what would be made")
    .action(async (file: string, options: ImportOptions) => {
      const { importGenesys } = await import("./import/genesys.ts");
      process.exitCode = await importGenesys(file, options);
    });
}
