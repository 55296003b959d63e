import { type Reading, readingsOf } from "./readings.ts";
import { formatRecoveryCode, parseRecoveryCode } from "./recovery-text.ts";
import { tokenize } from "./tokens.ts";
import { lexiconOf } from "./words/lexicon.ts";

export interface NormalizeOptions {
  /** BCP 47 tag; number words of this language and of English are understood. */
  readonly locale?: string | undefined;
  /** Lengths that a code may have here. Not used for `recovery`, whose form is fixed. */
  readonly lengths: readonly number[];
  readonly kind: "digits" | "recovery";
}

/** `candidates`: one canonical form, or two where the answer can be meant in two ways; together they are one attempt. */
export type NormalizedCode =
  | { readonly ok: true; readonly candidates: readonly string[] }
  | { readonly ok: false; readonly reason: NotACode };

/** Why an answer is no attempt. `wrong_length`: digits, but of no length that a code has here. */
export type NotACode = "empty" | "too_long" | "not_a_code" | "wrong_length";

/** Characters of an answer; a code with every word around it is far shorter. */
const longestAnswer = 256;

/** Design rule 3. */
const mostCandidates = 2;

/** Zeros that a recogniser or a JSON number may have taken from the front. */
const mostLostZeros = 2;

/**
 * One canonical form of what a person typed or said: digits of any script, grouped by any separator, or the number words
 * of a language. Everything behind this door counts, compares and limits by that form. Never throws.
 */
export function normalizeCode(input: string, options: NormalizeOptions): NormalizedCode {
  if (options.kind === "digits" && options.lengths.includes(input.length) && isPlainDigits(input)) {
    return { ok: true, candidates: [input] };
  }
  if (input.length > longestAnswer) return { ok: false, reason: "too_long" };
  return options.kind === "recovery" ? normalizeRecovery(input, options) : normalizeDigits(input, options);
}

function isPlainDigits(input: string): boolean {
  for (let index = 0; index < input.length; index += 1) {
    const unit = input.charCodeAt(index);
    if (unit < 48 || unit > 57) return false;
  }
  return input.length > 0;
}

function normalizeDigits(input: string, { locale, lengths }: NormalizeOptions): NormalizedCode {
  const tokens = tokenize(input);
  if (tokens === undefined) return { ok: false, reason: "not_a_code" };
  if (tokens.length === 0) return { ok: false, reason: "empty" };
  const readings = readingsOf(tokens, lexiconOf(locale), Math.max(0, ...lengths));
  if (readings === undefined) return { ok: false, reason: "not_a_code" };
  const exact = readings.filter(({ digits }) => lengths.includes(digits.length));
  const fitting = exact.length > 0 ? exact.map(({ digits }) => digits) : withLostZeros(readings, lengths);
  const candidates = [...new Set(fitting)].slice(0, mostCandidates);
  return candidates.length === 0 ? { ok: false, reason: "wrong_length" } : { ok: true, candidates };
}

/** Only where no reading has a right length: "412" may be the four-digit code 0412. */
function withLostZeros(readings: readonly Reading[], lengths: readonly number[]): readonly string[] {
  return readings.flatMap(({ digits }) => {
    const missing = lengths
      .map((length) => length - digits.length)
      .filter((count) => count > 0 && count <= mostLostZeros);
    return missing.length === 0 ? [] : ["0".repeat(Math.min(...missing)) + digits];
  });
}

function normalizeRecovery(input: string, { locale }: NormalizeOptions): NormalizedCode {
  const parsed = parseRecoveryCode(input, locale);
  if (parsed !== undefined) return { ok: true, candidates: [formatRecoveryCode(parsed)] };
  return { ok: false, reason: input.trim() === "" ? "empty" : "not_a_code" };
}
