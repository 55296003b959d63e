import { tokenize } from "../../engine/code/tokens.ts";
import { type Wish, wishes } from "../model.ts";
import { german } from "./de.ts";
import { english } from "./en.ts";
import { spanish } from "./es.ts";
import { french } from "./fr.ts";
import { italian } from "./it.ts";
import { dutch } from "./nl.ts";
import { portuguese } from "./pt.ts";
import { type HeardWords, type SpokenMethod, spokenMethods } from "./words.ts";

/** One way to say a wish. */
export interface Saying {
  readonly wish: Wish;
  readonly words: readonly string[];
  /** It must be the whole answer. */
  readonly whole: boolean;
}

/** The words of a language, ready to be looked for. */
export interface HeardLanguage {
  readonly fillers: ReadonlySet<string>;
  readonly negations: ReadonlySet<string>;
  readonly sayings: readonly Saying[];
  readonly methods: ReadonlyMap<SpokenMethod, readonly (readonly string[])[]>;
  /** Word → place in the menu, from 0; -1 is the last one. */
  readonly places: ReadonlyMap<string, number>;
  readonly choosing: ReadonlySet<string>;
}

const tables = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  it: italian,
  nl: dutch,
  pt: portuguese,
} as const;

type Language = keyof typeof tables;

const built = new Map<Language, readonly HeardLanguage[]>();

/** The language of a BCP 47 tag, then English, whose words recognisers mix in; built on first use. */
export function heardLanguages(locale: string): readonly HeardLanguage[] {
  const primary = locale.split(/[-_]/, 1)[0]?.toLowerCase() ?? "";
  const language = Object.hasOwn(tables, primary) ? (primary as Language) : "en";
  const known = built.get(language) ?? pair(language);
  built.set(language, known);
  return known;
}

function pair(language: Language): readonly HeardLanguage[] {
  const own = build(tables[language]);
  if (language === "en") return [own];
  const foreign = build(english);
  // "Kein agent" is a no, whatever the language of its other half.
  return [own, { ...foreign, negations: new Set([...foreign.negations, ...own.negations]) }];
}

function build(table: HeardWords): HeardLanguage {
  const fillers = new Set(wordsOf(table.fillers));
  const reduced = (text: string) => withoutFillers(wordsOf(text), fillers);
  const sayings = wishes.flatMap((wish) =>
    table.wishes[wish].map((text) => ({ wish, words: reduced(text), whole: text.endsWith(".") })),
  );
  return {
    fillers,
    negations: new Set(wordsOf(table.negations)),
    sayings,
    methods: new Map(spokenMethods.map((method) => [method, table.methods[method].map(reduced)])),
    places: placesOf(table),
    choosing: new Set([...fillers, ...wordsOf(table.choosing)]),
  };
}

/** "Too fast" must not become "fast": at least two words stay, or all of them. */
function withoutFillers(words: readonly string[], fillers: ReadonlySet<string>): readonly string[] {
  const kept = words.filter((word) => !fillers.has(word));
  return kept.length < 2 ? words : kept;
}

function placesOf({ ordinals, last }: HeardWords): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  ordinals.forEach((forms, place) => {
    for (const form of forms.split("|")) for (const word of wordsOf(form)) places.set(word, place);
  });
  for (const form of last) for (const word of wordsOf(form)) places.set(word, -1);
  return places;
}

function wordsOf(text: string): readonly string[] {
  return (tokenize(text) ?? []).map((token) => token.text);
}
