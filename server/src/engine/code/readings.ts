import type { Token } from "./tokens.ts";
import type { Grammar } from "./words/language.ts";
import type { Lexicon, Meaning } from "./words/lexicon.ts";

/** What is left of an answer when its fillers are gone. */
type Lexeme = Exclude<Meaning, { kind: "filler" }> | { readonly kind: "digits"; readonly text: string };

/** A number of the answer as written digits: "twenty one" is 21 when taken together and 201 when taken word by word. */
interface Item {
  readonly together: string;
  readonly apart: string;
  /** False for a word that may be no digit at all. */
  readonly sure: boolean;
}

/** A value and the place behind its last word. */
interface Span {
  readonly value: number;
  readonly apart: string;
  readonly sure: boolean;
  readonly next: number;
}

/**
 * The digits that the tokens may mean, likeliest first; none when they are no code. Words that say nothing are passed
 * over, an unknown word makes the whole answer "not a code".
 */
export function readingsOf(tokens: readonly Token[], lexicon: Lexicon): readonly string[] {
  const lexemes = lexemesOf(withoutPhrases(tokens, lexicon.phrases), lexicon);
  const items = lexemes && itemsOf(lexemes, lexicon.grammar);
  if (items === undefined) return [];
  const certain = withoutUnsureEnds(items);
  const readings = [together(items), apart(items), together(certain), apart(certain)];
  return [...new Set(readings)].filter((reading) => reading !== "");
}

function together(items: readonly Item[]): string {
  return items.map((item) => item.together).join("");
}

function apart(items: readonly Item[]): string {
  return items.map((item) => item.apart).join("");
}

/** "A code for 123456", "123456 for you": only before or after the code can such a word be no digit. */
function withoutUnsureEnds(items: readonly Item[]): readonly Item[] {
  const first = items.findIndex((item) => item.sure);
  const last = items.findLastIndex((item) => item.sure);
  return first < 0 ? [] : items.slice(first, last + 1);
}

function withoutPhrases(tokens: readonly Token[], phrases: Lexicon["phrases"]): readonly Token[] {
  const kept: Token[] = [];
  let index = 0;
  while (index < tokens.length) {
    const at = index;
    const phrase = phrases.find((words) => words.every((word, offset) => tokens[at + offset]?.text === word));
    const token = tokens[index];
    if (phrase === undefined && token !== undefined) kept.push(token);
    index += phrase?.length ?? 1;
  }
  return kept;
}

function lexemesOf(tokens: readonly Token[], lexicon: Lexicon): readonly Lexeme[] | undefined {
  const lexemes: Lexeme[] = [];
  for (const token of tokens) {
    // "1e5" and "0x10" are numbers of a programmer, not codes.
    const meanings = token.joint === "glued" ? undefined : meaningsOf(token, lexicon);
    if (meanings === undefined) return undefined;
    for (const meaning of meanings) if (meaning.kind !== "filler") lexemes.push(meaning);
  }
  return lexemes;
}

/** What a token means; two meanings for "doppelnull". */
function meaningsOf(token: Token, { meanings }: Lexicon): readonly (Meaning | Lexeme)[] | undefined {
  const word = token.text;
  if (token.kind === "digits") return [{ kind: "digits", text: word }];
  const whole = meanings.get(word);
  if (whole !== undefined) return [whole];
  for (const [start, repeat] of meanings) {
    if (repeat.kind === "repeat" && word.startsWith(start)) {
      const digit = meanings.get(word.slice(start.length));
      if (digit?.kind === "number") return [repeat, digit];
    }
  }
  return undefined;
}

function itemsOf(lexemes: readonly Lexeme[], grammar: Grammar): readonly Item[] | undefined {
  const items: Item[] = [];
  let index = 0;
  while (index < lexemes.length) {
    const lexeme = lexemes[index];
    const repeated = repetitionAt(lexemes, index);
    if (repeated === "broken" || lexeme?.kind === "times") return undefined;
    if (repeated !== undefined) {
      items.push(certainItem(repeated.text));
      index = repeated.next;
    } else if (lexeme?.kind === "digits") {
      items.push(certainItem(lexeme.text));
      index += 1;
    } else {
      const span = numberAt(lexemes, index, grammar);
      if (span !== undefined) {
        items.push({ together: String(span.value), apart: span.apart, sure: span.sure });
      }
      // What is no number here is an "and" between two of them.
      index = span?.next ?? index + 1;
    }
  }
  return items;
}

function certainItem(text: string): Item {
  return { together: text, apart: text, sure: true };
}

/** "Double seven", "two times seven"; `broken` when no digit follows. */
function repetitionAt(
  lexemes: readonly Lexeme[],
  index: number,
): { readonly text: string; readonly next: number } | "broken" | undefined {
  const lexeme = lexemes[index];
  if (lexeme?.kind === "repeat") return repeatDigit(lexemes, index + 1, lexeme.count);
  if (!isTimes(lexemes, index)) return undefined;
  return repeatDigit(lexemes, index + 2, digitOf(lexeme) ?? 0);
}

