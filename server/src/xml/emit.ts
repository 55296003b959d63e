/** A piece of XML that was built here, so it is well-formed; a plain string beside it is text and gets escaped. */
export interface Markup {
  readonly markup: string;
}

/** Attributes of an element; those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Names of elements and attributes are written by us, never taken from outside. */
const namePattern = /^[A-Za-z_][A-Za-z0-9_.:-]*$/;

/** `<name attribute="value">children</name>`, or `<name/>` without children. Throws TypeError for a name that is none. */
export function element(
  name: string,
  attributes: Attributes = {},
  children: readonly (Markup | string)[] = [],
): Markup {
  const head = [named(name), ...Object.entries(attributes).flatMap(attribute)].join(" ");
  const content = children.map((child) => (typeof child === "string" ? escapeXml(child) : child.markup));
  return { markup: content.length === 0 ? `<${head}/>` : `<${head}>${content.join("")}</${name}>` };
}

/** A whole document in UTF-8. */
export function xmlDocument(root: Markup): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${root.markup}`;
}

function attribute([name, value]: readonly [string, string | number | undefined]): readonly string[] {
  // A line break or tab in a value would be read as a space (XML 1.0 §3.3.3), so it is written as a reference.
  return value === undefined
    ? []
    : [`${named(name)}="${escapeXml(`${value}`).replace(/[\t\n\r]/g, reference)}"`];
}

function reference(character: string): string {
  return `&#${character.charCodeAt(0)};`;
}

function named(name: string): string {
  if (!namePattern.test(name)) throw new TypeError("Not a name of XML.");
  return name;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/**
 * For element content and attribute values of any markup (XML 1.0 §2.4). A character that XML 1.0 cannot hold in any
 * spelling (§2.2) is dropped, half a character too.
 */
export function escapeXml(value: string): string {
  return value.replace(unwritable, "").replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

// The u flag makes a lone surrogate one character of its own, which \p{Cs} then finds.
const unwritable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
