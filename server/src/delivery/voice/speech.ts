import { escapeXml } from "../../xml/emit.ts";
import type { Speech, SpeechPart } from "../provider.ts";
import { parseTemplate, type TemplatePart } from "../templates/placeholders.ts";
import { isSsml, placeholderValue, renderTemplate, type TemplateValues } from "../templates/render.ts";

export interface SpeechTexts {
  /** Template of the call: plain, or SSML of the organization's own. */
  readonly text: string;
  /** Template of what is said before a key is pressed. */
  readonly invitation: string;
}

/** Between two sayings of the whole message. */
const betweenSeconds = 1;

/**
 * What a call says, for every dialect: the words, and the code apart from them. A template that says the code only once is
 * said twice: people write while they listen. Never log or keep the result: it holds the code.
 */
export function speechOf(texts: SpeechTexts, values: TemplateValues): Speech {
  const ssml = isSsml(texts.text, values.via);
  const once = ssml ? partsOfMarkup(texts.text, values) : partsOfText(texts.text, values);
  const spoken = once.reduce((digits, part) => digits + (part.kind === "digits" ? part.digits.length : 0), 0);
  const parts: readonly SpeechPart[] =
    spoken >= 2 * values.code.length ? once : [...once, { kind: "pause", seconds: betweenSeconds }, ...once];
  return {
    parts,
    invitation: renderTemplate(texts.invitation, values).normalize("NFC"),
    ...(ssml && { ssml: renderTemplate(texts.text, values).normalize("NFC") }),
  };
}

function partsOfText(template: string, values: TemplateValues): readonly SpeechPart[] {
  return joined(
    parseTemplate(template).map((part): SpeechPart => {
      if (part.kind !== "placeholder") return { kind: "text", text: part.text };
      return isCode(part)
        ? { kind: "digits", digits: digitsOf(part, values) }
        : { kind: "text", text: placeholderValue(part, values) };
    }),
    values.code.length,
  );
}

/** Stands around the digits while the tags are taken out; a template cannot hold it, nor can a value. */
const [open, close] = ["\ue000", "\ue001"];

/** The words of an SSML template, for platforms with another dialect: the tags go, the text and the code stay. */
function partsOfMarkup(template: string, values: TemplateValues): readonly SpeechPart[] {
  const marked = parseTemplate(template)
    .map((part) => {
      if (part.kind !== "placeholder") return part.text.replace(/\p{Co}/gu, "");
      return isCode(part)
        ? `${open}${digitsOf(part, values)}${close}`
        : escapeXml(placeholderValue(part, values));
    })
    .join("");
  const text = unescaped(marked.replace(/<(?:"[^"]*"|'[^']*'|[^>"'])*>/g, " "));
  const parts = joined(
    text.split(new RegExp(`${open}([^${close}]+)${close}`)).map(
      (piece, index): SpeechPart =>
        // Every second piece of such a split is what stood in the group.
        index % 2 === 1 ? { kind: "digits", digits: piece } : { kind: "text", text: piece },
    ),
    values.code.length,
  );
  // A code that stood within a tag went with it.
  const isWhole = parts.some((part) => part.kind === "digits");
  return isWhole ? parts : [...parts, { kind: "digits", digits: values.code }];
}

function isCode(part: TemplatePart & { readonly kind: "placeholder" }): boolean {
  return part.name.startsWith("OTP");
}

function digitsOf(part: TemplatePart & { readonly kind: "placeholder" }, values: TemplateValues): string {
  return part.index === undefined ? values.code : placeholderValue(part, values);
}

/**
 * Texts in single spaces, neighbours as one, without the marks that end a code: every dialect pauses there. Digits of one
 * code that were written apart stand together.
 */
function joined(parts: readonly SpeechPart[], codeLength: number): readonly SpeechPart[] {
  const found: SpeechPart[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    const next = part.kind === "text" ? textAfter(last, part.text) : part;
    if (next.kind === "text" && next.text.trim() === "") continue;
    const whole = last && merged(last, next, codeLength);
    if (whole === undefined) found.push(next);
    else found[found.length - 1] = whole;
  }
  return found;
}

function textAfter(last: SpeechPart | undefined, text: string): SpeechPart {
  const spaced = text.replace(/\s+/g, " ").normalize("NFC");
  return { kind: "text", text: last?.kind === "digits" ? spaced.replace(/^[\s.,;:]+/, "") : spaced };
}

function merged(one: SpeechPart, other: SpeechPart, codeLength: number): SpeechPart | undefined {
  if (one.kind === "text" && other.kind === "text") return { kind: "text", text: one.text + other.text };
  if (one.kind !== "digits" || other.kind !== "digits") return undefined;
  const digits = one.digits + other.digits;
  return digits.length <= codeLength ? { kind: "digits", digits } : undefined;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));/g,
    (whole, name?: string, decimal?: string, hexadecimal?: string) => {
      if (name !== undefined) return named[name] ?? whole;
      const point = decimal === undefined ? Number.parseInt(hexadecimal ?? "", 16) : Number(decimal);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    },
  );
}
