import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { connectApi, readDemo } from "../api.ts";
import { exits } from "../exit.ts";
import { plain, remark, show, showNext } from "../output.ts";
import { readScript, readTyped, type Typed } from "./caller.ts";
import { type Conversation, converse, type Told } from "./conversation.ts";
import { pathOf, pathWatch } from "./path.ts";
import { type Heard, openLine } from "./phone/line.ts";
import type { Ended } from "./phone/model.ts";
import { callingOf, type PhoneChannel } from "./phone/open.ts";
import { openWeb } from "./phone/web.ts";
import { findPublication, type PublicationOptions } from "./publication.ts";
import { openSimulatedPhone } from "./simulated-phone.ts";

/** As the command line gives them. */
export interface TelephoneOptions extends PublicationOptions {
  readonly user?: string;
  readonly caller?: string;
  readonly called?: string;
  readonly locale?: string;
  readonly keys?: string;
  readonly inbox?: boolean;
  readonly transcript?: boolean;
}

/** Plays one call to its end. Gives the exit code. */
export async function callByTelephone(channel: PhoneChannel, options: TelephoneOptions): Promise<number> {
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
function subjectOf({ user, caller, ...options }: TelephoneOptions): string | undefined {
  if (user !== undefined || caller !== undefined) return user;
  return readDemo(options, process.env)?.users.find(({ locale }) => locale.startsWith("en"))?.externalId;
}

/** From the script, else from the keyboard or a pipe. */
function inputOf({ keys }: TelephoneOptions): (question: Heard) => Promise<Typed | undefined> {
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

function tell(told: Told, { json, transcript, inbox }: TelephoneOptions): void {
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

function tellEnd({ channel, publication, path, conversation }: Result, options: TelephoneOptions): void {
  const { turns, ended } = conversation;
  const { how, to, why, values } = ended;
  const value = { channel, publication, path: path ?? null, how, to, why, values, turns };
  const details = [to, why].filter((one) => one !== undefined).map(plain);
  const text = options.transcript ? [] : ["", [endings[how], ...details].join(" ")];
  show(options, value, [...text, `Path: ${path === undefined ? "(not told)" : plain(path)}`]);
}
