import type { Command } from "commander";
import { connectApi, path } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show } from "./output.ts";
import { findUser } from "./people.ts";

/** `countersign erase --user <user>`: everything of one person, for a request under GDPR Art. 17. */
export function eraseCommand(program: Command): void {
  withServer(program.command("erase"))
    .description("Erase a person: the user, and what verifications and the audit record say of them")
    .requiredOption("--user <user>", "user id or external id")
    .action(async (options: ServerOptions & { readonly user: string }) => {
      const api = connectApi(options, process.env);
      const { id } = await findUser(options.user, api);
      await api.request("POST", path("v1", "users", id, "erase"));
      show(options, { id, erased: true }, [
        `Everything of the user ${id} is erased. Backups made before still hold it.`,
      ]);
      process.exitCode = exits.ok;
    });
}
