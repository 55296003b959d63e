import { readTyped, wrongFor } from "../../src/cli/call/caller.ts";
import { codeInText } from "../../src/cli/call/code-in-text.ts";
import { type Heard, openLine, type Line as TelephoneLine } from "../../src/cli/call/phone/line.ts";
import type { Act } from "../../src/cli/call/phone/model.ts";
import { callingOf, type PhoneChannel } from "../../src/cli/call/phone/open.ts";
import { spokenWords, writtenText } from "../../src/cli/call/phone/speech.ts";
import { openWeb } from "../../src/cli/call/phone/web.ts";
import { type Line, linesFor, type Transcript } from "./transcript.ts";
import { cast, type Role, type Stage, type World } from "./world.ts";

/** When the server is restarted. */
export type Restarts = "never" | "between all turns";

interface Playing {
  readonly world: World;
  readonly channel: PhoneChannel;
  readonly stage: Stage;
  readonly role: Role;
  readonly transcript: Transcript;
  readonly restarts: Restarts;
  readonly codes: string[];
  readonly known: Set<string>;
  /** What was said and done, as lines of a transcript. */
  readonly told: string[];
  line: TelephoneLine;
  heard: Heard;
}

/** Plays a transcript through a channel. @returns what was really said, done and sent, line by line. */
export async function play(
  channel: PhoneChannel,
  transcript: Transcript,
  stage: Stage,
  world: World,
  restarts: Restarts = "never",
): Promise<readonly string[]> {
  const role = await cast(channel, transcript, stage, world);
  const playing: Playing = {
    ...{ world, channel, stage, role, transcript, restarts },
    ...{ codes: [], known: new Set<string>(), told: [] },
    line: lineOf(channel, transcript, stage, role, world),
    heard: { sounds: [] },
  };
  playing.heard = await playing.line.dial();
  await listen(playing);
  for (const line of linesFor(channel, transcript)) await perform(line, playing);
  return playing.told;
}

function lineOf(
  channel: PhoneChannel,
  { locale }: Transcript,
  { key, secret }: Stage,
  { url, subject }: Role,
  world: World,
): TelephoneLine {
  const plan = {
    ...{ channel, subject, locale },
    id: `call-of-${subject}`,
    url: channel === "voicexml" ? `${url}?key=${secret}` : url,
    secret: channel === "chat" ? key : secret,
  };
  const web = openWeb({
    fetch: (...given) => fetch(...given),
    now: world.clock.now,
    // The port is another one after a restart.
    get places() {
      return [{ told: url, reached: world.server.url }];
    },
  });
  return openLine(callingOf(plan), web);
}

async function perform({ kind, text }: Line, playing: Playing): Promise<void> {
  const { world, told } = playing;
  if (kind === "Wait") {
    world.clock.at += Number.parseFloat(text) * 1_000;
    told.push(`Wait: ${text}`);
  }
  if (kind !== "Caller") return;
  told.push(`Caller: ${text}`);
  if (playing.restarts === "between all turns") await world.restart();
  if (text === "(calls again)") {
    playing.line = lineOf(playing.channel, playing.transcript, playing.stage, playing.role, world);
    playing.heard = await playing.line.dial();
  } else if (playing.heard.listening === undefined) {
    told.push("(the call is over)");
    return;
  } else {
    playing.heard = await playing.line.act(actOf(text, playing.codes));
  }
  await listen(playing);
}

const digitWords = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function actOf(text: string, codes: readonly string[]): Act {
  const [, how, number] = /^\((says|mishears) code (\d+)\)$/.exec(text) ?? [];
  if (how !== undefined) {
    const code = codes[Number(number) - 1] ?? "";
    const heard = how === "says" ? code : `${code.slice(0, -1)}${(Number(code.at(-1)) + 4) % 10}`;
    return { kind: "words", text: [...heard].map((digit) => digitWords[Number(digit)]).join(" ") };
  }
  const typed = readTyped(text);
  if (typed.kind === "act") return typed.act;
  if (typed.kind === "wrong") return { kind: "keys", keys: wrongFor(codes.at(-1) ?? "123456") };
  const code = typed.number === undefined ? codes.at(-1) : codes[typed.number - 1];
  if (code === undefined) throw new Error(`no such message: ${text}`);
  return { kind: "keys", keys: `${code}${typed.more}` };
}

/** Writes down what came since the last turn: messages, what was said, the end. */
async function listen(playing: Playing): Promise<void> {
  const { told, heard } = playing;
  for (const { via, text } of await newMessages(playing)) {
    told.push(`Phone: ${via}`);
    const code = codeInText(text);
    if (code !== undefined) playing.codes.push(code);
    if (playing.transcript.settings["proofWords"] === true) demandProofWords(text, heard);
  }
  // They are other words in every call.
  const said = writtenText(heard.sounds).replace(proofWords, "shows the words {words}.");
  if (said !== "") told.push(`System: ${said}`);
  if (heard.ended !== undefined) told.push(`Path: ${await pathOf(playing)}`);
}

const proofWords = /shows the words (\p{L}+ \p{L}+)\./u;

/** The message carries the two words that the agent says. */
function demandProofWords(message: string, { sounds }: Heard): void {
  const [, words = "nothing"] = proofWords.exec(writtenText(sounds)) ?? [];
  if (!message.includes(words)) throw new Error(`the message does not say: ${words}`);
}

async function newMessages({ world, role, transcript, known }: Playing) {
  const { server, outside } = world;
  if (transcript.deliveries.length > 0) {
    const all = outside.messages.filter(({ to }) => role.addresses.includes(to));
    const fresh = all.slice(known.size);
    for (const [index] of fresh.entries()) known.add(`${known.size + index}`);
    return fresh;
  }
  const { organization } = server.demo;
  const all = server.countersign.inbox.list(organization, { limit: 100 }).toReversed();
  const fresh = all.filter(({ id, to }) => role.addresses.includes(to) && !known.has(id));
  for (const { id } of fresh) known.add(id);
  return fresh;
}

/** As the record has it; what the platform was told must be the same. */
async function pathOf({ world, stage, role, heard }: Playing): Promise<string> {
  const { ended } = heard;
  const api = world.server.as(stage.key);
  const { body } = await api.get<{ events: Event[] }>("/v1/audit?limit=100");
  const event = body.events.find(
    ({ type, publication }) => type === "conversation.ended" && publication === role.publication,
  );
  const recorded = event?.details?.["path"] ?? "(not told)";
  const told = ended?.values["path"] ?? recorded;
  if (ended?.how === "failed") return `(failed: ${ended.why})`;
  const isOurs = event?.details?.["codes"] === "internal";
  if (told === "success" && isOurs && !ended?.values["receipt"] && event?.details?.["skipped"] !== true) {
    throw new Error("there is no receipt");
  }
  return told === recorded ? String(told) : `${told}, recorded as ${recorded}`;
}

interface Event {
  readonly type: string;
  readonly publication?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a channel's people do instead of pressing keys; the files are written for a telephone. */
const manners: Partial<Record<PhoneChannel, readonly (readonly [RegExp, string])[]>> = {
  chat: [[/\bpress\b/g, "type"]],
};

/** The file's own line where the same is meant, so that a difference shows nothing but what differs. */
export function alike(
  channel: PhoneChannel,
  told: readonly string[],
  expected: readonly string[],
): readonly string[] {
  return told.map((line, index) => {
    const wanted = expected[index] ?? "";
    const inManner = (manners[channel] ?? []).reduce((text, [word, own]) => text.replace(word, own), wanted);
    return line.startsWith("System: ") && spokenWords(line) === spokenWords(inManner) ? wanted : line;
  });
}
