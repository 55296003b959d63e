import { match } from "@formatjs/intl-localematcher";
import Negotiator from "negotiator";

const longestHeader = 1000;
const mostTags = 10;
/** No catalog has this name, so it says "nothing fits". */
const nothing = "und";

/**
 * The languages of an `Accept-Language` header, best first; `*`, refused (q=0) and malformed ones are left out. Never
 * throws.
 */
export function acceptedLocales(header: string | undefined): readonly string[] {
  const negotiator = new Negotiator({
    headers: { "accept-language": (header ?? "").slice(0, longestHeader) },
  });
  return negotiator
    .languages()
    .slice(0, mostTags)
    .map(canonicalLocale)
    .filter((tag) => tag !== undefined);
}

/** A tag in its BCP 47 spelling (`pt_br` → `pt-BR`, `iw` → `he`); undefined for `*` and malformed ones. */
export function canonicalLocale(tag: string | undefined): string | undefined {
  try {
    return tag === undefined ? undefined : Intl.getCanonicalLocales(tag.trim().replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}

/**
 * The one of `available` that serves the first requested language that can be served at all; `fallback` when none can.
 * Order counts more than closeness: an explicit `pt-PT` is answered in `pt-BR` before the organization's `en`. The answer
 * is spelled as in `available`. Malformed tags are ignored on both sides.
 */
export function chooseLocale(
  requested: readonly (string | undefined)[],
  available: readonly string[],
  fallback: string,
): string {
  for (const tag of requested.slice(0, mostTags)) {
    const found = closeLocale(tag, available) ?? relatedLocale(tag, available);
    if (found !== undefined) return found;
  }
  return fallback;
}

type Finder = (tag: string | undefined, available: readonly string[]) => string | undefined;

const mostRemembered = 2000;

type Answers = Map<string | undefined, string | undefined>;

/** An organization writes in few languages: the same question comes with every message, and answering it is slow. */
function remembering(find: Finder): Finder {
  const byTags = new Map<string, Answers>();
  // Most lists are constants, and putting one into words takes longer than finding the answer.
  let byList = new WeakMap<readonly string[], Answers>();
  let remembered = 0;
  const answersFor = (available: readonly string[]): Answers => {
    const tags = available.join(" ");
    const answers = byTags.get(tags) ?? new Map();
    byTags.set(tags, answers);
    byList.set(available, answers);
    return answers;
  };
  return (tag, available) => {
    const answers = byList.get(available) ?? answersFor(available);
    const known = answers.get(tag);
    if (known !== undefined || answers.has(tag)) return known;
    remembered += 1;
    if (remembered > mostRemembered) {
      remembered = 1;
      byTags.clear();
      byList = new WeakMap();
    }
    const answer = find(tag, available);
    answersFor(available).set(tag, answer);
    return answer;
  };
}

/** The same language: the tag itself, or the tag without region or variant (`de-AT` → `de`) in the same script. */
export const closeLocale: Finder = remembering(findClose);

/** The closest by CLDR's language distances (`zh-TW` → `zh-Hant`, `pt-PT` → `pt-BR`, `ca` → `es`), or undefined. */
export const relatedLocale: Finder = remembering(findRelated);

function findClose(tag: string | undefined, available: readonly string[]): string | undefined {
  const wanted = canonicalLocale(tag);
  if (wanted === undefined) return undefined;
  const spelled = spellings(available);
  const subtags = new Intl.Locale(wanted).baseName.split("-");
  for (let length = subtags.length; length > 0; length -= 1) {
    const shorter = subtags.slice(0, length).join("-");
    const found = spelled.get(shorter);
    // zh-TW is Traditional and zh is Simplified: the shorter tag would be the wrong one.
    if (found !== undefined && script(shorter) === script(wanted)) return found;
  }
  return undefined;
}

function findRelated(tag: string | undefined, available: readonly string[]): string | undefined {
  const wanted = canonicalLocale(tag);
  const spelled = spellings(available);
  if (wanted === undefined || spelled.size === 0) return undefined;
  const found = match([new Intl.Locale(wanted).baseName], [...spelled.keys()], nothing, {
    algorithm: "best fit",
  });
  return found === nothing ? undefined : spelled.get(found);
}

function script(tag: string): string | undefined {
  return new Intl.Locale(tag).maximize().script;
}

/** Canonical spelling → the spelling it was given in. */
function spellings(available: readonly string[]): ReadonlyMap<string, string> {
  const spelled = new Map<string, string>();
  for (const tag of available) {
    const canonical = canonicalLocale(tag);
    if (canonical !== undefined && !spelled.has(canonical)) spelled.set(canonical, tag);
  }
  return spelled;
}
