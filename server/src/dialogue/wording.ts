import type { ChannelId } from "../engine/model.ts";
import { chooseLocale } from "../languages/negotiate.ts";
import type { Expectation, Option, Reply, SpeechPart, Turn } from "./model.ts";
import type { MethodChoice, PhraseValues } from "./phrases/phrase.ts";
import { methodLabel, phraseLocale, sayPhrase } from "./phrases/say.ts";
import type { SettingsInForce } from "./settings.ts";
import type { DialogueState, StepReply } from "./state.ts";

/**
 * The language of a turn. The publication's own list binds: a language that is not on it is answered in the first one.
 * `wanted`: the platform's, the person's, the organization's, most wanted first.
 */
export function spokenLocale(
  wanted: readonly (string | undefined)[],
  { languages }: Pick<SettingsInForce, "languages">,
): string {
  const [first] = languages;
  return phraseLocale(first === undefined ? wanted : [chooseLocale(wanted, languages, first)]);
}

/** The menu of a run, as it is shown and heard. */
export function optionsOf(
  { methods }: Pick<DialogueState, "methods">,
  { authenticatorName }: Pick<SettingsInForce, "authenticatorName">,
  locale: string,
): readonly Option[] {
  return methods.map(({ kind, masked }, index) => ({
    key: String(index + 1),
    label: methodLabel({ kind, masked, authenticatorName }, locale),
    value: kind,
  }));
}

/** How people answer on a channel whose turns do not say it. */
export function mannerOf({ channel }: { readonly channel: ChannelId }): NonNullable<Turn["manner"]> {
  switch (channel) {
    case "alexa":
    case "swaig":
      return "speech";
    case "chat":
    case "mcp":
    case "portal":
    case "api":
      return "text";
    default:
      return "keys";
  }
}

/** How a reply is put into words. */
export interface Wording {
  readonly locale: string;
  readonly manner: Turn["manner"];
  readonly settings: Pick<SettingsInForce, "authenticatorName">;
}

/** The words of a step's reply, and what is expected then. */
export function putIntoWords(
  reply: StepReply,
  state: DialogueState,
  { locale, manner, settings }: Wording,
): Pick<Reply, "locale" | "say" | "pace" | "expect"> {
  const options = reply.expect === "choice" ? optionsOf(state, settings, locale) : [];
  const methods = options.map(({ key, label }, index): MethodChoice => {
    const method = state.methods[index];
    return { key, label, kind: method?.kind, masked: method?.masked };
  });
  const common: PhraseValues = { methods, manner, authenticatorName: settings.authenticatorName };
  const say = reply.say.flatMap(({ key, values }): readonly SpeechPart[] =>
    sayPhrase(key, { ...common, ...values }, locale),
  );
  return { locale, say, pace: state.pace, expect: expectationOf(reply, state, options) };
}

function expectationOf(reply: StepReply, { code }: DialogueState, options: readonly Option[]): Expectation {
  if (reply.expect === "choice") return { kind: "choice", options };
  if (reply.expect === "nothing" || code === undefined) return { kind: "nothing" };
  return { kind: "code", minDigits: code.minDigits, maxDigits: code.maxDigits };
}
