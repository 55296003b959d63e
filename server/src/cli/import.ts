import type { Command } from "commander";
import type { ImportOptions } from "./import/genesys.ts";
import { withServer } from "./options.ts";

/** `countersign import …` */
export function importCommand(program: Command): void {
  const group = program.command("import").description("Take over the settings of another product");
  withServer(group.command("genesys-settings"))
    .description(
      "Take over Genesys Intelligent Automation: providers from SMS.* and Email.SMTP.*, a publication from the page Two Factor Authentication Settings",
    )
    .argument("<file>", "lines SMS.URL=… and Label=…, a Java properties file, or JSON")
    .option("--from <address>", "sender of e-mails, where the file names none")
    .option("--disabled", "make the providers without switching them on")
    .option("--beside-simulated", "switch them on although a simulated phone or mailbox is in use too")
    .option("--app <id>", "app of the publication (default: the only one)")
    .option("--publication <id>", "change this publication in place of making one")
    .option(
      "--channel <id>",
      "channel of a new publication: voicexml, twiml, swml or chat (default: voicexml)",
    )
    .option("--name <name>", "name of a new publication")
    .option("--access <credential>", "credential that opens a new publication (default: a new key)")
    .option("--legacy-pin", "allow codes of four or five digits on that publication")
    .option("--dry-run", "only tell what would be made")
    .action(async (file: string, options: ImportOptions) => {
      const { importGenesys } = await import("./import/genesys.ts");
      process.exitCode = await importGenesys(file, options);
    });
}
