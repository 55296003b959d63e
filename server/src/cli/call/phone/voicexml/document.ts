import { type Element, elementsOf, parseMarkup } from "../markup.ts";
import { Refused, type WebAnswer } from "../model.ts";

const namespace = "http://www.w3.org/2001/vxml";

/** What may stand in what. An element that is not here is one that this browser does not know. */
const content = [
  ...[
    "var",
    "assign",
    "if",
    "elseif",
    "else",
    "prompt",
    "submit",
    "goto",
    "return",
    "exit",
    "disconnect",
    "value",
  ],
  ...["reprompt", "throw", "log", "audio", "break", "say-as", "prosody", "emphasis", "p", "s", "sub"],
];
const handlers = ["catch", "noinput", "nomatch", "help", "error"];
const allowed: Readonly<Record<string, readonly string[]>> = {
  vxml: ["form", "var", "property", "meta", ...handlers],
  form: ["var", "field", "block", "subdialog", "property", ...handlers],
  field: ["grammar", "option", "prompt", "filled", "property", ...handlers],
  subdialog: ["param", "filled", "prompt", "property", ...handlers],
};

const mediaTypes = ["application/voicexml+xml", "text/xml", "application/xml", "application/x-vxml"];

export interface VoicexmlDocument {
  readonly root: Element;
  /** What its addresses are relative to. */
  readonly url: string;
}

/** Reads what was fetched. @throws Refused (error.badfetch, error.unsupported) when it is nothing that can be run. */
export function readDocument({ status, type, body, url }: WebAnswer): VoicexmlDocument {
  if (status !== 200) throw new Refused(`error.badfetch.http.${status}`);
  if (!mediaTypes.includes(type))
    throw new Refused(`error.badfetch: "${type}" is no media type of VoiceXML.`);
  const root = parseMarkup(body);
  const { xmlns, version = "" } = root.attributes;
  if (root.name !== "vxml" || xmlns !== namespace || !["2.0", "2.1"].includes(version)) {
    throw new Refused("error.badfetch: the document is not VoiceXML 2.");
  }
  demandKnown(root);
  return { root, url };
}

function demandKnown(element: Element): void {
  if (element.name === "grammar") return;
  const known = allowed[element.name] ?? content;
  for (const child of elementsOf(element)) {
    if (!known.includes(child.name)) throw new Refused(`error.unsupported.${child.name}`);
    demandKnown(child);
  }
}