function repeatDigit(lexemes: readonly Lexeme[], index: number, count: number) {
  const target = lexemes[index];
  if (count < 1) return "broken";
  // "Double 47" is how a recogniser writes "double four seven".
  if (target?.kind === "digits") {
    return { text: target.text.charAt(0).repeat(count) + target.text.slice(1), next: index + 1 };
  }
  const digit = digitOf(target);
  return digit === undefined ? "broken" : { text: String(digit).repeat(count), next: index + 1 };
}

function digitOf(lexeme: Lexeme | undefined): number | undefined {
  if (lexeme?.kind === "number" && lexeme.value < 10) return lexeme.value;
  return lexeme?.kind === "digits" && lexeme.text.length === 1 ? Number(lexeme.text) : undefined;
}

/** Whether the digit here only says how often the next one is meant. */
function isTimes(lexemes: readonly Lexeme[], index: number): boolean {
  return lexemes[index + 1]?.kind === "times" && digitOf(lexemes[index]) !== undefined;
}

/** A number up to 9999 that starts here: "four hundred seven", "twelve hundred", "hundert drei", "quatre-vingt-un". */
function numberAt(lexemes: readonly Lexeme[], start: number, grammar: Grammar): Span | undefined {
  const first = belowHundredAt(lexemes, start, grammar) ?? wordAt(lexemes, start);
  const hundred = first?.next ?? start;
  let base: Span | undefined;
  if (
    lexemes[hundred]?.kind === "hundred" &&
    (first === undefined || (first.value > 0 && first.value < 100))
  ) {
    const value = (first?.value ?? 1) * 100;
    base = { value, apart: String(value), sure: true, next: hundred + 1 };
  } else if (first !== undefined && first.value >= 100 && first.value % 100 === 0) {
    base = first;
  }
  return base === undefined
    ? first
    : joined(base, lexemes, (index) => belowHundredAt(lexemes, index, grammar));
}

function belowHundredAt(lexemes: readonly Lexeme[], start: number, grammar: Grammar): Span | undefined {
  const first = wordAt(lexemes, start);
  if (first === undefined || first.value >= 100 || isTimes(lexemes, start)) return undefined;
  if (grammar.units === "before") {
    const reversed = unitsBefore(first, lexemes);
    if (reversed !== undefined) return reversed;
  }
  if (grammar.counting === "twenties") {
    const twenties = twentiesAt(first, lexemes);
    if (twenties !== undefined) return twenties;
  }
  return isRoundTen(first.value) ? joined(first, lexemes, (index) => tailAt(lexemes, index, 1, 9)) : first;
}

/** "Ein und zwanzig". */
function unitsBefore(unit: Span, lexemes: readonly Lexeme[]): Span | undefined {
  if (unit.value < 1 || unit.value > 9 || lexemes[unit.next]?.kind !== "and") return undefined;
  const ten = wordAt(lexemes, unit.next + 1);
  if (ten === undefined || !isRoundTen(ten.value)) return undefined;
  const value = unit.value + ten.value;
  return { value, apart: String(value), sure: true, next: ten.next };
}

/** "Dix-sept", "soixante-dix-sept", "quatre-vingt-dix-sept": 10, 60 and 4 × 20 go on to 19. */
function twentiesAt(first: Span, lexemes: readonly Lexeme[]): Span | undefined {
  if (first.value === 10) return joined(first, lexemes, (index) => tailAt(lexemes, index, 7, 9));
  const second = wordAt(lexemes, first.next);
  const eighty =
    first.value === 4 && second?.value === 20
      ? { value: 80, apart: "420", sure: true, next: second.next }
      : undefined;
  const base = first.value === 60 ? first : eighty;
  if (base === undefined) return undefined;
  return joined(base, lexemes, (index) => {
    const tail = tailAt(lexemes, index, 1, 19);
    return tail?.value === 10 ? joined(tail, lexemes, (after) => tailAt(lexemes, after, 7, 9)) : tail;
  });
}

/** Adds what follows, with or without "and" between; with it the words can only be meant together. */
function joined(base: Span, lexemes: readonly Lexeme[], tailFrom: (index: number) => Span | undefined): Span {
  const linked = lexemes[base.next]?.kind === "and";
  const tail = tailFrom(linked ? base.next + 1 : base.next);
  if (tail === undefined || tail.value === 0) return base;
  const value = base.value + tail.value;
  return { value, apart: linked ? String(value) : base.apart + tail.apart, sure: true, next: tail.next };
}

function tailAt(lexemes: readonly Lexeme[], index: number, least: number, most: number): Span | undefined {
  const word = wordAt(lexemes, index);
  const fits = word !== undefined && word.value >= least && word.value <= most;
  return fits && !isTimes(lexemes, index) ? word : undefined;
}

function wordAt(lexemes: readonly Lexeme[], index: number): Span | undefined {
  const lexeme = lexemes[index];
  if (lexeme?.kind !== "number") return undefined;
  return { value: lexeme.value, apart: String(lexeme.value), sure: lexeme.sure, next: index + 1 };
}

function isRoundTen(value: number): boolean {
  return value >= 20 && value <= 90 && value % 10 === 0;
}
