import { chooseLocale } from "../../languages/negotiate.ts";
import type { SpeechPart } from "../model.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { italian } from "./it.ts";
import { dutch } from "./nl.ts";
import type { MethodName, PhraseKey, PhraseSet, PhraseValues } from "./phrase.ts";
import { plainText } from "./plain.ts";
import { brazilian } from "./pt-br.ts";

const sets = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  "pt-BR": brazilian,
} as const satisfies Readonly<Record<string, PhraseSet>>;

/** The languages that the dialogue speaks. */
export const phraseLocales: readonly string[] = Object.keys(sets);

type PhraseLocale = keyof typeof sets;

/** After each phrase, so that two phrases never run into each other on any channel. */
const phrasePauseMs = 300;

/**
 * The language of ours for whom the tags name, most wanted first (turn, user, publication, organization): `de-AT` is served
 * in `de`, `pt-PT` in `pt-BR`, and what cannot be served in `en`. Malformed tags are passed over.
 */
export function phraseLocale(wanted: readonly (string | undefined)[]): string {
  return chooseLocale(wanted, phraseLocales, "en");
}

/**
 * One phrase in the language that serves `locale` best, ending with a short pause; nothing where the phrase says nothing
 * without a value that is missing (`proof.words`).
 */
export function sayPhrase(key: PhraseKey, values: PhraseValues, locale: string): readonly SpeechPart[] {
  const parts = setOf(locale).phrases[key](values);
  return parts.length === 0 ? parts : [...parts, { kind: "pause", ms: phrasePauseMs }];
}

/** The name of a method for a button: "Text message to the number ending in 78". */
export function methodLabel(name: MethodName, locale: string): string {
  return plainText(setOf(locale).methods[name.kind](name), "read");
}

function setOf(locale: string): PhraseSet {
  // The language of a dialogue was chosen once; it is spelled as it is here.
  return sets[(Object.hasOwn(sets, locale) ? locale : phraseLocale([locale])) as PhraseLocale];
}
