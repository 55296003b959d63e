import { XmlDocument, type XmlElement } from "libxml2-wasm";

/** Names of all elements of a document, in order, as a parser that is not ours sees them. Throws when it is no XML. */
export function elementNames(text: string): readonly string[] {
  const document = XmlDocument.fromString(text);
  try {
    return document.find("//*").map((node) => (node as XmlElement).name);
  } finally {
    document.dispose();
  }
}
