import { normalizeCode } from "../../engine/code/normalize.ts";
import type { Agent, AgentFunction } from "./swaig-platform.ts";

/** What the stand-in does when it has heard something. */
export type Move =
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly given: Readonly<Record<string, unknown>> }
  | { readonly kind: "end" };

export const greeting = "Hello! Shall I send you a number, so that you can confirm who you are?";

/**
 * A stand-in for a language model that follows the steps of the prompt and always does the same. `!name {…}` makes it call a
 * function whatever the steps say, as a model does that was talked into something.
 */
export function moveOn(heard: string, agent: Agent, isActive: (name: string) => boolean): Move {
  const forced = /^!([a-z_][a-z0-9_]*)\s*(\{.*\})?$/s.exec(heard.trim());
  if (forced?.[1] !== undefined) return call(forced[1], forcedArguments(forced[2]));
  const words = heard.toLowerCase();
  if (/\b(?:bye|goodbye|nothing else|that is all|that's all)\b/.test(words)) return { kind: "end" };
  const wantsKeypad = /\b(?:keypad|keys|press|type)\b/.test(words);
  if (isActive("verify_mfa")) {
    if (wantsKeypad) return call("verify_mfa", { keypad: true });
    if (isCode(heard)) return call("verify_mfa", { token: heard.trim() });
  }
  const own = agent.functions.find((one) => isActive(one.function) && isMeant(one, words));
  if (own !== undefined) return call(own.function, {});
  const wantsCode = /\b(?:yes|ok|okay|sure|please|send|again|another|new|number|code)\b/.test(words);
  if (wantsCode && isActive("send_mfa")) return call("send_mfa", {});
  return { kind: "say", text: "I am sorry, I did not get that. What can I do for you?" };
}

/** After the keypad the result is asked for once more, as the function says. */
export function needsResult(told: string): boolean {
  return told.includes("call verify_mfa again");
}

function call(name: string, given: Readonly<Record<string, unknown>>): Move {
  return { kind: "call", name, given };
}

function forcedArguments(text: string | undefined): Readonly<Record<string, unknown>> {
  return text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
}

function isCode(heard: string): boolean {
  return normalizeCode(heard, { kind: "digits", locale: "en", lengths: [3, 4, 5, 6, 7, 8, 9, 10] }).ok;
}

const ours: readonly string[] = ["send_mfa", "verify_mfa"];

/** A function is meant when a word of its name is said. */
function isMeant({ function: name }: AgentFunction, words: string): boolean {
  return !ours.includes(name) && name.split("_").some((part) => part.length > 3 && words.includes(part));
}

/** What the stand-in says after a function: its answer, up to where it becomes an instruction. */
export function sayAfter(told: string): string {
  const said = told.split(/(?<=[.;]) (?=(?:Ask|Offer|Tell|Call|Say that|Apologise|go on)\b)/)[0] ?? told;
  return said.replace(/;$/, ".");
}
