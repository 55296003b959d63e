import type { Command } from "commander";
import type { InitOptions } from "./init/answers.ts";
import { withFolder } from "./options.ts";

/** `countersign init` */
export function initCommand(program: Command): void {
  withFolder(program.command("init"))
    .description("Set up an organization with its first admin and API key (server stopped)")
    .option("--organization <name>", "short name: a–z, 0–9 and hyphens")
    .option("--display-name <name>", "name that people are shown")
    .option("--locale <tag>", "language of messages (default: en)")
    .option("--country <code>", "country of numbers without a country code, such as DE")
    .option("--admin <id>", "your own id of the first admin (default: admin)")
    .option("--admin-name <name>", "name of the first admin")
    .option("--email <address>", "e-mail address of the first admin")
    .option("--phone <number>", "telephone number of the first admin")
    .option("--key-name <name>", "name of the first API key (default: first key)")
    .option("--key-file <file>", "write the API key into this new file (mode 0600) instead of showing it")
    .action(async (options: InitOptions) => {
      const { init } = await import("./init/run.ts");
      process.exitCode = await init(options);
    });
}
