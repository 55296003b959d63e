import { labelNamed, type PageEntry } from "./page-labels.ts";

export interface PageText {
  readonly entries: readonly PageEntry[];
  /** The text without them: server settings, and what nobody knows. Empty: there is nothing else. */
  readonly rest: string;
  /** Names that look like labels and are none. */
  readonly unknown: readonly string[];
}

/** Headings of the page. */
const headings = [
  "setting description",
  "two factor authentication settings",
  "contact methods and behavior",
  "contact methods and behaviour",
  "code generation options",
  "external code generation options",
  "internal code generation options",
  "web service details",
];

function isHeading(line: string): boolean {
  const words = line.trim().replace(/:$/, "").replace(/\s+/g, " ").toLowerCase();
  return headings.includes(words);
}

/**
 * Takes the entries of the MicroApp's page out of a text: lines `label = value`, `label: value` or `label<tab>value` as copied
 * from the page, or JSON with the labels as names, in groups or not, and `{"test": …, "production": …}` for URLs.
 */
export function takePage(text: string): PageText {
  return text.trimStart().startsWith("{") ? takeFromJson(text) : takeFromLines(text);
}

function takeFromLines(text: string): PageText {
  const entries: PageEntry[] = [];
  const others = text.split(/\r?\n/).map((line) => {
    const entry = entryIn(line);
    if (entry === undefined) return isHeading(line) ? "" : line;
    entries.push(entry);
    // The other lines keep their numbers.
    return "";
  });
  return {
    entries,
    rest: others.some((line) => /^\s*[^\s#!]/.test(line)) ? others.join("\n") : "",
    unknown: [],
  };
}

/** Labels hold no sign that ends them, but values do: URLs have colons. */
function entryIn(line: string): PageEntry | undefined {
  for (const { index } of line.matchAll(/[=:\t]/g)) {
    const named = labelNamed(line.slice(0, index).replace(/[=:\t]+$/, ""));
    if (named !== undefined) return { ...named, value: unquoted(line.slice(index + 1)) };
  }
  return undefined;
}

function unquoted(value: string): string {
  const plain = value.replace(/^[\s=:]+/, "").trim();
  return /^"(.*)"$/.exec(plain)?.[1] ?? plain;
}

function takeFromJson(text: string): PageText {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return { entries: [], rest: text, unknown: [] };
  }
  const entries: PageEntry[] = [];
  const others: Record<string, unknown> = {};
  for (const { path, value } of leaves([], document)) {
    const named = labelAt(path);
    if (named === undefined) others[path.join(".")] = value;
    else entries.push({ ...named, value: value === null ? "" : `${value as string | number | boolean}` });
  }
  const names = Object.keys(others);
  return {
    entries,
    rest: names.length > 0 ? JSON.stringify(others) : "",
    unknown: names.filter((name) => name.includes(" ")),
  };
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

function leaves(path: readonly string[], value: unknown): readonly Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  return Object.entries(value).flatMap(([name, inner]) => leaves([...path, name], inner));
}

/** The label is one of the names; what stands before it is a heading, and what stands behind it the kind of call. */
function labelAt(path: readonly string[]) {
  for (const at of path.keys()) {
    const named = labelNamed(path.slice(at).join("."));
    if (named !== undefined) return named;
  }
  return undefined;
}
