import { createContext, use } from "react";
import { de } from "./de.ts";
import { en } from "./en.ts";

/** All sentences in one language. */
export type Words = typeof en;

const catalogs: readonly Words[] = [en, de];

/**
 * The catalog of the first language that there is one for; English when there is none. Its `language` is the tag as it was
 * asked for, so that times are written as in the reader's own country.
 */
export function wordsFor(languages: readonly string[]): Words {
  for (const language of languages) {
    const base = language.toLowerCase().split(/[-_@]/)[0];
    const found = catalogs.find((words) => words.language === base);
    if (found !== undefined) return { ...found, language: isTag(language) ? language : found.language };
  }
  return en;
}

/** Some systems hand out names such as `en-US@posix`, which every `Intl` constructor refuses. */
function isTag(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}

/** The words of this page; its provider stands in `main.tsx`. */
export const WordsContext = createContext<Words>(en);

export function useWords(): Words {
  return use(WordsContext);
}
