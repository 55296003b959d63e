import { element, type Markup } from "../../xml/emit.ts";
import type { Speech } from "../provider.ts";
import { regionalTag } from "./languages.ts";
import { singleDigits } from "./plain.ts";

export interface SsmlOptions {
  readonly locale: string;
  readonly gender: "female" | "male";
}

/**
 * The speech in the SSML of seven.io: voices are called `<language>-<region>-<gender>`, and `number_digit` reads digits with
 * colons between them one by one. An own SSML template of the organization is said as it stands.
 */
export function sevenSsml(speech: Speech, { locale, gender }: SsmlOptions): string {
  if (speech.ssml !== undefined) return speech.ssml;
  const name = `${regionalTag(locale).toLowerCase()}-${gender}`;
  const content = speech.parts.flatMap((part): readonly (Markup | string)[] => {
    if (part.kind === "text") return [part.text];
    if (part.kind === "pause") return [element("break", { strength: "x-strong" })];
    const read = /^[0-9]+$/.test(part.digits)
      ? element("say-as", { "interpret-as": "number_digit" }, [Array.from(part.digits).join(":")])
      : singleDigits(part.digits);
    return [
      element("break", { strength: "medium" }),
      element("prosody", { rate: "x-slow" }, [read]),
      element("break", { strength: "strong" }),
    ];
  });
  return element("voice", { name }, content).markup;
}
