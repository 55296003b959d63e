import { type Token, tokenize } from "./tokens.ts";
import { type Lexicon, lexiconOf } from "./words/lexicon.ts";

/** A recovery code taken apart. */
export interface RecoveryText {
  /** The printed number before the code, 1 to 10: which row to compare with. Not secret. */
  readonly selector: number;
  /** Sixteen characters of Crockford's alphabet: 80 bits. */
  readonly secret: string;
}

/** Crockford's Base32: no I, L, O, U. */
export const recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export const recoverySecretLength = 16;

/** Codes of a set; a selector is never greater. */
export const recoverySetSize = 10;

const longestAnswer = 256;

/** As it is printed: `n-XXXX-XXXX-XXXX-XXXX`. */
export function formatRecoveryCode({ selector, secret }: RecoveryText): string {
  const groups = [0, 4, 8, 12].map((start) => secret.slice(start, start + 4));
  return [selector, ...groups].join("-");
}

/**
 * Reads a typed or spelled recovery code: any case, separators and script, O as 0, I and L as 1, and spoken digits in the
 * language of `locale` or English. Undefined when it is none.
 */
export function parseRecoveryCode(answer: string, locale?: string): RecoveryText | undefined {
  if (answer.length > longestAnswer) return undefined;
  const tokens = tokenize(answer);
  if (tokens === undefined) return undefined;
  // Typed first: a printed group such as "ZEHN" is letters, not the number ten.
  return (
    takeApart(tokens.map((token) => token.text).join("")) ?? takeApart(spelled(tokens, lexiconOf(locale)))
  );
}

function takeApart(letters: string): RecoveryText | undefined {
  const text = letters.toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  const selectorLength = text.length - recoverySecretLength;
  if (selectorLength !== 1 && selectorLength !== 2) return undefined;
  const written = text.slice(0, selectorLength);
  const secret = text.slice(selectorLength);
  const selector = Number(written);
  const known = Number.isInteger(selector) && selector >= 1 && selector <= recoverySetSize;
  if (!known || String(selector) !== written) return undefined;
  for (const character of secret) if (!recoveryAlphabet.includes(character)) return undefined;
  return { selector, secret };
}

/** "My code is three, A B double seven K …" as characters; a single letter is itself, even where it is also a word. */
function spelled(tokens: readonly Token[], { meanings }: Lexicon): string {
  let text = "";
  let count = 1;
  for (const token of tokens) {
    const meaning = token.text.length === 1 ? undefined : meanings.get(token.text);
    if (meaning?.kind === "repeat") count = meaning.count;
    else if (meaning === undefined || meaning.kind === "number") {
      const characters = meaning === undefined ? token.text : String(meaning.value);
      text += characters.charAt(0).repeat(count) + characters.slice(1);
      count = 1;
    }
  }
  return text;
}
