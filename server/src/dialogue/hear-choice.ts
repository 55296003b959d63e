import { normalizeCode } from "../engine/code/normalize.ts";
import { numberSense, type Span, spanOf, wordsOf } from "./hear/find.ts";
import { type HeardLanguage, heardLanguages } from "./hear/languages.ts";
import { type SpokenMethod, spokenMethods } from "./hear/words.ts";
import type { Option } from "./model.ts";

/**
 * The option that an answer chooses: its key as a digit or a number word, its place ("the second one"), the kind of method
 * ("text message"), a word of its label, or the last digits of its number. Undefined when several fit, when one part of the
 * answer contradicts another, and when it says "not".
 */
export function hearChoice(text: string, options: readonly Option[], locale: string): Option | undefined {
  const pressed = text.trim().replace(/#$/, "");
  const exact = options.find(({ key }) => key === pressed);
  if (exact !== undefined) return exact;
  const words = wordsOf(text);
  if (words === undefined) return undefined;
  for (const language of heardLanguages(locale)) {
    const option = choiceIn({ words, options, language, locale });
    if (option !== undefined) return option;
  }
  return undefined;
}

interface Answer {
  readonly words: readonly string[];
  readonly options: readonly Option[];
  readonly language: HeardLanguage;
  readonly locale: string;
}

/** The options that one part of an answer fits; undefined when it says nothing. */
type Fitting = readonly Option[] | undefined;

function choiceIn(answer: Answer): Option | undefined {
  const { words, language, locale } = answer;
  if (words.some((word) => language.negations.has(word))) return undefined;
  const named = [byPlace(answer), byMethod(answer), byLabel(answer)];
  const numbers = words.filter((word) => numberSense(word, locale) === "sure");
  if (named.every((fitting) => fitting === undefined) && numbers.length === 0)
    return byDoubtfulNumber(answer);
  const found = onlyOf([...named, byNumber(numbers, answer)]);
  // "The second one", "the one by e-mail", "the one ending in 78".
  return (
    found ?? (isOne(numbers[0], locale) ? onlyOf([...named, byNumber(numbers.slice(1), answer)]) : undefined)
  );
}

function onlyOf(parts: readonly Fitting[]): Option | undefined {
  const [first, ...rest] = parts.filter((fitting) => fitting !== undefined);
  const common = first?.filter((option) => rest.every((fitting) => fitting.includes(option))) ?? [];
  return common.length === 1 ? common[0] : undefined;
}

function byPlace({ words, options, language }: Answer): Fitting {
  const places = words.map((word) => language.places.get(word)).filter((place) => place !== undefined);
  if (places.length === 0) return undefined;
  return options.filter((option) => places.every((place) => options.at(place) === option));
}

function byMethod({ words, options, language }: Answer): Fitting {
  const wanted = methodsIn(words, language);
  return wanted.length === 0
    ? undefined
    : options.filter((option) => methodsOf(option, language).some((method) => wanted.includes(method)));
}

/** The methods that the words name; "message" in "text message" is no name of its own. */
function methodsIn(words: readonly string[], { methods, fillers }: HeardLanguage): readonly SpokenMethod[] {
  const found = spokenMethods.flatMap((method) =>
    (methods.get(method) ?? []).flatMap((name) => {
      const span = spanOf(name, words, fillers);
      return span === undefined ? [] : [{ method, ...span }];
    }),
  );
  const outermost = found.filter(
    (one) => !found.some((other) => isInside(one, other) && !isInside(other, one)),
  );
  return [...new Set(outermost.map(({ method }) => method))];
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** Values that a dialogue gives its options. */
const methodsByValue: Readonly<Record<string, SpokenMethod>> = {
  sms: "sms",
  voice: "voice",
  email: "email",
  totp: "app",
  external: "app",
  authenticator: "app",
  passkey: "passkey",
  recovery_code: "recovery",
};

function methodsOf({ value, label }: Option, language: HeardLanguage): readonly SpokenMethod[] {
  const kind = value.toLowerCase();
  const known = Object.hasOwn(methodsByValue, kind) ? methodsByValue[kind] : undefined;
  return known === undefined ? methodsIn(wordsOf(label) ?? [], language) : [known];
}

/** Shorter words of a label say too little. */
const shortestName = 3;

/** By a word that only this label has, and that names no kind of method. */
function byLabel({ words, options, language }: Answer): Fitting {
  const kinds = new Set([...language.methods.values()].flat(2));
  const labels = options.map(({ label }) => new Set(wordsOf(label) ?? []));
  const telling = words.filter((word) => {
    const empty =
      word.length < shortestName || language.choosing.has(word) || kinds.has(word) || /^[0-9]/.test(word);
    return !empty && labels.filter((label) => label.has(word)).length === 1;
  });
  if (telling.length === 0) return undefined;
  return options.filter((_, index) => telling.every((word) => labels[index]?.has(word)));
}

/** By its key, or by the last digits of its label. */
function byNumber(numbers: readonly string[], { options, locale }: Answer): Fitting {
  if (numbers.length === 0) return undefined;
  const read = (length: number) => {
    const heard = normalizeCode(numbers.join(" "), { locale, kind: "digits", lengths: [length] });
    return heard.ok ? heard.candidates : [];
  };
  const single = read(1);
  if (single.length > 0) return options.filter(({ key }) => single.includes(key));
  const endings = read(2);
  return options.filter(({ label }) =>
    endings.some((ending) => new RegExp(`(?:^|[^0-9])${ending}$`).test(label)),
  );
}

/** "To", "for", "un": a number when nothing else is said. */
function byDoubtfulNumber(answer: Answer): Option | undefined {
  const { words, language, locale } = answer;
  const doubtful = words.filter((word) => numberSense(word, locale) === "maybe");
  const others = words.filter((word) => !doubtful.includes(word) && !language.choosing.has(word));
  return others.length > 0 ? undefined : onlyOf([byNumber(doubtful, answer)]);
}

function isOne(word: string | undefined, locale: string): boolean {
  if (word === undefined || /^[0-9]/.test(word)) return false;
  const heard = normalizeCode(word, { locale, kind: "digits", lengths: [1] });
  return heard.ok && heard.candidates[0] === "1";
}
