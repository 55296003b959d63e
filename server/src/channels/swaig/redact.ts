import { normalizeCode } from "../../engine/code/normalize.ts";
import { foldWord } from "../../engine/code/tokens.ts";
import { phraseLanguages } from "./languages.ts";

const mark = "[…]";

/** Digits in a row, whatever stands between them, that are no date or price: three or more. */
const digitRuns = /\p{Nd}(?:[\s.,:;/()+_–—-]{0,3}\p{Nd}){2,}/gu;
const addresses = /[^\s@<>"']+@[^\s@<>"']+/gu;

/** A text without anything that could be a code, a telephone number or an address: digits, number words of our languages. */
export function redacted(text: string): string {
  return withoutNumberWords(text.normalize("NFKC").replace(addresses, mark).replace(digitRuns, mark));
}

/** Number words in a row that make three digits or more, and single ones that do so by themselves, leave together. */
function withoutNumberWords(text: string): string {
  const pieces = text.split(/([\p{L}\p{Nd}\p{M}'’]+)/u);
  const kept: string[] = [];
  let run: string[] = [];
  let words = 0;
  const close = () => {
    kept.push(...(words >= leastWords ? [mark, trailing(run)] : run));
    run = [];
    words = 0;
  };
  pieces.forEach((piece, index) => {
    const isWord = index % 2 === 1;
    if (isWord && isNumberWord(piece)) {
      run.push(piece);
      words += 1;
    } else if (!isWord && words > 0 && !/[.!?\n]/.test(piece)) run.push(piece);
    else {
      close();
      kept.push(piece);
    }
  });
  close();
  return kept.join("");
}

/** Fewer than a code has, since one word may stand for several digits. */
const leastWords = 3;

/** What stood between the last number word and the next other word. */
function trailing(run: readonly string[]): string {
  const last = run.at(-1) ?? "";
  return /^[^\p{L}\p{Nd}]+$/u.test(last) ? last : "";
}

const known = new Map<string, boolean>();
const mostKnown = 5_000;

function isNumberWord(word: string): boolean {
  const folded = foldWord(word);
  const before = known.get(folded);
  if (before !== undefined) return before;
  const found =
    /^\p{Nd}+$/u.test(folded) ||
    multipliers.has(folded) ||
    phraseLanguages.some((locale) => isNumberIn(folded, locale));
  if (known.size < mostKnown) known.set(folded, found);
  return found;
}

const multipliers = new Set(["double", "triple", "doppel", "doppelt"]);
const anyLength = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

function isNumberIn(word: string, locale: string): boolean {
  return normalizeCode(word, { kind: "digits", locale, lengths: anyLength }).ok;
}
