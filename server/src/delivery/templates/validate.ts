import { domainToASCII } from "node:url";
import type { FieldProblem } from "../../engine/errors.ts";
import type { DeliveryVia } from "../../engine/model.ts";
import { canonicalLocale } from "../../languages/negotiate.ts";
import { codeCoverage, parseTemplate, showsCode, type TemplatePart } from "./placeholders.ts";
import { type PreviewOptions, previewTemplate, type TemplateDraft } from "./preview.ts";
import { isSsml, renderTemplate } from "./render.ts";
import { senderProblem } from "./sender.ts";
import { markupProblem } from "./ssml.ts";

/** Stable codes; one never changes its meaning. */
export type TemplateProblemCode =
  | "missing_code"
  | "incomplete_digits"
  | "digit_index_out_of_range"
  | "unknown_placeholder"
  | "code_in_subject"
  | "sender_invalid"
  | "web_otp_domain_invalid"
  | "locale_invalid"
  | "field_not_applicable"
  | "control_character"
  | "malformed_ssml"
  | "too_long"
  | "too_many_segments";

export interface TemplateProblem extends FieldProblem {
  readonly code: TemplateProblemCode;
  /** Language of the draft; the sentence names it too. */
  readonly locale: string;
  /** Offset in the field, UTF-16 code units from 0. */
  readonly position?: number;
  /** Missing digits of `incomplete_digits`. */
  readonly missing?: readonly number[];
}

export interface ValidationOptions extends PreviewOptions {
  /** Parts an SMS may have; default 2. */
  readonly maxSegments?: number | undefined;
}

/** Longest texts, as written and as sent: 1,520 and 10,000 are what SMS and voice gateways take. */
const longestText: Readonly<Record<DeliveryVia, number>> = { sms: 1520, voice: 10_000, email: 20_000 };
const longestSubject = 200;
const longestBrand = 64;
/** A text with more mistakes than this is answered with the first ones. */
const mostUnknown = 20;

type Found = Omit<TemplateProblem, "locale">;

/** Every problem of a draft at once; empty when it may be saved. Never throws, and reads a field at most a few times. */
export function validateTemplate(
  draft: TemplateDraft,
  options: ValidationOptions,
): readonly TemplateProblem[] {
  const locale = canonicalLocale(draft.locale);
  const found: Found[] = [
    ...(locale === undefined ? [problem("/locale", "locale_invalid", "The language tag is not valid.")] : []),
    ...textProblems(draft, options),
    ...subjectProblems(draft),
    ...senderProblems(draft),
    ...webOtpProblems(draft),
  ];
  const language = locale ?? "?";
  return found.map((one) => ({ ...one, problem: `[${language}] ${one.problem}`, locale: language }));
}

function textProblems(draft: TemplateDraft, options: ValidationOptions): readonly Found[] {
  const { text, via } = draft;
  const longest = longestText[via];
  if (text.length > longest)
    return [problem("/text", "too_long", `The text has more than ${longest} characters.`)];
  const parts = parseTemplate(text);
  const found = [
    ...unknownProblems("/text", parts),
    ...codeProblems(parts, options.codeLength),
    ...controlProblems("/text", text, "lines"),
  ];
  if (isSsml(text, via)) found.push(...ssmlProblems(draft, options));
  return [...found, ...sizeProblems(draft, options)];
}

function unknownProblems(field: string, parts: readonly TemplatePart[]): readonly Found[] {
  return parts
    .filter((part) => part.kind === "unknown")
    .slice(0, mostUnknown)
    .map(({ text, position }) => ({
      ...problem(
        field,
        "unknown_placeholder",
        `${printable(text)} at character ${position + 1} is no placeholder. Write $\${ for a plain \${.`,
      ),
      position,
    }));
}

function codeProblems(parts: readonly TemplatePart[], length: number): readonly Found[] {
  const { whole, missing, outOfRange } = codeCoverage(parts, length);
  const found = outOfRange.slice(0, mostUnknown).map((part) => ({
    ...problem(
      "/text",
      "digit_index_out_of_range",
      `\${OTPDIGIT[${part.index}]} does not exist: a code has ${length} digits, 0 to ${length - 1}.`,
    ),
    position: part.position,
  }));
  if (missing.length > 0) {
    const names = missing.map((index) => `\${OTPDIGIT[${index}]}`).join(", ");
    return [...found, { ...problem("/text", "incomplete_digits", `Digits are missing: ${names}.`), missing }];
  }
  if (whole || found.length > 0) return found;
  return [
    problem("/text", "missing_code", "A placeholder for the code is missing: add ${OTPFMT} or ${OTP}."),
  ];
}

