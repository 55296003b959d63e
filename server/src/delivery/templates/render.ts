import type { Binding, DeliveryVia } from "../../engine/model.ts";
import { escapeXml } from "../../xml/emit.ts";
import { type Placeholder, parseTemplate } from "./placeholders.ts";

/** What the placeholders of one message stand for. */
export interface TemplateValues {
  readonly via: DeliveryVia;
  /** Digits. */
  readonly code: string;
  /** Sender or brand: `${from}`. */
  readonly from: string;
  readonly createdAt: number;
  readonly ttlSeconds: number;
  readonly binding?: Binding | undefined;
  /** The verification's proof words: `${words}`; absent: nothing stands there. */
  readonly words?: string | undefined;
}

const longestBrand = 64;
const longestAction = 40;
const longestAmount = 32;

/**
 * Fills in a template in a single pass: a value is never looked at again, so one that holds `${OTP}` stays as it is.
 * Values are XML-escaped when a voice template is SSML. Never log or keep the result: it holds the code.
 */
export function renderTemplate(template: string, values: TemplateValues): string {
  const guard = isSsml(template, values.via) ? escapeXml : (value: string) => value;
  return parseTemplate(template)
    .map((part) => (part.kind === "placeholder" ? guard(placeholderValue(part, values)) : part.text))
    .join("");
}

/** A voice template is SSML when its first character that is not a space is `<`. */
export function isSsml(template: string, via: DeliveryVia): boolean {
  return via === "voice" && template.trimStart().startsWith("<");
}

/**
 * Groups of three or four digits, the shorter ones first: `123 456`, `1234 5678`, `123 4567`. Fewer than six digits stay
 * together. The space is U+0020: a no-break space would turn an SMS into UCS-2.
 */
export function groupDigits(code: string): string {
  if (code.length < 6) return code;
  const groups = Math.ceil(code.length / 4);
  const size = Math.floor(code.length / groups);
  const short = groups - (code.length % groups);
  return Array.from({ length: groups }, (_, group) => {
    const start = group * size + Math.max(0, group - short);
    return code.slice(start, start + size + (group < short ? 0 : 1));
  }).join(" ");
}

/**
 * The origin-bound line of an SMS (WICG "sms-one-time-codes"): the last line, after an empty one, holding the plain code.
 */
export function appendWebOtp(text: string, host: string, code: string): string {
  return `${text.trimEnd()}\n\n@${host} #${code}`;
}

/** Creation time in UTC, exactly 20 characters; milliseconds are cut off, not rounded. */
export function timestamp(createdAt: number): string {
  return `${new Date(createdAt).toISOString().slice(0, 19)}Z`;
}

/** What is approved: action and amount on one line, each bounded by itself so that a long action never hides the amount. */
export function bindingText(binding: Binding | undefined): string {
  return [singleLine(binding?.action ?? "", longestAction), singleLine(binding?.amount ?? "", longestAmount)]
    .filter((part) => part !== "")
    .join(" ");
}

/**
 * Text of a stranger as a part of one line: no line break (it could fake the WebOTP line), no control, bidirectional or
 * private-use character; cut visibly.
 */
export function singleLine(text: string, longest: number): string {
  const clean = text
    .slice(0, longest * 8)
    .replace(/[\p{C}\p{Zl}\p{Zp}\p{Zs}]+/gu, " ")
    .trim()
    .normalize("NFC");
  const points = Array.from(clean);
  return points.length <= longest ? clean : `${points.slice(0, longest - 3).join("")}...`;
}

/** What one placeholder stands for, not escaped. */
export function placeholderValue(placeholder: Placeholder, values: TemplateValues): string {
  const { code, via } = values;
  switch (placeholder.name) {
    case "OTP":
      return code;
    case "OTPFMT":
      return via === "voice" ? Array.from(code).join(" ") : groupDigits(code);
    case "OTPFMTSSML":
      return Array.from(code).join(":");
    case "OTPDIGIT":
      return code.charAt(placeholder.index ?? 0);
    case "from":
      return singleLine(values.from, longestBrand);
    case "timestamp":
      return timestamp(values.createdAt);
    case "ttlMinutes":
      // Whole minutes that are certainly left; a code that lives less than a minute says 1.
      return String(Math.max(1, Math.floor(values.ttlSeconds / 60)));
    case "binding":
      return bindingText(values.binding);
    case "words":
      return values.words ?? "";
  }
}
