import { childrenNamed, type Element, elementsOf, textOf } from "../markup.ts";
import { Refused } from "../model.ts";

/** What pressed keys are to the grammars that listen. */
export interface Matching {
  /** These keys are an input. */
  readonly isWhole: boolean;
  /** More keys could make them one, or another one. */
  readonly mayGoOn: boolean;
}

/** Matches keys against the grammars of a field for the keypad (SRGS 1.0 in its XML form, written inline). */
export function matchKeys(grammars: readonly Element[], keys: string): Matching {
  const all = grammars.map((grammar) => matchOne(grammar, keys));
  return { isWhole: all.some(({ isWhole }) => isWhole), mayGoOn: all.some(({ mayGoOn }) => mayGoOn) };
}

/** Grammars that listen to keys. */
export function keypadGrammars(field: Element): readonly Element[] {
  return childrenNamed(field, "grammar").filter(({ attributes }) => attributes["mode"] === "dtmf");
}

interface Walk {
  readonly keys: string;
  readonly rules: ReadonlyMap<string, Element>;
  /** Set when a further key could have been taken. */
  wantsMore: boolean;
}

function matchOne(grammar: Element, keys: string): Matching {
  const rules = new Map(childrenNamed(grammar, "rule").map((rule) => [rule.attributes["id"] ?? "", rule]));
  const root = rules.get(grammar.attributes["root"] ?? "");
  if (root === undefined) throw new Refused("error.badfetch: a grammar has no root rule.");
  const walk: Walk = { keys, rules, wantsMore: false };
  const ends = sequence(root, [0], walk);
  return { isWhole: ends.includes(keys.length), mayGoOn: walk.wantsMore };
}

/** Where the content of an element can end when it begins at these places. */
function sequence(element: Element, starts: readonly number[], walk: Walk): readonly number[] {
  let places = starts;
  for (const child of element.children) {
    places = typeof child === "string" ? tokens(child, places, walk) : expansion(child, places, walk);
  }
  return places;
}

function expansion(element: Element, starts: readonly number[], walk: Walk): readonly number[] {
  switch (element.name) {
    case "item":
      return repeated(element, starts, walk);
    case "one-of":
      return [...new Set(elementsOf(element).flatMap((choice) => expansion(choice, starts, walk)))];
    case "ruleref": {
      const rule = walk.rules.get((element.attributes["uri"] ?? "").replace(/^#/, ""));
      if (rule === undefined)
        throw new Refused("error.badfetch: a grammar names a rule that it does not have.");
      return sequence(rule, starts, walk);
    }
    case "tag":
      return starts;
    default:
      throw new Refused(`error.unsupported.format: <${element.name}> in a grammar.`);
  }
}

function repeated(item: Element, starts: readonly number[], walk: Walk): readonly number[] {
  const { least, most } = repeatOf(item);
  const found = new Set(least === 0 ? starts : []);
  let places = starts;
  for (let time = 1; time <= most && places.length > 0; time += 1) {
    places = sequence(item, places, walk);
    if (time >= least) for (const place of places) found.add(place);
  }
  return [...found];
}

/** Longer than any input. */
const unbounded = 100;

function repeatOf({ attributes }: Element) {
  const [, first = "1", dash, last = ""] = /^(\d+)(-)?(\d*)$/.exec(attributes["repeat"] ?? "1") ?? [];
  const least = Number(first);
  if (dash === undefined) return { least, most: least };
  return { least, most: last === "" ? unbounded : Number(last) };
}

function tokens(text: string, starts: readonly number[], walk: Walk): readonly number[] {
  let places = starts;
  for (const key of text
    .trim()
    .split(/\s+/)
    .filter((one) => one !== "")) {
    if (places.includes(walk.keys.length)) walk.wantsMore = true;
    places = places.filter((place) => walk.keys[place] === key).map((place) => place + 1);
  }
  return places;
}

/** What was said, as a field with options or digits takes it; undefined when nothing matches. */
export function matchWords(field: Element, words: string): string | undefined {
  const said = words.trim().toLowerCase();
  const option = childrenNamed(field, "option").find((one) => isNamed(one, said));
  if (option !== undefined) return option.attributes["value"] ?? textOf(option).trim();
  const digits = digitsIn(said);
  const takesDigits = childrenNamed(field, "grammar").some(({ attributes }) =>
    (attributes["src"] ?? "").startsWith("builtin:grammar/digits"),
  );
  return takesDigits ? digits : undefined;
}

/** By all of its words, or with `accept="approximate"` by some that follow one another (VoiceXML 2.0 §2.2.5). */
function isNamed(option: Element, said: string): boolean {
  const text = textOf(option).trim().toLowerCase();
  if (option.attributes["accept"] !== "approximate") return text === said;
  return said !== "" && ` ${text.replace(/\s+/g, " ")} `.includes(` ${said} `);
}

const digitWords = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

function digitsIn(said: string): string | undefined {
  const digits = said.split(/[\s,-]+/).map((word) => (/^\d+$/.test(word) ? word : digitOf(word)));
  return digits.includes(undefined) ? undefined : digits.join("");
}

function digitOf(word: string): string | undefined {
  const digit = word === "oh" ? 0 : digitWords.indexOf(word);
  return digit < 0 ? undefined : `${digit}`;
}
