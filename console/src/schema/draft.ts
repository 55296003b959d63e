import type { Field } from "./field.ts";

/**
 * What stands in a form: text as it was typed, also where it is no number yet, so that nothing is lost when the server refuses it.
 * A value that was never given is "" or undefined.
 */
export type Draft = string | boolean | undefined | readonly Draft[] | DraftGroup;
export interface DraftGroup {
  readonly [name: string]: Draft;
}

type Values = Readonly<Record<string, unknown>>;

/** A form of these fields, filled with what is kept. */
export function draftOfAll(fields: readonly Field[], values: Values): DraftGroup {
  return Object.fromEntries(fields.map((field) => [field.name, draftOf(field, values[field.name])]));
}

/** What a form says, as the API takes it: what is empty is left out. */
export function valuesOf(fields: readonly Field[], draft: DraftGroup): Values {
  const given = fields.map((field) => {
    const usual = field.said ? field.fallback : undefined;
    return [field.name, valueIn(field, draft[field.name]) ?? usual] as const;
  });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

export function draftOf(field: Field, value: unknown): Draft {
  switch (field.kind) {
    case "group":
      return draftOfAll(field.members, isObject(value) ? value : {});
    case "entries":
      return listed(value).map((one) => draftOf(field.entry, one));
    case "pairs":
      return Object.entries(isObject(value) ? value : {}).map(([name, one]) => ({
        name,
        value: draftOf(field.entry, one),
      }));
    case "choices":
      return listed(value).map(String);
    case "lines":
      return listed(value).map(String).join("\n");
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "json":
      return value === undefined ? "" : JSON.stringify(value, undefined, 2);
    default:
      return value === undefined || value === null ? "" : String(value);
  }
}

function valueIn(field: Field, draft: Draft): unknown {
  switch (field.kind) {
    case "constant":
      return field.value;
    case "flag":
      return draft;
    case "group":
      return groupOf(field, isGroup(draft) ? draft : {});
    case "entries":
      return unlessEmpty(draftsIn(draft).map((one) => valueIn(field.entry, one) ?? {}));
    case "pairs":
      return pairsOf(field.entry, draftsIn(draft));
    case "choices":
      return unlessEmpty(draftsIn(draft));
    case "lines":
      return unlessEmpty(linesIn(draft).map((line) => (field.numeric ? numberIn(line) : line)));
    case "number":
      return numberIn(textIn(draft).trim());
    case "json":
      return jsonIn(textIn(draft));
    default:
      return textIn(draft) === "" ? undefined : draft;
  }
}

function groupOf(
  { members, required }: Extract<Field, { kind: "group" }>,
  draft: DraftGroup,
): Values | undefined {
  const values = valuesOf(members, draft);
  return required || members.some((member) => isGiven(member, draft[member.name])) ? values : undefined;
}

function pairsOf(entry: Field, drafts: readonly Draft[]): Values | undefined {
  const pairs = drafts.filter(isGroup);
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(pairs.map(({ name, value }) => [textIn(name), valueIn(entry, value) ?? ""]));
}

/** Whether somebody filled in a field, or anything inside of it. */
export function isGiven(field: Field, draft: Draft): boolean {
  return field.kind !== "constant" && valueIn({ ...field, required: false }, draft) !== undefined;
}

/** The entries of a list, the pairs of a map, what is chosen. */
export function draftsIn(draft: Draft): readonly Draft[] {
  return Array.isArray(draft) ? draft : [];
}

export function isGroup(draft: Draft): draft is DraftGroup {
  return typeof draft === "object" && !Array.isArray(draft);
}

export function textIn(draft: Draft): string {
  return typeof draft === "string" ? draft : "";
}

function linesIn(draft: Draft): readonly string[] {
  return textIn(draft)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** What is no number goes to the server as it is, which says so at its field. */
function numberIn(text: string): number | string | undefined {
  if (text === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function jsonIn(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function unlessEmpty<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
