import { setTimeout as pause } from "node:timers/promises";
import type { Command } from "commander";
import { type Api, connectApi } from "./api.ts";
import { exits } from "./exit.ts";
import { untilInterrupted } from "./follow.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { plain, show, showNext } from "./output.ts";

/** `countersign inbox` */
export function inboxCommand(program: Command): void {
  withServer(program.command("inbox"))
    .description("Read the simulated phone and mailbox")
    .option("--follow", "stay and show each new message; ends with Ctrl-C")
    .option("--to <destination>", "only messages to this number or address")
    .option("--verification <id>", "only messages of this verification")
    .option("--limit <count>", "messages at most, 1 to 200", "20")
    .action(async (options: InboxOptions) => {
      process.exitCode = await inbox(options);
    });
}

interface InboxOptions extends ServerOptions {
  readonly follow?: boolean;
  readonly to?: string;
  readonly verification?: string;
  readonly limit: string;
}

interface Message {
  readonly id: string;
  readonly via: string;
  readonly to: string;
  readonly text: string;
  readonly subject?: string;
  readonly verification: string;
  readonly at: string;
}

/** How often the server is asked for new messages. */
const everyMs = 1_000;

async function inbox(options: InboxOptions) {
  const api = connectApi(options, process.env);
  const first = (await readInbox(api, options)).toReversed();
  if (options.follow) return follow(first, api, options);
  const text = first.length === 0 ? ["No messages."] : first.map(textOf);
  show(options, { messages: first }, [text.join("\n\n")]);
  return exits.ok;
}

/** Newest first. */
async function readInbox(api: Api, { limit, to, verification }: InboxOptions): Promise<readonly Message[]> {
  const query = new URLSearchParams({ limit });
  if (to !== undefined) query.set("to", to);
  if (verification !== undefined) query.set("verification", verification);
  const { messages } = await api.request<{ readonly messages: readonly Message[] }>(
    "GET",
    `/v1/inbox?${query}`,
  );
  return messages;
}

async function follow(first: readonly Message[], api: Api, options: InboxOptions) {
  const signal = untilInterrupted();
  const shown = new Set<string>();
  const tell = (messages: readonly Message[]) => {
    for (const message of messages) {
      if (shown.has(message.id)) continue;
      shown.add(message.id);
      showNext(options, message, `${textOf(message)}\n`);
    }
  };
  tell(first);
  while (!signal.aborted) {
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) tell((await readInbox(api, { ...options, limit: "200" })).toReversed());
  }
  return exits.ok;
}

const signs: Readonly<Record<string, string>> = { sms: "SMS", voice: "Call", email: "E-mail" };

function textOf({ via, to, text, subject, verification, at }: Message): string {
  const head = `${signs[via] ?? plain(via)} to ${plain(to)}   ${at}`;
  const body = text.split(/\r?\n/).map((line) => `  ${plain(line)}`);
  const lines = [head, ...(subject === undefined ? [] : [`  ${plain(subject)}`, ""]), ...body];
  return [...lines, `  (verification ${verification})`].join("\n");
}
