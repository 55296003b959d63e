import { XMLParser } from "fast-xml-parser";
import { ChannelRejected } from "../channel.ts";
import { utf8 } from "../parameters.ts";

/** More than any flow posts. */
const mostElements = 100;
const longestValue = 4_096;

/** The declaration, which may name UTF-8 and nothing else. */
const declaration =
  /^<\?xml\s+version=["']1\.[01]["'](?:\s+encoding=["']utf-8["'])?(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>/i;
/** A tag of an element without attributes and without a namespace: nothing else with a `<` is taken. */
const tag = /<\/?([A-Za-z_][A-Za-z0-9_.-]{0,63})\s*\/?>/g;
/** The five of XML, and characters by their number: nothing that would have to be declared. */
const reference = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/gi;
const control = /(?![\t\n\r])\p{Cc}|[\uFFFD-\uFFFF]/u;
const forbiddenNames = ["__proto__", "constructor", "prototype"];

/** Values stay the strings that they are: a code may begin with zeros. */
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: true,
  htmlEntities: true,
  maxNestedTags: 3,
});

/**
 * Parameters in an XML body: one root of any name, and in it elements with text only. Declarations, comments, CDATA,
 * processing instructions, attributes, namespaces, entities of its own and other encodings are refused before a parser sees
 * the text, so nothing can be fetched, expanded or hidden in a value.
 *
 * @throws ChannelRejected 400
 */
export function xmlParameters(body: Uint8Array): readonly (readonly [string, string])[] {
  const text = utf8(body).replace(/^\uFEFF/, "");
  const content = text.replace(declaration, "").trim();
  demandPlain(content);
  const [root, ...others] = Object.values(parse(content));
  if (others.length > 0) return refuse();
  if (root === "") return [];
  if (root === undefined || isText(root)) return refuse();
  return Object.entries(root as Readonly<Record<string, unknown>>).map(([name, value]) => {
    if (name === "#text" || !isText(value) || value.length > longestValue) return refuse();
    return [name, value] as const;
  });
}

function demandPlain(content: string): void {
  if (control.test(content)) refuse();
  const names = [...content.matchAll(tag)].map(([, name = ""]) => name);
  if (names.length > 2 * (mostElements + 1) || names.some((name) => forbiddenNames.includes(name))) refuse();
  if (content.replace(tag, "").replace(reference, "").match(/[<&]/) !== null) refuse();
}

function parse(content: string): Readonly<Record<string, unknown>> {
  try {
    // Without `true` the parser takes what is no XML.
    return parser.parse(content, true);
  } catch {
    return refuse();
  }
}

/** A repeated element is a list, one with elements in it an object, and text beside elements stands in an object too. */
function isText(value: unknown): value is string {
  return typeof value === "string";
}

function refuse(): never {
  throw new ChannelRejected(400, "The body is not the XML that is taken here.");
}
