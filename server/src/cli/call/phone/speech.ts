import { attributeOf, type Element, textOf } from "./markup.ts";
import { Refused, type Sound } from "./model.ts";

/** Elements that only change how their words sound (SSML 1.0). */
const plainElements: readonly string[] = ["prosody", "emphasis", "voice", "p", "s", "sub", "lang", "w"];

/** Reads the content of a prompt. `value` resolves an expression of the document's language, where it has one. */
export function soundsIn(
  children: Element["children"],
  value: (expression: string) => string = () => "",
): readonly Sound[] {
  return children.flatMap((child): readonly Sound[] =>
    typeof child === "string" ? [{ kind: "words", text: child }] : soundsOf(child, value),
  );
}

function soundsOf(element: Element, value: (expression: string) => string): readonly Sound[] {
  const { name, attributes, children } = element;
  switch (name) {
    case "say-as": {
      const text = textOf(element);
      const isDigits = /(?:^|:)(?:digits|telephone|characters)$/.test(attributes["interpret-as"] ?? "");
      return [isDigits ? { kind: "digits", digits: text.replace(/\s/g, "") } : { kind: "words", text }];
    }
    case "break":
      return [{ kind: "pause", ms: milliseconds(attributes["time"] ?? "500ms") }];
    case "audio":
      return [{ kind: "audio", url: attributes["src"] ?? "" }];
    case "value":
      return [{ kind: "words", text: value(attributeOf(element, "expr")) }];
    default:
      if (plainElements.includes(name)) return soundsIn(children, value);
      throw new Refused(`<${name}> cannot be said.`);
  }
}

/** A length of time: `8s`, `300ms`. */
export function milliseconds(time: string): number {
  const [, amount, unit] = /^\+?(\d*\.?\d+)(ms|s)$/.exec(time.trim()) ?? [];
  if (amount === undefined) throw new Refused(`"${time}" is no length of time.`);
  return Number(amount) * (unit === "s" ? 1_000 : 1);
}

/** From here on a pause is shown. */
const noticedMs = 500;

/** How it sounds, as text: digits apart, longer pauses as dots. */
export function heardText(sounds: readonly Sound[]): string {
  return joined(sounds, {
    digits: (digits) => [...digits].join(" "),
    pause: (ms) => (ms >= noticedMs ? " … " : " "),
  });
}

/** Only the words, as one would write them down. */
export function writtenText(sounds: readonly Sound[]): string {
  return joined(sounds, { digits: (digits) => digits, pause: () => " " });
}

interface Manner {
  readonly digits: (digits: string) => string;
  readonly pause: (ms: number) => string;
}

function joined(sounds: readonly Sound[], manner: Manner): string {
  let text = "";
  for (const sound of sounds) {
    const next = textOfSound(sound, manner);
    const runsOn = /[\p{L}\p{Nd}.!?;:,]$/u.test(text) && /^[\p{L}\p{Nd}]/u.test(next);
    text += runsOn ? ` ${next}` : next;
  }
  return text.replace(/\s+/g, " ").trim();
}

function textOfSound(sound: Sound, manner: Manner): string {
  switch (sound.kind) {
    case "words":
      return sound.text;
    case "digits":
      return manner.digits(sound.digits);
    case "pause":
      return manner.pause(sound.ms);
    case "audio":
      return ` [plays ${sound.url}] `;
  }
}

/**
 * The words as they reach an ear, for comparing: no punctuation, no letter case, and digits that are read one after another
 * are one number, however they were written ("4, 2" and "42").
 */
export function spokenWords(text: string): string {
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/(?<=\d)[\s,;]+(?=\d)/g, "")
    .replace(/[^\p{L}\p{Nd}]+/gu, " ")
    .trim();
}
