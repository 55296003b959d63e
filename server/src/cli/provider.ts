import type { Command } from "commander";
import { withServer } from "./options.ts";
import { type AddOptions, addProvider } from "./provider/add.ts";
import { type EnableOptions, moveProvider, setEnabled } from "./provider/change.ts";
import { type ListOptions, listProviders } from "./provider/list.ts";
import { type TestOptions, testProvider } from "./provider/test.ts";

const besideSimulated = "really use real and simulated providers together";

/** `countersign provider …`: who carries messages, how they do, and whether they work. */
export function providerCommand(program: Command): void {
  const provider = program
    .command("provider")
    .description("Providers that carry messages: list, add, enable, disable, move, test");
  withServer(provider.command("list"))
    .description("List the providers in the order in which they are tried")
    .option("--health", "how they do: left out or not, last failure, what arrived and was answered")
    .action(async (options: ListOptions) => {
      process.exitCode = await listProviders(options);
    });
  withServer(provider.command("add"))
    .description("Add a provider from a JSON file: name, kind, vias, position, countries, settings")
    .argument("<file>", "JSON file, as POST /v1/providers takes it")
    .option(
      "--secret <member=file>",
      "keep what this file holds as a credential, and name it in the settings; can be repeated",
      (value: string, before: readonly string[]) => [...before, value],
      [],
    )
    .option("--beside-simulated", besideSimulated)
    .action(async (file: string, options: AddOptions) => {
      process.exitCode = await addProvider(file, options);
    });
  withServer(provider.command("enable"))
    .description("Use a provider")
    .argument("<provider>", "id or name")
    .option("--beside-simulated", besideSimulated)
    .action(async (name: string, options: EnableOptions) => {
      process.exitCode = await setEnabled(name, "enable", options);
    });
  withServer(provider.command("disable"))
    .description("Use a provider no more")
    .argument("<provider>", "id or name")
    .action(async (name: string, options: EnableOptions) => {
      process.exitCode = await setEnabled(name, "disable", options);
    });
  withServer(provider.command("move"))
    .description("Give a provider another place in the order")
    .argument("<provider>", "id or name")
    .argument("<position>", "0 to 10000, lower goes first")
    .action(async (name: string, position: string, options: ListOptions) => {
      process.exitCode = await moveProvider(name, position, options);
    });
  withServer(provider.command("test"))
    .description("Ask a provider whether it works, or send a test message to an admin")
    .argument("<provider>", "id or name")
    .option("--to <user>", "send a message without a code to this admin (id or external id)")
    .option("--via <via>", "sms or email; the first that both have, if not given")
    .action(async (name: string, options: TestOptions) => {
      process.exitCode = await testProvider(name, options);
    });
}
