import type { Lexeme } from "./lexemes.ts";
import type { Grammar } from "./words/language.ts";

/** A number that the lexemes from some place on can mean. */
export interface NumberSpan {
  readonly value: number;
  /** The place behind its last lexeme. */
  readonly next: number;
}

export interface Said {
  readonly lexemes: readonly Lexeme[];
  readonly grammar: Grammar;
}

/**
 * Every number that starts at a place: "two hundred three" is 2, 200 and 203 there. Which of them is meant only the length
 * of a code can tell; left out is what no language says ("twenty twelve" is no number).
 */
export function numbersAt(start: number, said: Said): readonly NumberSpan[] {
  const small = belowThousandAt(start, said);
  return [
    ...small,
    ...scaled("thousand", 1000, start, small, said),
    ...inOneWordAt(start, 1000, 999_999, said),
  ];
}

function belowThousandAt(start: number, said: Said): readonly NumberSpan[] {
  const small = belowHundredAt(start, said);
  return [...small, ...scaled("hundred", 100, start, small, said), ...inOneWordAt(start, 100, 999, said)];
}

/** "Vierhundert", "viertausend", and with them what follows in another word. */
function inOneWordAt(start: number, least: number, most: number, said: Said): readonly NumberSpan[] {
  return wordAt(start, least, most, said).flatMap((word) => {
    const below = word.value % 1000 === 0 ? belowThousandAt : belowHundredAt;
    const tails = word.value % 100 === 0 ? plus(word, (place) => below(place, said), said) : [];
    return [word, ...tails];
  });
}

/** "Four hundred", "four hundred (and) seven", and "hundred" alone where no number stands before it. */
function scaled(
  kind: "hundred" | "thousand",
  scale: number,
  start: number,
  multipliers: readonly NumberSpan[],
  said: Said,
): readonly NumberSpan[] {
  const isScale = (place: number) => said.lexemes[place]?.kind === kind;
  const alone = isScale(start) && said.lexemes[start - 1]?.kind !== "number";
  const bases = multipliers
    .filter(({ value, next }) => value > 0 && isScale(next))
    .map(({ value, next }) => ({ value: value * scale, next: next + 1 }));
  const below = kind === "hundred" ? belowHundredAt : belowThousandAt;
  return [...bases, ...(alone ? [{ value: scale, next: start + 1 }] : [])].flatMap((base) => [
    base,
    ...plus(base, (place) => below(place, said), said),
  ]);
}

function belowHundredAt(start: number, said: Said): readonly NumberSpan[] {
  return wordAt(start, 0, 99, said).flatMap((word) => [word, ...compoundsFrom(word, said)]);
}

/** What a word below a hundred goes on to: "twenty-one", "einundzwanzig", "quatre-vingt-dix-sept". */
function compoundsFrom(word: NumberSpan, said: Said): readonly NumberSpan[] {
  const { grammar } = said;
  if (grammar.units === "before") return unitsBefore(word, said);
  if (grammar.counting === "twenties") {
    if (word.value === 10) return plus(word, (place) => wordAt(place, 7, 9, said), said);
    if (word.value === 60) return plus(word, (place) => upToNineteenAt(place, said), said);
    if (word.value === 4) return fourTwenties(word, said);
  }
  return isRoundTen(word.value) ? plus(word, (place) => wordAt(place, 1, 9, said), said) : [];
}

/** "Ein und zwanzig". */
function unitsBefore(unit: NumberSpan, said: Said): readonly NumberSpan[] {
  if (unit.value < 1 || unit.value > 9 || said.lexemes[unit.next]?.kind !== "and") return [];
  return wordAt(unit.next + 1, 20, 90, said)
    .filter(({ value }) => isRoundTen(value))
    .map(({ value, next }) => ({ value: unit.value + value, next }));
}

/** "Quatre-vingt(s)", "quatre-vingt-un", "quatre-vingt-dix-sept". */
function fourTwenties(four: NumberSpan, said: Said): readonly NumberSpan[] {
  return wordAt(four.next, 20, 20, said).flatMap(({ next }) => {
    const eighty = { value: 80, next };
    return [eighty, ...plus(eighty, (place) => upToNineteenAt(place, said), said)];
  });
}

function upToNineteenAt(place: number, said: Said): readonly NumberSpan[] {
  return wordAt(place, 1, 16, said).flatMap((word) => [
    word,
    ...(word.value === 10 ? plus(word, (after) => wordAt(after, 7, 9, said), said) : []),
  ]);
}

/** Adds what follows, with or without "and" between; nothing follows a word that ends its number ("vingts", "cents"). */
function plus(
  base: NumberSpan,
  tailsAt: (place: number) => readonly NumberSpan[],
  { lexemes }: Said,
): readonly NumberSpan[] {
  const last = lexemes[base.next - 1];
  if (last !== undefined && "ends" in last && last.ends) return [];
  const linked = lexemes[base.next]?.kind === "and";
  return tailsAt(linked ? base.next + 1 : base.next)
    .filter(({ value }) => value > 0)
    .map(({ value, next }) => ({ value: base.value + value, next }));
}

function wordAt(place: number, least: number, most: number, { lexemes }: Said): readonly NumberSpan[] {
  const lexeme = lexemes[place];
  const fits = lexeme?.kind === "number" && lexeme.value >= least && lexeme.value <= most;
  return fits ? [{ value: lexeme.value, next: place + 1 }] : [];
}

function isRoundTen(value: number): boolean {
  return value >= 20 && value <= 90 && value % 10 === 0;
}
