import { foldWord } from "../tokens.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { italian } from "./it.ts";
import type { Grammar, LanguageWords } from "./language.ts";
import { dutch } from "./nl.ts";
import { portuguese } from "./pt.ts";

/** What a word means in an answer. */
export type Meaning =
  /** `ends`: nothing is added to it. */
  | { readonly kind: "number"; readonly value: number; readonly sure: boolean; readonly ends?: true }
  | { readonly kind: "repeat"; readonly count: number }
  | { readonly kind: "hundred"; readonly ends?: true }
  | { readonly kind: "thousand" }
  | { readonly kind: "and" }
  | { readonly kind: "times" }
  | { readonly kind: "filler" };

export interface Lexicon {
  readonly meanings: ReadonlyMap<string, Meaning>;
  readonly phrases: readonly (readonly string[])[];
  /** Words for "double" and the like, which are also written in one word with what they repeat. */
  readonly repeats: readonly string[];
  /** Words for "thousand", which stand inside longer words. */
  readonly thousands: readonly string[];
  readonly grammar: Grammar;
}

const languages = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  pt: portuguese,
} as const;

type Language = keyof typeof languages;

const built = new Map<Language, Lexicon>();

/** The words of a language (BCP 47 tag) and English; of English alone when the language is unknown. Built on first use. */
export function lexiconOf(locale: string | undefined): Lexicon {
  const language = languageOf(locale);
  let lexicon = built.get(language);
  if (lexicon === undefined) {
    lexicon = build(language);
    built.set(language, lexicon);
  }
  return lexicon;
}

function languageOf(locale: string | undefined): Language {
  const primary = (locale ?? "en").split(/[-_]/, 1)[0]?.toLowerCase() ?? "";
  return Object.hasOwn(languages, primary) ? (primary as Language) : "en";
}

function build(language: Language): Lexicon {
  const own = languages[language]();
  const meanings = new Map<string, Meaning>();
  if (language === "en") addWords(meanings, own);
  else {
    // "For" and "to" sound like digits to an English recogniser only.
    addWords(meanings, { ...english(), maybeDigits: {} });
    addWords(meanings, own);
  }
  const phrases = [...(own.phrases ?? []), ...(language === "en" ? [] : (english().phrases ?? []))];
  const of = (kind: Meaning["kind"]) => [...meanings].filter(([, meaning]) => meaning.kind === kind);
  return {
    meanings,
    repeats: of("repeat").map(([word]) => word),
    thousands: of("thousand").map(([word]) => word),
    phrases: phrases.map((phrase) => phrase.map(foldWord)),
    grammar: own.grammar ?? {},
  };
}

/** Later additions win: the language's own words over English, its numbers over its fillers. */
function addWords(meanings: Map<string, Meaning>, words: LanguageWords): void {
  const add = (word: string, meaning: Meaning) => {
    for (const spelling of spellings(word)) meanings.set(spelling, meaning);
  };
  for (const word of words.fillers.split(/[ ']/)) add(word, { kind: "filler" });
  for (const word of words.and) add(word, { kind: "and" });
  for (const word of words.times) add(word, { kind: "times" });
  for (const [word, value] of Object.entries(words.numbers)) add(word, { kind: "number", value, sure: true });
  for (const word of words.hundred) add(word, { kind: "hundred" });
  for (const word of words.thousand) add(word, { kind: "thousand" });
  for (const word of words.ending ?? []) {
    const meaning = meanings.get(foldWord(word));
    if (meaning?.kind === "number" || meaning?.kind === "hundred") add(word, { ...meaning, ends: true });
  }
  for (const [word, value] of Object.entries(words.maybeDigits)) {
    add(word, { kind: "number", value, sure: false });
  }
  for (const [word, count] of Object.entries(words.repeats)) {
    add(word, { kind: "repeat", count });
  }
}

/** "fünf" is heard and typed as "funf" (an accent lost) and "fuenf". */
function spellings(word: string): readonly string[] {
  const spelledOut = word.replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue");
  return [foldWord(word), foldWord(spelledOut)];
}
