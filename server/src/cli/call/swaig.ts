import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { connectApi, readDemo } from "../api.ts";
import { CliError, exits } from "../exit.ts";
import type { ServerOptions } from "../options.ts";
import { plain, showNext } from "../output.ts";
import { codeInText } from "./code-in-text.ts";
import { openSimulatedPhone } from "./simulated-phone.ts";
import { greeting, moveOn, needsResult, sayAfter } from "./swaig-model.ts";
import { openPlatform, type SwaigPlatform } from "./swaig-platform.ts";

/** As the command line gives them. */
export interface AssistantOptions extends ServerOptions {
  readonly agent?: string;
  readonly caller?: string;
  readonly script?: string;
  readonly inbox?: boolean;
}

/** One line of the conversation. */
interface Line {
  readonly who: "caller" | "assistant" | "function" | "model is told" | "keypad" | "phone";
  readonly text: string;
}

/** Plays one call to its end. Gives the exit code. */
export async function callAssistant(options: AssistantOptions): Promise<number> {
  const demo = readDemo(options, process.env);
  const url = options.agent ?? reachedAt(demo?.publications["swaig"]?.url, options);
  if (url === undefined || !URL.canParse(url)) {
    throw new CliError(
      exits.configuration,
      "Name the address of the assistant with --agent.",
      "agent_missing",
    );
  }
  const caller = options.caller ?? demo?.users[1]?.phone;
  const lines = linesOf(options)[Symbol.asyncIterator]();
  const tell = (line: Line) => showNext(options, line, `${line.who}: ${plain(line.text)}`);
  const hear = async (who: "caller" | "keypad"): Promise<string | undefined> => {
    const { value, done } = await lines.next();
    if (done === true) return undefined;
    const text = await withCode(String(value), options);
    // What is typed past the model stands in no transcript.
    tell({ who, text: who === "keypad" ? text.replace(/[0-9]/g, "•") : text });
    return text;
  };
  const showNews = await newsOf(options, tell);
  const platform = await reaching(() =>
    openPlatform(
      { url, id: randomUUID(), caller: caller === "none" ? undefined : caller },
      { fetch, press: () => hear("keypad") },
    ),
  );
  tell({ who: "assistant", text: platform.agent.greeting ?? greeting });
  return converse(platform, { hear: () => hear("caller"), tell, showNews });
}

/** Tells what came to the simulated phone since it was asked last, where that is wished. */
async function newsOf(options: AssistantOptions, tell: (line: Line) => void): Promise<() => Promise<void>> {
  if (!options.inbox) return async () => {};
  const phone = await openSimulatedPhone(connectApi(options, process.env));
  return async () => {
    for (const { via, to, text } of await phone.news())
      tell({ who: "phone", text: `${via} to ${to}: ${text}` });
  };
}

/** The demo's assistant, at the server that was named: it may listen elsewhere than its public URL says. */
function reachedAt(published: string | undefined, options: AssistantOptions): string | undefined {
  const named = options.url ?? process.env["COUNTERSIGN_URL"];
  if (published === undefined || named === undefined || !URL.canParse(named)) return published;
  const url = new URL(published);
  const { protocol, host } = new URL(named);
  url.protocol = protocol;
  url.host = host;
  return url.href;
}

/** What the platform cannot do is told in one sentence. */
async function reaching<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CliError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(exits.unavailable, `The assistant cannot be reached: ${why}`, "agent_unavailable");
  }
}

interface Talk {
  readonly hear: () => Promise<string | undefined>;
  readonly tell: (line: Line) => void;
  readonly showNews: () => Promise<void>;
}

/** Until the caller says good-bye or there is nothing more to say. Exit 0 when a function other than ours could be called. */
async function converse(platform: SwaigPlatform, { hear, tell, showNews }: Talk): Promise<number> {
  const own = platform.agent.functions.filter(({ function: name }) => !/^(?:send|verify)_mfa$/.test(name));
  for (;;) {
    const heard = await hear();
    if (heard === undefined) break;
    const move = moveOn(heard, platform.agent, platform.isActive);
    if (move.kind === "end") break;
    if (move.kind === "say") {
      tell({ who: "assistant", text: move.text });
      continue;
    }
    const told = await callAndTell(move.name, move.given, platform, tell);
    await showNews();
    tell({ who: "assistant", text: sayAfter(told) });
  }
  tell({ who: "assistant", text: "Goodbye!" });
  await reaching(() => platform.end("The caller was helped."));
  const isConfirmed =
    own.length > 0
      ? own.some(({ function: name }) => platform.isActive(name))
      : !platform.isActive("send_mfa");
  return isConfirmed ? exits.ok : exits.negative;
}

async function callAndTell(
  name: string,
  given: Readonly<Record<string, unknown>>,
  platform: SwaigPlatform,
  tell: (line: Line) => void,
): Promise<string> {
  tell({ who: "function", text: `${name} ${JSON.stringify(given)}` });
  const told = await reaching(() => platform.call(name, given));
  tell({ who: "model is told", text: told });
  return needsResult(told) ? callAndTell(name, given, platform, tell) : told;
}

async function* linesOf({ script }: AssistantOptions): AsyncGenerator<string> {
  if (script !== undefined) {
    const text = readFileSync(script, "utf8");
    yield* text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
    return;
  }
  yield* createInterface({ input: process.stdin });
}

/** `{code}` is what the simulated phone shows. */
async function withCode(line: string, options: AssistantOptions): Promise<string> {
  if (!line.includes("{code}")) return line;
  const api = connectApi(options, process.env);
  const { messages } = await api.request<{ messages: readonly { text: string }[] }>(
    "GET",
    "/v1/inbox?limit=1",
  );
  const code = codeInText(messages[0]?.text ?? "");
  if (code === undefined)
    throw new CliError(exits.negative, "The simulated phone shows no code.", "code_missing");
  return line.replaceAll("{code}", code);
}
