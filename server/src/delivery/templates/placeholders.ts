/**
 * The grammar of template texts: `${OTP}`, `${OTPFMT}`, `${OTPFMTSSML}`, `${OTPDIGIT[<i>]}`, `${from}`, `${timestamp}`, and
 * our own `${ttlMinutes}`, `${binding}` and `${words}`. `$${` is a literal `${`, read from left to right. Names are a closed list:
 * nothing here evaluates anything.
 */
export const placeholderNames = [
  "OTP",
  "OTPFMT",
  "OTPFMTSSML",
  "OTPDIGIT",
  "from",
  "timestamp",
  "ttlMinutes",
  "binding",
  "words",
] as const;
export type PlaceholderName = (typeof placeholderNames)[number];

export interface Placeholder {
  readonly kind: "placeholder";
  readonly name: PlaceholderName;
  /** Which digit, from 0; only of `OTPDIGIT`. */
  readonly index?: number;
  /** Offset in the template, UTF-16 code units from 0. */
  readonly position: number;
}

export type TemplatePart =
  | Placeholder
  | { readonly kind: "text"; readonly text: string }
  /** `${` that begins no placeholder; rendered as it stands. */
  | { readonly kind: "unknown"; readonly text: string; readonly position: number };

// Sticky, and every alternative ends at a fixed text: no backtracking, whatever follows.
const placeholder =
  /\$\{(?:OTPDIGIT\[(?<index>0|[1-9][0-9]?)\]|(?<name>OTP|OTPFMT|OTPFMTSSML|from|timestamp|ttlMinutes|binding|words))\}/y;
const longestQuote = 32;

/** Splits a template in one pass over its characters. */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let done = 0;
  let at = template.indexOf("$");
  const textUntil = (end: number) => {
    if (end > done) parts.push({ kind: "text", text: template.slice(done, end) });
  };
  while (at !== -1) {
    let next = at + 1;
    if (template.startsWith("$${", at)) {
      textUntil(at);
      parts.push({ kind: "text", text: "${" });
      next = at + 3;
      done = next;
    } else if (template.startsWith("${", at)) {
      textUntil(at);
      const part = partAt(template, at);
      parts.push(part);
      next = part.kind === "placeholder" ? placeholder.lastIndex : at + part.text.length;
      done = next;
    }
    at = template.indexOf("$", next);
  }
  textUntil(template.length);
  return parts;
}

function partAt(template: string, position: number): Placeholder | (TemplatePart & { kind: "unknown" }) {
  placeholder.lastIndex = position;
  const groups = placeholder.exec(template)?.groups;
  if (groups === undefined) return { kind: "unknown", text: unknownText(template, position), position };
  const { index, name } = groups;
  if (index !== undefined) return { kind: "placeholder", name: "OTPDIGIT", index: Number(index), position };
  return { kind: "placeholder", name: name as PlaceholderName, position };
}

/** `${` up to its `}` if that is near and nothing else begins before it, so that a message can quote it. */
function unknownText(template: string, position: number): string {
  const near = template.slice(position + 2, position + longestQuote);
  const end = near.search(/[$}\n]/);
  return near[end] === "}" ? `\${${near.slice(0, end + 1)}` : "${";
}

/** What a text shows of a code of `length` digits. */
export interface CodeCoverage {
  /** The whole code can be read from the text. */
  readonly whole: boolean;
  /** Digits that are missing although others are there; empty when the text holds the whole code or no digit. */
  readonly missing: readonly number[];
  readonly outOfRange: readonly Placeholder[];
}

const wholeCode: ReadonlySet<PlaceholderName> = new Set<PlaceholderName>(["OTP", "OTPFMT", "OTPFMTSSML"]);

export function codeCoverage(parts: readonly TemplatePart[], length: number): CodeCoverage {
  const digits = new Set<number>();
  const outOfRange: Placeholder[] = [];
  let whole = false;
  for (const part of parts) {
    if (part.kind !== "placeholder") continue;
    if (wholeCode.has(part.name)) whole = true;
    if (part.index === undefined) continue;
    if (part.index < length) digits.add(part.index);
    else outOfRange.push(part);
  }
  const absent = Array.from({ length }, (_, index) => index).filter((index) => !digits.has(index));
  const missing = whole || digits.size === 0 ? [] : absent;
  return { whole: whole || (digits.size > 0 && absent.length === 0), missing, outOfRange };
}

/** Whether the text shows any digit of the code. */
export function showsCode(part: TemplatePart): boolean {
  return part.kind === "placeholder" && (part.index !== undefined || wholeCode.has(part.name));
}
