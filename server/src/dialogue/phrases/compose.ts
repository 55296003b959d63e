import { domainToUnicode } from "node:url";
import type { AuthenticatorKind } from "../../engine/model.ts";
import type { SpeechPart } from "../model.ts";
import type { Manner, PhraseValues } from "./phrase.ts";

/** What may stand between the words of a sentence; undefined says nothing. */
export type Said = string | number | SpeechPart | readonly SpeechPart[] | undefined;

/** Between two lines of a menu. */
const optionPauseMs = 300;

/** A sentence with its values: texts that touch become one part. */
export function say(texts: TemplateStringsArray, ...values: readonly Said[]): readonly SpeechPart[] {
  const parts: SpeechPart[] = [];
  texts.forEach((text, index) => {
    for (const part of [...partsOf(text), ...partsOf(values[index])]) append(parts, part);
  });
  return parts;
}

function partsOf(said: Said): readonly SpeechPart[] {
  if (said === undefined || said === "") return [];
  if (typeof said === "string" || typeof said === "number") return [{ kind: "text", text: String(said) }];
  return "kind" in said ? [said] : said;
}

function append(parts: SpeechPart[], part: SpeechPart): void {
  const last = parts.at(-1);
  if (part.kind !== "text" || last?.kind !== "text") parts.push(part);
  else parts[parts.length - 1] = { kind: "text", text: last.text + part.text };
}

/** A piece of a sentence that is said only where its value is known. */
export function given<Value>(value: Value | undefined, piece: (value: Value) => Said): Said {
  return value === undefined ? undefined : piece(value);
}

/** The last two digits of a masked number, to be read one by one. */
export function endingOf(masked: string | undefined): SpeechPart | undefined {
  const digits = /[0-9]{2}$/.exec(masked ?? "")?.[0];
  return digits === undefined ? undefined : { kind: "digits", digits };
}

/** What may be said of an address. */
export interface Mailbox {
  /** A capital letter, which every engine reads as a letter; absent where the address starts with none. */
  readonly letter?: string;
  readonly domain: string;
}

/** First letter and domain of a masked address; undefined for anything else. */
export function mailboxOf(masked: string | undefined): Mailbox | undefined {
  const at = masked?.lastIndexOf("@") ?? -1;
  const domain = domainToUnicode(masked?.slice(at + 1) ?? "");
  if (masked === undefined || at < 1 || domain === "") return undefined;
  const first = masked.charAt(0);
  return /^[a-z]$/i.test(first) ? { letter: first.toUpperCase(), domain } : { domain };
}

const longestName = 60;

/** A name that somebody typed into a form: one line of bounded length, without characters that nobody sees. */
export function nameOf(text: string | undefined): string | undefined {
  const clean = text?.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return clean === undefined || clean === "" ? undefined : Array.from(clean).slice(0, longestName).join("");
}

/** The beginning of a menu's line: "For a text message", "To use your passkey". */
export type Wanting = Readonly<
  Record<AuthenticatorKind, (masked: string | undefined, values: PhraseValues) => readonly SpeechPart[]>
>;

/** The lines of a menu, a pause between them; a method without a kind is called by its label. */
export function menuLines(
  values: PhraseValues,
  wanting: Wanting,
  line: (wanted: readonly SpeechPart[], key: SpeechPart) => readonly SpeechPart[],
  labeled: (label: readonly SpeechPart[]) => readonly SpeechPart[],
): readonly SpeechPart[] {
  return (values.methods ?? []).flatMap(({ kind, label, key, masked }, index) => {
    const wanted = kind === undefined ? labeled(spelled(label)) : wanting[kind](masked, values);
    const pause: readonly SpeechPart[] = index === 0 ? [] : [{ kind: "pause", ms: optionPauseMs }];
    return [...pause, ...line(wanted, keyOf(key))];
  });
}

/** A key of a telephone, never read as an ordinal where a sentence ends after it. */
export function keyOf(key: string): SpeechPart {
  return /^[0-9]+$/.test(key) ? { kind: "digits", digits: key } : { kind: "text", text: key };
}

/** A label as it is said: its numbers digit by digit ("ending in 78"). */
function spelled(label: string): readonly SpeechPart[] {
  const parts: SpeechPart[] = [];
  for (const piece of (nameOf(label) ?? "").split(/([0-9]{2,})/)) {
    if (/^[0-9]{2,}$/.test(piece)) parts.push({ kind: "digits", digits: piece });
    else if (piece !== "") parts.push({ kind: "text", text: piece });
  }
  return parts;
}

/** The word for how the person answers. */
export function byManner<Text>(
  { manner = "keys" }: PhraseValues,
  texts: Readonly<Record<Manner, Text>>,
): Text {
  return texts[manner];
}

/** A sentence for each plural category that a language has forms for, `#` being the number; `other` serves the rest. */
export type Plural = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** "You have 2 tries left.", in the plural form of the language; nothing without a number. */
export function counted(locale: string, count: number | undefined, forms: Plural): string | undefined {
  if (count === undefined || count < 1) return undefined;
  return (forms[rulesOf(locale).select(count)] ?? forms.other).replace("#", String(count));
}

const rules = new Map<string, Intl.PluralRules>();

function rulesOf(locale: string): Intl.PluralRules {
  const known = rules.get(locale) ?? new Intl.PluralRules(locale);
  rules.set(locale, known);
  return known;
}
