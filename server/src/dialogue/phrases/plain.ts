import type { Pace, SpeechPart } from "../model.ts";

/** `read` by eyes: "ending in 78". `spoken` by an engine without markup: "ending in 7, 8". */
export type PlainUse = "read" | "spoken";

/**
 * What is said as one plain text; pauses become spaces. Spoken digits are separated by commas, and a full stop after them
 * becomes a semicolon: engines read "7 8" as a number, and in some languages "8." as "eighth".
 */
export function plainText(parts: readonly SpeechPart[], use: PlainUse): string {
  let text = "";
  for (const part of parts) {
    const next = plainPart(part, use);
    text += separator(text, next, use) + (use === "spoken" ? withoutStop(text, next) : next);
  }
  return text.replace(/\s+/g, " ").replaceAll(" ,", ",").trim().replace(/;$/, "");
}

/** Digits that follow digits, with or without a pause, are no number; other parts stay words apart. */
function separator(before: string, after: string, use: PlainUse): string {
  if (use === "spoken" && /[0-9]\s*$/.test(before) && /^[0-9]/.test(after)) return ", ";
  return /\S$/.test(before) && /^[\p{L}\p{Nd}]/u.test(after) ? " " : "";
}

function withoutStop(before: string, after: string): string {
  return /[0-9]$/.test(before) ? after.replace(/^\./, ";") : after;
}

function plainPart(part: SpeechPart, use: PlainUse): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "digits":
      return use === "read" ? part.digits : Array.from(part.digits).join(", ");
    case "pause":
      return " ";
  }
}

const betweenDigitsMs = 600;
const aroundDigitsMs = 400;
/** How much longer a pause is in slow speech. */
const slowFactor = 2;

/**
 * What is said at a pace. Slow: digits one by one with a pause after each, and pauses twice as long; the rate of the voice
 * itself is the channel's. To be applied once, to the parts of a reply.
 */
export function paced(parts: readonly SpeechPart[], pace: Pace): readonly SpeechPart[] {
  return pace === "normal" ? parts : parts.flatMap(slowed);
}

function slowed(part: SpeechPart): readonly SpeechPart[] {
  switch (part.kind) {
    case "text":
      return [part];
    case "pause":
      return [{ kind: "pause", ms: part.ms * slowFactor }];
    case "digits":
      return [
        { kind: "pause", ms: aroundDigitsMs },
        ...Array.from(part.digits).flatMap((digit): readonly SpeechPart[] => [
          { kind: "digits", digits: digit },
          { kind: "pause", ms: betweenDigitsMs },
        ]),
      ];
  }
}
