import type { Command } from "commander";
import { Option } from "commander";
import { vias } from "../engine/model.ts";
import { connectApi } from "./api.ts";
import { exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show } from "./output.ts";
import { findUser, isDestination } from "./people.ts";
import { type VerificationAnswer, verificationText } from "./verification-text.ts";

/** `countersign send <user>` */
export function sendCommand(program: Command): void {
  withServer(program.command("send"))
    .description("Start a verification: send a code to a user, number or address")
    .argument("<to>", "user id, external id, E.164 number or e-mail address")
    .addOption(new Option("--via <via>", "how it is answered").choices(vias).default("sms"))
    .option("--purpose <purpose>", "what it is for (default: login)")
    .option("--locale <tag>", "language of the message")
    .option("--app <id>", "app that asks")
    .option("--publication <id>", "publication that asks")
    .action(async (to: string, options: SendOptions) => {
      process.exitCode = await send(to, options);
    });
}

interface SendOptions extends ServerOptions {
  readonly via: string;
  readonly purpose?: string;
  readonly locale?: string;
  readonly app?: string;
  readonly publication?: string;
}

async function send(to: string, options: SendOptions) {
  const api = connectApi(options, process.env);
  const target = isDestination(to) ? { to } : { user: (await findUser(to, api)).id };
  const { via, purpose, locale, app, publication } = options;
  const body = { ...target, via, purpose, locale, app, publication };
  const started = await api.request<VerificationAnswer>("POST", "/v1/verifications", body);
  show(options, started, [
    ...verificationText(started),
    "",
    `Check the code:  countersign check ${started.id}`,
  ]);
  return exits.ok;
}
