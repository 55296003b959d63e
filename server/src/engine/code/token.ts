import type { Random } from "../tools.ts";
import { normalizeCode } from "./normalize.ts";

/**
 * Characters of a code that may hold letters. Without 0, 1, I, L and O, which are taken for each other, and without vowels, so
 * that no code is a word and none can be read as a number in words.
 */
export const tokenAlphabet = "23456789BCDFGHJKMNPQRSTVWXYZ";

const lengths: readonly number[] = Array.from({ length: 17 }, (_, index) => index + 4);

const separator = /[\s\p{Z}\p{Pd}._]/gu;
const token = new RegExp(`^[${tokenAlphabet}]{4,20}$`);

/** Upper case, uniform over all codes of that length. */
export function generateToken(length: number, random: Random): string {
  let code = "";
  while (code.length < length) code += tokenAlphabet.charAt(random.integer(tokenAlphabet.length));
  return code;
}

/**
 * The canonical forms of an answer where a code has 4 to 20 characters and may hold letters: digits of any script, number
 * words, or letters in any case. Empty for what can be no code: to compare that is still one attempt.
 */
export function tokenCandidates(answer: string): readonly string[] {
  const letters = answer.normalize("NFKC").replace(separator, "").toUpperCase();
  // "hm" alone is something that people say, and it can be the beginning of a code.
  const spelled = token.test(letters) && /[A-Z]/.test(letters) ? [letters] : [];
  const digits = normalizeCode(answer, { kind: "digits", lengths });
  return [...spelled, ...(digits.ok ? digits.candidates : [])].slice(0, 2);
}