// C0 and C1 except tab and line ends, DEL, line and paragraph separators, Bidi_Control, lone surrogates, the byte order mark.
const forbidden = /(?![\t\n\r])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/u;
const lineEnd = /[\t\n\r]/;

function controlProblems(field: string, text: string, allow: "lines" | "one line"): readonly Found[] {
  const position = text.search(forbidden);
  const end = allow === "lines" ? -1 : text.search(lineEnd);
  const first = [position, end].filter((at) => at !== -1).sort((a, b) => a - b)[0];
  if (first === undefined) return [];
  const point = (text.codePointAt(first) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  const sentence = `The character U+${point} at character ${first + 1} is not allowed here.`;
  return [{ ...problem(field, "control_character", sentence), position: first }];
}

function ssmlProblems(draft: TemplateDraft, options: ValidationOptions): readonly Found[] {
  // A brand of markup characters shows a placeholder that stands where escaping cannot help, as in the name of a tag.
  const rendered = renderTemplate(draft.text, {
    via: draft.via,
    code: "1".repeat(Math.max(1, options.codeLength)),
    from: `<&"'>`,
    createdAt: 0,
    ttlSeconds: 60,
    binding: { action: `<&"'>` },
  });
  const wrong = markupProblem(rendered);
  if (wrong === undefined) return [];
  const near = printable(rendered.slice(wrong.position, wrong.position + 20));
  const where = near === "" ? "at its end" : `near “${near}”`;
  return [problem("/text", "malformed_ssml", `The SSML is not well-formed ${where}: ${wrong.problem}`)];
}

function sizeProblems(draft: TemplateDraft, options: ValidationOptions): readonly Found[] {
  const { text, segments } = previewTemplate(draft, options);
  const longest = longestText[draft.via];
  const found: Found[] = [];
  if (text.length > longest) {
    found.push(problem("/text", "too_long", `The message as sent has more than ${longest} characters.`));
  }
  const most = options.maxSegments ?? 2;
  if (segments !== undefined && segments.segments > most) {
    const { encoding, units, firstOutside } = segments;
    const because = firstOutside === undefined ? "" : ` because of “${printable(firstOutside.character)}”`;
    found.push(
      problem(
        "/text",
        "too_many_segments",
        `The SMS would be sent in ${segments.segments} parts (${units} units of ${encoding}${because}); ${most} are allowed.`,
      ),
    );
  }
  return found;
}

function subjectProblems({ via, subject }: TemplateDraft): readonly Found[] {
  if (subject === undefined) return [];
  if (via !== "email") return [notApplicable("/subject", "Only an e-mail has a subject.")];
  if (subject.length > longestSubject) {
    return [problem("/subject", "too_long", `The subject has more than ${longestSubject} characters.`)];
  }
  const parts = parseTemplate(subject);
  const inSubject = parts.some(showsCode);
  return [
    ...unknownProblems("/subject", parts),
    ...controlProblems("/subject", subject, "one line"),
    ...(inSubject
      ? [
          problem(
            "/subject",
            "code_in_subject",
            "The code must not stand in the subject, which is logged and shown.",
          ),
        ]
      : []),
  ];
}

function senderProblems({ via, sender }: TemplateDraft): readonly Found[] {
  if (sender === undefined) return [];
  if (via === "sms") {
    const sentence = senderProblem(sender);
    return sentence === undefined ? [] : [problem("/sender", "sender_invalid", sentence)];
  }
  if (sender.trim() === "" || sender.length > longestBrand) {
    return [problem("/sender", "sender_invalid", `The sender has 1 to ${longestBrand} characters.`)];
  }
  return controlProblems("/sender", sender, "one line");
}

function webOtpProblems({ via, webOtpDomain }: TemplateDraft): readonly Found[] {
  if (webOtpDomain === undefined) return [];
  if (via !== "sms") return [notApplicable("/webOtpDomain", "Only an SMS has a WebOTP line.")];
  const host = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+$/;
  if (host.test(webOtpDomain) && domainToASCII(webOtpDomain) === webOtpDomain) return [];
  const sentence = "Give the host name only, in lower case and ASCII, without https://, port or path.";
  return [problem("/webOtpDomain", "web_otp_domain_invalid", sentence)];
}

function notApplicable(field: string, sentence: string): Found {
  return problem(field, "field_not_applicable", sentence);
}

function problem(field: string, code: TemplateProblemCode, sentence: string): Found {
  return { field, code, problem: sentence };
}

/** Quoted input without anything that could change how the sentence is displayed. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
