import { type Token, tokenize } from "../../engine/code/tokens.ts";
import { lexiconOf, type Meaning } from "../../engine/code/words/lexicon.ts";

/** Longer answers are talk. */
const longestAnswer = 200;
const mostWords = 24;

/** The words and numbers of an answer; undefined for talk, for nothing, and for characters that nobody says. */
export function wordsOf(text: string): readonly string[] | undefined {
  const tokens = text.length > longestAnswer ? undefined : tokenize(text);
  return tokens === undefined || tokens.length === 0 || tokens.length > mostWords
    ? undefined
    : tokens.map((token: Token) => token.text);
}

export interface Span {
  readonly start: number;
  /** Behind its last word. */
  readonly end: number;
}

/** Where `wanted` stands in `said`, with nothing but fillers between its words. */
export function spanOf(
  wanted: readonly string[],
  said: readonly string[],
  fillers: ReadonlySet<string>,
): Span | undefined {
  for (let start = 0; start + wanted.length <= said.length; start += 1) {
    let matched = 0;
    let end = start;
    while (end < said.length && matched < wanted.length) {
      const word = said[end] ?? "";
      if (word === wanted[matched]) matched += 1;
      else if (matched === 0 || !fillers.has(word)) break;
      end += 1;
    }
    if (matched === wanted.length) return { start, end };
  }
  return undefined;
}

/** How surely a word is a number in a language: "two" is, "to" may be, "too much" of it is none. */
export type NumberSense = "sure" | "maybe" | "none";

/** "Oh" is a digit of a code only in company. */
const exclamations = new Set(["oh", "o"]);

export function numberSense(word: string, locale: string): NumberSense {
  if (/^[0-9]/.test(word)) return "sure";
  const meaning: Meaning | undefined = lexiconOf(locale).meanings.get(word);
  if (meaning?.kind === "hundred" || meaning?.kind === "thousand") return "sure";
  if (meaning?.kind !== "number") return "none";
  return meaning.sure && !exclamations.has(word) ? "sure" : "maybe";
}
