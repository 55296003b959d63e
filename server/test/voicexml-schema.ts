import { readFileSync } from "node:fs";
import { join } from "node:path";
import { XmlDocument, XmlValidateError, XsdValidator } from "libxml2-wasm";
import { xmlRegisterFsInputProviders } from "libxml2-wasm/lib/nodejs.mjs";
import { schemasFolder } from "./schemas.ts";

export interface VoicexmlSchema {
  /** File of the schema, for tools that read it themselves. */
  readonly path: string;
  /** Everything that is wrong with a document; empty: it is valid VoiceXML 2.1. Throws for what is no XML. */
  problemsOf(document: string): readonly string[];
}

/** The W3C's schema of VoiceXML 2.1; undefined where it is not there. */
export function openVoicexmlSchema(): VoicexmlSchema | undefined {
  const folder = schemasFolder("voicexml21");
  if (folder === undefined) return undefined;
  const path = join(folder, "vxml.xsd");
  xmlRegisterFsInputProviders();
  const schema = XmlDocument.fromBuffer(readFileSync(path), { url: path });
  const validator = XsdValidator.fromDoc(schema);
  return {
    path,
    problemsOf(text) {
      const document = XmlDocument.fromString(text);
      try {
        validator.validate(document);
        return [];
      } catch (error) {
        if (error instanceof XmlValidateError) return error.details.map(({ message }) => message.trim());
        throw error;
      } finally {
        document.dispose();
      }
    },
  };
}
