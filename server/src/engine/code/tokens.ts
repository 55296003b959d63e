/** A run of digits (already 0–9) or of letters (already lower case and without accents). */
export interface Token {
  readonly kind: "digits" | "letters";
  readonly text: string;
  /** Whether it touches the token before it, as in "1e5". */
  readonly joint: "separate" | "glued";
}

const decimalDigit = /^\p{Nd}$/u;
const letter = /^\p{L}$/u;
/** Accents, joiners and direction marks, which change nothing. */
const ignorable = /^[\p{M}\p{Cf}]$/u;
/** White space, every dash and low line; besides these only what separates groups or ends a sentence. */
const separator = /^[\p{Z}\p{Pd}\p{Pc}\t\n\v\f\r\u{85}]$/u;
const separators = new Set(".,:;/!?#'’‘·…、。،٫٬۔؛∶⁄∕−⁃➖ー");

/** Compatibility decomposition, lower case, no accents, ß as ss: the form in which words are compared. */
export function foldWord(word: string): string {
  return word.normalize("NFKD").toLowerCase().replaceAll("ß", "ss").replace(/\p{M}/gu, "");
}

/**
 * Splits an answer into digits of any script and words. Undefined when it holds a character that stands in no answer
 * (symbols, brackets, controls). One pass; the work grows with the length and nothing else.
 */
export function tokenize(input: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let last: Sort = "separator";
  for (const character of input.normalize("NFKD").toLowerCase()) {
    const sort = sortOf(character);
    if (sort === undefined) return undefined;
    if (sort === "ignorable") continue;
    if (sort !== "separator") append(tokens, sort, character, last);
    last = sort;
  }
  return tokens;
}

/** Adds a character to the run it belongs to; `last` is the sort of the one before it. */
function append(tokens: Token[], kind: Token["kind"], character: string, last: Sort): void {
  const text = kind === "digits" ? digitOf(character) : character === "ß" ? "ss" : character;
  const run = tokens.at(-1);
  if (run !== undefined && last === kind) tokens[tokens.length - 1] = { ...run, text: run.text + text };
  else tokens.push({ kind, text, joint: last === "separator" ? "separate" : "glued" });
}

type Sort = Token["kind"] | "separator" | "ignorable";

function sortOf(character: string): Sort | undefined {
  if (character >= "0" && character <= "9") return "digits";
  if (character >= "a" && character <= "z") return "letters";
  if (separators.has(character) || separator.test(character)) return "separator";
  if (ignorable.test(character)) return "ignorable";
  if (decimalDigit.test(character)) return "digits";
  return letter.test(character) ? "letters" : undefined;
}

/**
 * Value of a decimal digit of any script. Unicode keeps the ten digits of a script in ascending order, and where two sets
 * stand side by side (Myanmar Extended-C) the second begins where the first ends, so the count of digits before it tells.
 */
function digitOf(character: string): string {
  if (character <= "9") return character;
  const codePoint = character.codePointAt(0) ?? 0;
  let before = 0;
  while (decimalDigit.test(String.fromCodePoint(codePoint - before - 1))) before += 1;
  return String(before % 10);
}
