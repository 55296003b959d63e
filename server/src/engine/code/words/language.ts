/** How one language says the digits of a code. Words are written as usual; case, accents and ß make no difference. */
export interface LanguageWords {
  /** Words that are a number from 0 to 999, also in one word ("einundzwanzig", "duecento"). */
  readonly numbers: Readonly<Record<string, number>>;
  /** Words that are a digit or nothing: articles ("un code") and words that only sound like one ("for"). */
  readonly maybeDigits: Readonly<Record<string, number>>;
  /** "hundred": multiplies the digit before it, or is 100 alone. */
  readonly hundred: readonly string[];
  /** "Thousand", likewise; also inside a word ("viertausendsieben"). */
  readonly thousand: readonly string[];
  /** Numbers that nothing is added to: "quatre-vingts", "deux cents". */
  readonly ending?: readonly string[];
  /** "and" inside a number; between numbers it says nothing. */
  readonly and: readonly string[];
  /** "double", "triple": the next digit that many times. */
  readonly repeats: Readonly<Record<string, number>>;
  /** "times": the digit before it tells how often the next one is meant. */
  readonly times: readonly string[];
  /** Words around a code that say nothing, separated by spaces. */
  readonly fillers: string;
  /** Sequences of words that say nothing although one of them alone would ("one time"). */
  readonly phrases?: readonly (readonly string[])[];
  readonly grammar?: Grammar;
}

export interface Grammar {
  /** `before`: "ein und zwanzig". */
  readonly units?: "before" | "after";
  /** `twenties`: "soixante-dix", "quatre-vingt-dix-sept". */
  readonly counting?: "tens" | "twenties";
}

/** The words of `names` with their place as value, counted from `first`. */
export function numbered(first: number, names: string): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name, index) => [name, first + index]));
}

/** The words of `names` as 20, 30, … 90. */
export function tens(names: string): Record<string, number> {
  return scaled(names, 20, 10);
}

/** The words of `names` as 200, 300, … 900. */
export function hundreds(names: string): Record<string, number> {
  return scaled(names, 200, 100);
}

function scaled(names: string, first: number, step: number): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name, index) => [name, first + index * step]));
}

/** Every pair of a left and a right word, joined by `join`, with the sum of their values. */
export function compounds(
  left: Readonly<Record<string, number>>,
  right: Readonly<Record<string, number>>,
  join: (left: string, right: string) => string,
): Record<string, number> {
  const made: Record<string, number> = {};
  for (const [leftWord, leftValue] of Object.entries(left)) {
    for (const [rightWord, rightValue] of Object.entries(right)) {
      made[join(leftWord, rightWord)] = leftValue + rightValue;
    }
  }
  return made;
}

/** The hundreds of a language that writes them in one word ("vierhundert"), each also with what follows, or is linked, below 100. */
export function hundredsInOneWord(
  units: Readonly<Record<string, number>>,
  hundred: string,
  below: Readonly<Record<string, number>>,
  link = "",
): Record<string, number> {
  const round: Record<string, number> = { [hundred]: 100 };
  for (const [unit, value] of Object.entries(units)) round[unit + hundred] = value * 100;
  return {
    ...round,
    ...compounds(round, below, (left, right) => left + right),
    ...compounds(round, below, (left, right) => left + link + right),
  };
}
