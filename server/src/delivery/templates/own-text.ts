import type { DeliveryVia } from "../../engine/model.ts";
import type { Speech, SpeechPart } from "../provider.ts";

/** Places for the code in a text that a caller wrote: SignalWire's examples have one pair of braces or two. */
const place = /\{\{code\}\}|\{code\}/;

/**
 * The words that a caller wrote, with the code in its places, or behind them after exactly one space. Nothing else in such a
 * text means anything. A voice says the characters of the code one by one.
 */
export function fillOwnText(text: string, code: string, via: DeliveryVia): string {
  return piecesOf(text)
    .join(via === "voice" ? spelled(code) : code)
    .normalize("NFC");
}

/** The same as what a call says, twice: people write while they listen. */
export function ownSpeech(text: string, code: string, invitation: string): Speech {
  const said: SpeechPart = /^\d+$/.test(code)
    ? { kind: "digits", digits: code }
    : { kind: "text", text: spelled(code) };
  const once = piecesOf(text).flatMap((piece, index): readonly SpeechPart[] => [
    ...(index === 0 ? [] : [said]),
    ...(piece.trim() === "" ? [] : [{ kind: "text", text: piece.normalize("NFC") } as const]),
  ]);
  return { parts: [...once, { kind: "pause", seconds: 1 }, ...once], invitation };
}

/** The text around its places for the code: never one piece only. */
function piecesOf(text: string): readonly string[] {
  const pieces = text.split(place);
  return pieces.length > 1 ? pieces : [`${text.trimEnd()} `, ""];
}

function spelled(code: string): string {
  return Array.from(code).join(" ");
}
