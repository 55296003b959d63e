import { XMLParser } from "fast-xml-parser";
import { Refused } from "./model.ts";

/** An element of XML. Text between elements stays as it was written. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  maxNestedTags: 64,
});

type Parsed = Readonly<Record<string, unknown>>;

/** The root element. @throws Refused for anything that is not one well-formed document without a document type. */
export function parseMarkup(text: string): Element {
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Refused("A document with a document type is not read.");
  const roots = parsed(text)
    .map(nodeOf)
    .filter((node): node is Element => typeof node === "object");
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw new Refused("The document is not XML.");
  return root;
}

function parsed(text: string): readonly Parsed[] {
  try {
    return parser.parse(text, true) as readonly Parsed[];
  } catch {
    throw new Refused("The document is not XML.");
  }
}

function nodeOf(node: Parsed): Element | string {
  if ("#text" in node) return String(node["#text"]);
  const name = Object.keys(node).find((key) => key !== ":@") ?? "";
  if (name.startsWith("?") || name.startsWith("#")) return "";
  const children = ((node[name] ?? []) as readonly Parsed[]).map(nodeOf);
  const attributes = (node[":@"] ?? {}) as Readonly<Record<string, string>>;
  return { name, attributes, children };
}

export function elementsOf({ children }: Pick<Element, "children">): readonly Element[] {
  return children.filter((child) => typeof child !== "string");
}

export function childrenNamed(parent: Pick<Element, "children">, name: string): readonly Element[] {
  return elementsOf(parent).filter((child) => child.name === name);
}

/** All text in it, elements left out. */
export function textOf({ children }: Pick<Element, "children">): string {
  return children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

/** @throws Refused unless the value is there. */
export function attributeOf({ name, attributes }: Element, attribute: string): string {
  const value = attributes[attribute];
  if (value === undefined) throw new Refused(`<${name}> has no ${attribute}.`);
  return value;
}
