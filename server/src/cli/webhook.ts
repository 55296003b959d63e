import type { Command } from "commander";
import { connectApi, path } from "./api.ts";
import { CliError, exits } from "./exit.ts";
import { type ServerOptions, withServer } from "./options.ts";
import { show, table } from "./output.ts";
import { reserveSecretFile } from "./secret-file.ts";

/** `countersign webhook …`: addresses of your own that are told of events. */
export function webhookCommand(program: Command): void {
  const webhook = program
    .command("webhook")
    .description("web-hooks: add, list, test, notices, replay, remove");
  withServer(webhook.command("add"))
    .description("Tell an address of what happens from now on; the signing secret is shown once")
    .argument("<url>", "where events are sent to, https")
    .option("--events <types>", "only events of these types, with commas")
    .option("--publication <id>", "only events of this publication")
    .option("--description <text>", "text to recognise it by")
    .option("--out <file>", "write the secret into this new file (mode 0600) instead of showing it")
    .action(async (url: string, options: AddOptions) => {
      process.exitCode = await add(url, options);
    });
  withServer(webhook.command("list"))
    .description("List the web-hooks and how they fare")
    .action(async (options: ServerOptions) => {
      process.exitCode = await list(options);
    });
  withServer(webhook.command("test"))
    .description("Send it one event, at once and once")
    .argument("<id>", "id of the web-hook")
    .action(async (id: string, options: ServerOptions) => {
      process.exitCode = await test(id, options);
    });
  withServer(webhook.command("notices"))
    .description("Show what it was told, newest first")
    .argument("<id>", "id of the web-hook")
    .option("--state <state>", "only those that are waiting, delivered or failed")
    .action(async (id: string, options: NoticesOptions) => {
      process.exitCode = await notices(id, options);
    });
  withServer(webhook.command("replay"))
    .description("Send it one event again, or everything since a time")
    .argument("<id>", "id of the web-hook")
    .option("--event <id>", "id of one event, evt_…")
    .option("--since <time>", "everything that happened from then on, RFC 3339")
    .action(async (id: string, options: ReplayOptions) => {
      process.exitCode = await replay(id, options);
    });
  withServer(webhook.command("remove"))
    .description("Remove a web-hook; nothing more is sent to it")
    .argument("<id>", "id of the web-hook")
    .action(async (id: string, options: ServerOptions) => {
      await connectApi(options, process.env).request("DELETE", path("v1", "webhooks", id));
      show(options, { id, removed: true }, [`The web-hook ${id} is removed.`]);
      process.exitCode = exits.ok;
    });
}

interface AddOptions extends ServerOptions {
  readonly events?: string;
  readonly publication?: string;
  readonly description?: string;
  readonly out?: string;
}

interface NoticesOptions extends ServerOptions {
  readonly state?: string;
}

interface ReplayOptions extends ServerOptions {
  readonly event?: string;
  readonly since?: string;
}

interface WebhookAnswer {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly disabledReason?: string;
  readonly failingSince?: string;
}

interface NoticeAnswer {
  readonly event: string;
  readonly type: string;
  readonly at: string;
  readonly state: string;
  readonly tries: number;
  readonly status?: number;
  readonly dueAt?: string;
}

async function add(url: string, options: AddOptions) {
  const { publication, description, out } = options;
  const api = connectApi(options, process.env);
  const events = options.events?.split(",").map((type) => type.trim());
  const file = out === undefined ? undefined : reserveSecretFile(out);
  try {
    const body = { url, events, publication, description };
    const made = await api.request<WebhookAnswer & { readonly secret: string }>("POST", "/v1/webhooks", body);
    if (file === undefined) {
      const hint = ["", `The web-hook is ${made.id}. This is the only time that its secret is shown.`];
      show(options, made, [made.secret, ...hint]);
      return exits.ok;
    }
    file.write(`${made.secret}\n`);
    const { secret: _secret, ...known } = made;
    const told = [`The web-hook is ${made.id}, its secret is in ${out}.`];
    show(options, { ...known, secretFile: out }, told);
    return exits.ok;
  } finally {
    file?.close();
  }
}

async function list(options: ServerOptions) {
  const webhooks = await connectApi(options, process.env).all<WebhookAnswer>("/v1/webhooks", "webhooks");
  const rows = webhooks.map((webhook) => [
    webhook.id,
    webhook.url,
    stateOf(webhook),
    webhook.events.length === 0 ? "all" : webhook.events.join(","),
  ]);
  show(options, { webhooks }, table(["ID", "URL", "STATE", "EVENTS"], rows));
  return exits.ok;
}

function stateOf({ enabled, disabledReason, failingSince }: WebhookAnswer): string {
  if (!enabled) return `off (${disabledReason})`;
  return failingSince === undefined ? "on" : `failing since ${failingSince}`;
}

async function test(id: string, options: ServerOptions) {
  const api = connectApi(options, process.env);
  const told = await api.request<{ readonly ok: boolean; readonly status?: number }>(
    "POST",
    path("v1", "webhooks", id, "test"),
  );
  const answer = told.status === undefined ? "Nothing answered in time." : `It answered ${told.status}.`;
  show(options, told, [told.ok ? answer : `${answer} Only 2xx counts as received.`]);
  return told.ok ? exits.ok : exits.negative;
}

async function notices(id: string, options: NoticesOptions) {
  const query = new URLSearchParams({ limit: "50", ...(options.state && { state: options.state }) });
  const answer = await connectApi(options, process.env).request<{
    readonly notices: readonly NoticeAnswer[];
  }>("GET", `${path("v1", "webhooks", id, "notices")}?${query}`);
  const rows = answer.notices.map(({ at, event, type, state, tries, status, dueAt }) => [
    at,
    event,
    type,
    state,
    String(tries),
    String(status ?? "none"),
    dueAt ?? "",
  ]);
  show(options, answer, table(["HAPPENED", "EVENT", "TYPE", "STATE", "TRIES", "ANSWER", "NEXT TRY"], rows));
  return exits.ok;
}

async function replay(id: string, options: ReplayOptions) {
  const { event, since } = options;
  if ((event === undefined) === (since === undefined)) {
    throw new CliError(
      exits.usage,
      "Say what to send again: --event <id> or --since <time>.",
      "replay_of_what",
    );
  }
  const answer = await connectApi(options, process.env).request<object>(
    "POST",
    path("v1", "webhooks", id, "replay"),
    { event, since },
  );
  show(options, answer, [
    event === undefined ? `Everything since ${since} is sent again.` : `${event} is sent again.`,
  ]);
  return exits.ok;
}
