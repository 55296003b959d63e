import { XMLParser } from "fast-xml-parser";

/** Longest answer that is read, in UTF-16 code units; the guarded fetch reads no more bytes either. */
const longestAnswer = 64 * 1024;

/** What one of the three services answered. `status` as it was written, without white space around it. */
export interface ServiceAnswer {
  readonly status: string;
  /** In the order of the document; of one name the first. Empty for the services that list none. */
  readonly methods: readonly ListedMethod[];
}

export interface ListedMethod {
  readonly name: string;
  readonly value?: string | undefined;
}

/** Member that a comment becomes. */
const comment = "#comment";

/** Values stay the strings that they are: a code may begin with zeros. */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  htmlEntities: true,
  commentPropName: comment,
  maxNestedTags: 16,
  isArray: (name) => name === "method",
});

/**
 * Reads an answer whose root element has this name. Undefined for anything else: too long, a document type, an entity
 * declaration, broken XML, another or a second root, or no status. Nothing is fetched and nothing is expanded.
 */
export function readServiceAnswer(text: string, root: string): ServiceAnswer | undefined {
  const body = text.replace(/^\uFEFF/, "");
  if (body.length > longestAnswer || isUnreadable(body)) return undefined;
  const document = parse(body);
  const elements = Object.keys(document ?? {}).filter((name) => !name.startsWith("?") && name !== comment);
  if (document === undefined || elements.length !== 1 || elements[0] !== root) return undefined;
  const content = document[root];
  const status = textOf(memberOf(content, "status"));
  if (status === undefined || status === "") return undefined;
  return { status, methods: methodsOf(memberOf(memberOf(content, "methods"), "method")) };
}

/** A declaration that could make the parser fetch or expand, a character that no XML document has, or a wrong encoding. */
function isUnreadable(body: string): boolean {
  return /<!DOCTYPE|<!ENTITY/i.test(body) || /(?![\t\n\r])\p{Cc}|[\uFFFD-\uFFFF]/u.test(body);
}

function parse(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    // Without `true` the parser takes what is no XML.
    return parser.parse(body, true);
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/**
 * An element with attributes is an object that holds its text; a repeated one is a list and means nothing. Nor does a text with a
 * comment in it: readers disagree about where it ends.
 */
function textOf(value: unknown): string | undefined {
  if (memberOf(value, comment) !== undefined) return undefined;
  const text = typeof value === "string" ? value : memberOf(value, "#text");
  return typeof text === "string" ? text.trim() : undefined;
}

function methodsOf(listed: unknown): readonly ListedMethod[] {
  const methods = (Array.isArray(listed) ? listed : []).flatMap((one): ListedMethod[] => {
    const name = textOf(memberOf(one, "@name"));
    const value = textOf(memberOf(one, "@value"));
    return name === undefined || name === "" ? [] : [{ name, ...(value !== undefined && { value }) }];
  });
  const names = methods.map(({ name }) => name.toLowerCase());
  return methods.filter((_, index) => names.indexOf(names[index] ?? "") === index);
}
