import type { Token } from "./tokens.ts";
import type { Lexicon, Meaning } from "./words/lexicon.ts";

/** What is left of an answer when its fillers are gone. */
export type Lexeme =
  | Exclude<Meaning, { kind: "filler" }>
  | { readonly kind: "digits"; readonly text: string };

/**
 * What the tokens mean. Words that say nothing are passed over; an unknown word makes the whole answer undefined, and so do
 * "1e5" and "0x10", which are numbers of a programmer.
 */
export function lexemesOf(tokens: readonly Token[], lexicon: Lexicon): readonly Lexeme[] | undefined {
  const lexemes: Lexeme[] = [];
  for (const token of withoutPhrases(tokens, lexicon.phrases)) {
    const meanings = token.joint === "glued" ? undefined : meaningsOf(token, lexicon);
    if (meanings === undefined) return undefined;
    for (const meaning of meanings) if (meaning.kind !== "filler") lexemes.push(meaning);
  }
  return lexemes;
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

/** What a token means; two meanings for "doppelnull". */
function meaningsOf({ kind, text }: Token, lexicon: Lexicon): readonly (Meaning | Lexeme)[] | undefined {
  if (kind === "digits") return [{ kind: "digits", text }];
  const whole = lexicon.meanings.get(text);
  if (whole !== undefined) return [whole];
  return repeatedIn(text, lexicon) ?? thousandsIn(text, lexicon);
}

function repeatedIn(word: string, { meanings, repeats }: Lexicon): readonly Meaning[] | undefined {
  for (const start of repeats) {
    const repeat = word.startsWith(start) ? meanings.get(start) : undefined;
    const digit = repeat && meanings.get(word.slice(start.length));
    if (repeat !== undefined && digit?.kind === "number") return [repeat, digit];
  }
  return undefined;
}

/** "Viertausendsieben", "milleduecento": the thousands of a language that writes them in one word. */
function thousandsIn(word: string, { meanings, thousands }: Lexicon): readonly Meaning[] | undefined {
  for (const thousand of thousands) {
    const at = word.indexOf(thousand);
    if (at < 0) continue;
    const times = at === 0 ? 1 : smallNumber(word.slice(0, at), meanings);
    const rest = word.slice(at + thousand.length);
    const more = rest === "" ? 0 : smallNumber(rest, meanings);
    if (times !== undefined && times > 0 && more !== undefined) {
      return [{ kind: "number", value: times * 1000 + more, sure: true }];
    }
  }
  return undefined;
}

function smallNumber(word: string, meanings: Lexicon["meanings"]): number | undefined {
  const meaning = meanings.get(word);
  return meaning?.kind === "number" && meaning.value < 1000 ? meaning.value : undefined;
}
