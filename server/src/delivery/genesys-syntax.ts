import { headerProblem } from "./headers.ts";

type Report = (field: string, problem: string) => void;

export interface ParsedHeader {
  readonly name: string;
  readonly value: string;
}

/** Keys and values as they stand, in order, duplicates kept. */
export function readPairs(text: string, report: Report): readonly (readonly [string, string])[] {
  return text.trimStart().startsWith("{") ? readJson(text, report) : readLines(text, report);
}

function readJson(text: string, report: Report): readonly (readonly [string, string])[] {
  try {
    return flatten("", JSON.parse(text) as unknown);
  } catch {
    report("", "The text begins like JSON, but it is not JSON.");
    return [];
  }
}

function flatten(prefix: string, value: unknown): readonly (readonly [string, string])[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatten(prefix === "" ? key : `${prefix}.${key}`, inner),
    );
  }
  return [[prefix, value === null ? "" : `${value as string | number | boolean}`]];
}

function readLines(text: string, report: Report): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  // A line of a properties file goes on behind a backslash at its end.
  const lines = text.replace(/\\\r?\n[ \t]*/g, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith("!")) {
      continue;
    }
    const pair = /^([A-Za-z][A-Za-z0-9_.-]*)\s*[=:]\s*(.*)$/.exec(trimmed);
    if (pair?.[1] === undefined || pair[2] === undefined) {
      report(`line ${index + 1}`, "This line is not of the form Name=Value.");
    } else {
      pairs.push([pair[1], pair[2].replace(/\\([:=])/g, "$1")]);
    }
  }
  return pairs;
}

/** Straight and typographic double quotation marks, as word processors and web pages put them. */
const quotes = '"\u201c\u201d\u201e\u201f\u2033';
const item = new RegExp(`\\s*(?:[${quotes}]([^${quotes}]*)[${quotes}]|([^,${quotes}]+))\\s*(?:,|$)`, "y");

/** `"Name1:Value1", "Name2:Value2"`; an item without quotation marks ends at the comma. */
export function readRequestHeaders(text: string, report: Report): readonly ParsedHeader[] {
  const field = "SMS.RequestHeaders";
  const headers: ParsedHeader[] = [];
  const pattern = new RegExp(item);
  const written = text.trim();
  while (pattern.lastIndex < written.length) {
    const match = pattern.exec(written);
    if (match === null) {
      report(field, 'Headers are written "Name1:Value1", "Name2:Value2".');
      return headers;
    }
    const content = (match[1] ?? match[2] ?? "").trim();
    const colon = content.indexOf(":");
    const header = {
      name: content.slice(0, Math.max(colon, 0)).trim(),
      value: content.slice(colon + 1).trim(),
    };
    const problem =
      colon < 0 ? "A header needs a name, a colon and a value." : headerProblem(header.name, header.value);
    if (problem === undefined) {
      headers.push(header);
    } else {
      report(field, problem);
    }
  }
  return headers;
}
