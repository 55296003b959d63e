import { fillOwnText } from "../../../delivery/templates/own-text.ts";
import { countSegments } from "../../../delivery/templates/segments.ts";
import type { SignalwireProject } from "../../../engine/settings.ts";

/** What a message says where the request says nothing. */
export const defaultMessage = "Your Personal Authorization Code is:";

/** Characters of a call's text, the token included. */
const longestSpoken = 500;

/** A link, or what a telephone makes one of. */
const link = /https?:\/\/|\bwww\.|\b[\p{L}\d-]+\.[a-z]{2,24}\b/iu;

export interface MessagePlace {
  readonly via: "sms" | "voice";
  readonly tokenLength: number;
  readonly links: SignalwireProject["links"];
}

/** What is wrong with a caller's text, to stand behind the name of its field; undefined when nothing is. */
export function messageProblem(
  message: string,
  { via, tokenLength, links }: MessagePlace,
): string | undefined {
  if (message.trim() === "") return "must not be blank";
  // A line of its own could be taken for the origin-bound line of an SMS, and a reversed one for other words.
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(message)) {
    return "must be one line of plain text";
  }
  if (links === "refused" && link.test(message)) return "must not hold a link";
  const filled = fillOwnText(message, "0".repeat(tokenLength), "sms");
  if (via === "sms") {
    return countSegments(filled).segments > 1
      ? "must fit into one SMS segment together with the token: 160 characters, or 70 when one is outside GSM-7"
      : undefined;
  }
  if (message.trimStart().startsWith("<")) return "must be plain text, not markup";
  return Array.from(filled).length > longestSpoken
    ? `must have at most ${longestSpoken} characters together with the token`
    : undefined;
}
