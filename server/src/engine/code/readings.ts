import { type Lexeme, lexemesOf } from "./lexemes.ts";
import { numbersAt, type Said } from "./numbers.ts";
import type { Token } from "./tokens.ts";
import type { Lexicon } from "./words/lexicon.ts";

/** One way to write an answer as digits; the fewer its steps, the likelier it is. */
export interface Reading {
  readonly digits: string;
  readonly steps: number;
}

/** A piece of the answer: the digits that it gives, and the place behind it. */
interface Piece {
  readonly digits: string;
  readonly next: number;
}

/** Readings of one length that are kept at every place; two of them are ever used. */
const mostOfOneLength = 3;

/** What a word that may be no digit at all costs when it is left out: a little more than when it is one. */
const leftOutSteps = 1.1;

/**
 * The ways to read the tokens as at most `longest` digits, likeliest first: "twenty one" is 21 and 201. Undefined when they
 * are no code at all, empty when every reading is longer. The work grows with the number of tokens times `longest`, and with
 * nothing else.
 */
export function readingsOf(
  tokens: readonly Token[],
  lexicon: Lexicon,
  longest: number,
): readonly Reading[] | undefined {
  const lexemes = lexemesOf(tokens, lexicon);
  if (lexemes === undefined || lexemes.every(({ kind }) => kind === "and")) return undefined;
  const pieces = allPieces({ lexemes, grammar: lexicon.grammar });
  const chart = emptyChart(lexemes.length);
  for (const [place, steps] of startsOf(lexemes)) keep(chart, place, { digits: "", steps }, longest);
  pieces.forEach((onward, place) => {
    for (const reading of readingsAt(chart, place)) {
      for (const { digits, next } of onward) {
        const steps = reading.steps + (digits === "" ? 0 : 1);
        keep(chart, next, { digits: reading.digits + digits, steps }, longest);
      }
    }
    // Readings that grew too long are not kept, but that the answer can be read is.
    if (chart.reached.has(place)) for (const { next } of onward) chart.reached.add(next);
  });
  const ends = endsOf(lexemes);
  if (!ends.some(([place]) => chart.reached.has(place))) return undefined;
  return ends
    .flatMap(([place, left]) =>
      readingsAt(chart, place).map(({ digits, steps }) => ({ digits, steps: steps + left })),
    )
    .filter(({ digits }) => digits !== "")
    .sort((one, other) => one.steps - other.steps);
}

/** What can be said from each place on. An "and" that links no number says nothing. */
function allPieces(said: Said): readonly (readonly Piece[])[] {
  const { lexemes } = said;
  const numbers = lexemes.map((_, place) => numbersAt(place, said));
  const linking = new Set<number>();
  numbers.forEach((spans, place) => {
    for (const { next } of spans) {
      for (let inside = place; inside < next; inside += 1) {
        if (lexemes[inside]?.kind === "and") linking.add(inside);
      }
    }
  });
  return lexemes.map((lexeme, place) => {
    if (lexeme.kind === "digits")
      return [{ digits: lexeme.text, next: place + 1 }, ...repeatedAt(lexemes, place)];
    if (lexeme.kind === "and") return linking.has(place) ? [] : [{ digits: "", next: place + 1 }];
    // Longer numbers first: of two readings with as many steps the one that joins sooner is the likelier.
    const spans = (numbers[place] ?? []).toSorted((one, other) => other.next - one.next);
    return [
      ...spans.map(({ value, next }) => ({ digits: String(value), next })),
      ...repeatedAt(lexemes, place),
    ];
  });
}

/** "Double seven", "two times seven". */
function repeatedAt(lexemes: readonly Lexeme[], place: number): readonly Piece[] {
  const lexeme = lexemes[place];
  if (lexeme?.kind === "repeat") return repeated(lexemes, place + 1, lexeme.count);
  const count = lexemes[place + 1]?.kind === "times" ? digitOf(lexeme) : undefined;
  return count === undefined || count < 1 ? [] : repeated(lexemes, place + 2, count);
}

function repeated(lexemes: readonly Lexeme[], place: number, count: number): readonly Piece[] {
  const target = lexemes[place];
  const next = place + 1;
  // "Double 47" is how a recogniser writes "double four seven".
  if (target?.kind === "digits") {
    return [{ digits: target.text.charAt(0).repeat(count) + target.text.slice(1), next }];
  }
  const digit = digitOf(target);
  return digit === undefined ? [] : [{ digits: String(digit).repeat(count), next }];
}

function digitOf(lexeme: Lexeme | undefined): number | undefined {
  if (lexeme?.kind === "number" && lexeme.value < 10) return lexeme.value;
  return lexeme?.kind === "digits" && lexeme.text.length === 1 ? Number(lexeme.text) : undefined;
}

/** Places where the code may begin. "A code for 123456": only before it and after it can such a word be no digit. */
function startsOf(lexemes: readonly Lexeme[]): readonly (readonly [place: number, steps: number])[] {
  const first = lexemes.findIndex((lexeme) => !isUnsure(lexeme));
  return Array.from({ length: Math.max(0, first) + 1 }, (_, left) => [left, left * leftOutSteps]);
}

/** Places behind which nothing of the code follows. */
function endsOf(lexemes: readonly Lexeme[]): readonly (readonly [place: number, steps: number])[] {
  const last = lexemes.findLastIndex((lexeme) => !isUnsure(lexeme));
  const most = last < 0 ? 0 : lexemes.length - 1 - last;
  return Array.from({ length: most + 1 }, (_, left) => [lexemes.length - left, left * leftOutSteps]);
}

function isUnsure(lexeme: Lexeme): boolean {
  return lexeme.kind === "number" && !lexeme.sure;
}

/** The readings that end at each place, by their length. */
interface Chart {
  readonly byPlace: readonly Map<number, readonly Reading[]>[];
  /** Places at which any reading ends, also one that is too long. */
  readonly reached: Set<number>;
}

function emptyChart(places: number): Chart {
  return { byPlace: Array.from({ length: places + 1 }, () => new Map()), reached: new Set() };
}

function readingsAt({ byPlace }: Chart, place: number): readonly Reading[] {
  return [...(byPlace[place]?.values() ?? [])].flat();
}

function keep({ byPlace, reached }: Chart, place: number, reading: Reading, longest: number): void {
  reached.add(place);
  const { digits, steps } = reading;
  const rivals = byPlace[place]?.get(digits.length) ?? [];
  if (digits.length > longest || rivals.some((other) => other.digits === digits && other.steps <= steps))
    return;
  const kept = [...rivals.filter((other) => other.digits !== digits), reading];
  kept.sort((one, other) => one.steps - other.steps);
  byPlace[place]?.set(digits.length, kept.slice(0, mostOfOneLength));
}
