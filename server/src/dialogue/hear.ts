import { numberSense, type Span, spanOf, wordsOf } from "./hear/find.ts";
import { type HeardLanguage, heardLanguages, type Saying } from "./hear/languages.ts";
import type { Wish } from "./model.ts";

/**
 * Keys that are wishes wherever they are pressed; channels collect them like any other keys. A code has no star, and `0`
 * alone is no wish, because a code or a menu may begin with it.
 */
export const keyWishes: Readonly<Record<string, Wish>> = {
  "*": "other_method",
  "*1": "repeat",
  "*2": "resend",
  "*3": "slower",
  "*4": "help",
  "*9": "cancel",
  "*0": "agent",
};

/** Words around a saying that we do not know. */
const mostUnknown = 3;

/**
 * What a person wants instead of answering: said or typed in the language of `locale` or in English, or pressed
 * (`keyWishes`, a `#` at the end being the end of the input). Undefined for anything that could be a code, that two wishes
 * fit equally well, or that says "not".
 */
export function hearWish(text: string, locale: string): Wish | undefined {
  const pressed = text.trim().replace(/#$/, "");
  if (Object.hasOwn(keyWishes, pressed)) return keyWishes[pressed];
  const words = wordsOf(text);
  if (words === undefined) return undefined;
  for (const language of heardLanguages(locale)) {
    const wish = wishIn(words, language, locale);
    if (wish !== undefined) return wish;
  }
  return undefined;
}

function wishIn(words: readonly string[], language: HeardLanguage, locale: string): Wish | undefined {
  const found = longestSaying(words, language);
  if (found === undefined) return undefined;
  const { start, end, saying } = found;
  const rest = [words.slice(0, start), words.slice(end)];
  if (rest.some((part) => longestSaying(part, language, saying.wish) !== undefined)) return undefined;
  const around = rest.flat().filter((word) => !language.fillers.has(word));
  const opposite = around.some((word) => language.negations.has(word));
  const number = around.some((word) => numberSense(word, locale) === "sure");
  return opposite || number || around.length > mostUnknown ? undefined : saying.wish;
}

interface Found extends Span {
  readonly saying: Saying;
}

/** The saying, of any wish but `besides`, that covers most words; undefined when two wishes cover as many. */
function longestSaying(
  words: readonly string[],
  { sayings, fillers }: HeardLanguage,
  besides?: Wish,
): Found | undefined {
  const known = words.filter((word) => !fillers.has(word)).length;
  let found: readonly Found[] = [];
  for (const saying of sayings) {
    if (saying.wish === besides || (saying.whole && saying.words.length < known)) continue;
    const span = spanOf(saying.words, words, fillers);
    if (span === undefined || lengthOf(span) < lengthOf(found[0])) continue;
    const rivals = lengthOf(span) === lengthOf(found[0]) ? found : [];
    found = [...rivals, { saying, ...span }];
  }
  return found.every(({ saying }) => saying.wish === found[0]?.saying.wish) ? found[0] : undefined;
}

function lengthOf(span: Span | undefined): number {
  return span === undefined ? 0 : span.end - span.start;
}
