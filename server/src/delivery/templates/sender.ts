import { isBasicGsm } from "./segments.ts";

/** Alphanumeric senders have at most 11 characters (3GPP TS 23.040 §9.1.2.5). */
export const longestSender = 11;

export type SenderKind = "alphanumeric" | "number" | "short_code";

/** What kind of SMS sender this is; undefined when no network would take it. */
export function senderKind(sender: string): SenderKind | undefined {
  if (!isBasicGsm(sender) || sender.trim() !== sender) return undefined;
  if (/^[0-9]{3,8}$/.test(sender)) return "short_code";
  if (/^\+?[0-9]{3,15}$/.test(sender)) return "number";
  return /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/.test(sender) ? "alphanumeric" : undefined;
}

/** What is wrong with an SMS sender, as a sentence; undefined when nothing is. */
export function senderProblem(sender: string): string | undefined {
  if (senderKind(sender) !== undefined) return undefined;
  if (sender.trim() !== sender) return "The sender must not begin or end with a space.";
  if (/^\+?[0-9]*$/.test(sender)) return "A numeric sender has 3 to 15 digits.";
  if (Array.from(sender).length > longestSender) {
    return `The sender has at most ${longestSender} characters.`;
  }
  return "The sender holds letters, digits and spaces only (A-Z a-z 0-9), and at least one letter.";
}
