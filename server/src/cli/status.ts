import type { Command } from "commander";
import { connectApi, path } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show } from "./output.ts";
import { type VerificationAnswer, verificationText } from "./verification-text.ts";

/** `countersign status <verification>` */
export function statusCommand(program: Command): void {
  withServer(program.command("status"))
    .description("Show a verification")
    .argument("<verification>", "id of the verification")
    .action(async (id: string, options: ServerOptions) => {
      const api = connectApi(options, process.env);
      const found = await api.request<VerificationAnswer>("GET", path("v1", "verifications", id));
      show(options, found, verificationText(found));
      process.exitCode = exits.ok;
    });
}
