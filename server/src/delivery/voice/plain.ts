import type { SpeechPart } from "../provider.ts";

/** The speech as words alone: a full stop after each digit makes every voice read them one by one, and slowly. */
export function plainWords(parts: readonly SpeechPart[]): string {
  return parts
    .map((part) => {
      if (part.kind === "pause") return "";
      return part.kind === "text" ? part.text.trim() : singleDigits(part.digits);
    })
    .filter((words) => words !== "")
    .join(" ");
}

/** `408127` → `4. 0. 8. 1. 2. 7.`, and letters alike. */
export function singleDigits(digits: string): string {
  return Array.from(digits, (digit) => `${digit}.`).join(" ");
}
