import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { Command } from "commander";
import { connectApi, readDemo } from "../api.ts";
import { exits } from "../exit.ts";
import { withServer } from "../options.ts";
import { plain, remark, show, showNext } from "../output.ts";
import { readScript, readTyped, type Typed } from "./caller.ts";
import { type Conversation, converse, type Told } from "./conversation.ts";
import { pathOf, pathWatch } from "./path.ts";
import { type Heard, openLine } from "./phone/line.ts";
import type { Ended } from "./phone/model.ts";
import { callingOf, type PhoneChannel, phoneChannels } from "./phone/open.ts";
import { openWeb } from "./phone/web.ts";
import { findPublication, type PublicationOptions } from "./publication.ts";
import { openSimulatedPhone } from "./simulated-phone.ts";

interface CallOptions extends PublicationOptions {
  readonly user?: string;
  readonly caller?: string;
  readonly called?: string;
  readonly locale?: string;
  readonly keys?: string;
  readonly inbox?: boolean;
  readonly transcript?: boolean;
}

const titles: Readonly<Record<PhoneChannel, string>> = {
  voicexml: "Call a publication as a VoiceXML platform does",
  twiml: "Call a publication as Twilio and its kin do",
  swml: "Call a publication as SignalWire does",
  chat: "Talk to a publication as a bot does",
};

/** `countersign call voicexml|twiml|swml|chat` */
export function callTelephoneCommands(call: Command): void {
  for (const channel of phoneChannels) {
    withServer(call.command(channel))
      .description(titles[channel])
      .option("--publication <id>", "publication to call (default: the demo's)")
      .option("--access-file <file>", "file that holds its key, or the secret that its platform signs with")
      .option("--user <id>", "whom it concerns: user id or external id (default: Ben of the demo)")
      .option("--caller <number>", "number that calls; then nobody is named unless --user is given")
      .option("--called <number>", "number that is called")
      .option("--locale <tag>", "language that the platform names")
      .option("--keys <script>", 'what the caller does, in one line: "2 {wrong} {code}"')
      .option("--inbox", "show what comes to the simulated phone meanwhile")
      .option("--transcript", "print the words only, as a transcript that a test can play")
      .action(async (options: CallOptions) => {
        process.exitCode = await runCall(channel, options);
      });
  }
}

async function runCall(channel: PhoneChannel, options: CallOptions): Promise<number> {
  const api = connectApi(options, process.env);
  const publication = await findPublication(channel, options, api);
  const { url, secret, id, pathName } = publication;
  const { caller, called, locale } = options;
  const watched = await pathWatch(id, api);
  const phone = await openSimulatedPhone(api);
  const plan = {
    channel,
    url,
    secret,
    id: randomUUID(),
    subject: subjectOf(options),
    caller,
    called,
    locale,
  };
  const web = openWeb({ fetch, now: Date.now, places: [{ told: url, reached: api.url }] });
  if (!options.json && !options.transcript) remark(`Calling "${plain(publication.name)}" by ${channel} …`);
  const conversation = await converse({
    line: openLine(callingOf(plan), web),
    phone,
    next: inputOf(options),
    tell: (told) => tell(told, options),
  });
  const path = pathOf(conversation.ended, pathName) ?? (await watched());
  tellEnd({ channel, publication: id, path, conversation }, options);
  return path === "success" ? exits.ok : exits.negative;
}

/** Without a word on who it is, it is somebody of the demo: the one whose language is English. */
function subjectOf({ user, caller, ...options }: CallOptions): string | undefined {
  if (user !== undefined || caller !== undefined) return user;
  return readDemo(options, process.env)?.users.find(({ locale }) => locale.startsWith("en"))?.externalId;
}

/** From the script, else from the keyboard or a pipe. */
function inputOf({ keys }: CallOptions): (question: Heard) => Promise<Typed | undefined> {
  const lines = keys === undefined ? typedLines() : scripted(keys);
  return async ({ listening }) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done === true) return undefined;
      const typed = readTyped(value);
      const isWords = typed.kind === "act" && typed.act.kind === "words";
      if (!isWords || listening?.hearsWords) return typed;
      remark("It listens to keys only: digits, * and #; Enter for silence, hangup to end.");
      if (keys !== undefined) return { kind: "act", act: { kind: "silence" } };
    }
  };
}

async function* scripted(script: string): AsyncGenerator<string, undefined> {
  yield* readScript(script);
  return undefined;
}

async function* typedLines(): AsyncGenerator<string, undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  if (process.stdin.isTTY)
    remark("Type keys and Enter. Enter alone is silence, hangup ends, {code} is the newest code.");
  yield* lines;
  return undefined;
}

function tell(told: Told, { json, transcript, inbox }: CallOptions): void {
  if (json) return;
  switch (told.who) {
    case "system":
      showNext({}, told, `System: ${transcript ? told.written : told.heard}`);
      break;
    case "caller":
      showNext({}, told, `Caller: ${told.text}`);
      break;
    case "phone": {
      const { via, to, text } = told.message;
      const lines = text.split(/\r?\n/).map(plain).join("\n  | ");
      if (inbox && !transcript) showNext({}, told, `  | ${via} to ${plain(to)}\n  | ${lines}`);
    }
  }
}

interface Result {
  readonly channel: PhoneChannel;
  readonly publication: string;
  readonly path: string | undefined;
  readonly conversation: Conversation;
}

const endings: Readonly<Record<Ended["how"], string>> = {
  returned: "The call goes back to the calling flow.",
  hung_up: "The call is over.",
  put_through: "The call is put through.",
  went_on: "The call goes on elsewhere.",
  failed: "The platform could not go on.",
};

function tellEnd({ channel, publication, path, conversation }: Result, options: CallOptions): void {
  const { turns, ended } = conversation;
  const { how, to, why, values } = ended;
  const value = { channel, publication, path: path ?? null, how, to, why, values, turns };
  const details = [to, why].filter((one) => one !== undefined).map(plain);
  const text = options.transcript ? [] : ["", [endings[how], ...details].join(" ")];
  show(options, value, [...text, `Path: ${path === undefined ? "(not told)" : plain(path)}`]);
}
