import type { Reply, SpeechPart } from "../../dialogue/model.ts";
import { paced, plainText } from "../../dialogue/phrases/plain.ts";
import { element, type Markup } from "../../xml/emit.ts";
import { regionalTag, speechMarkup } from "../speech.ts";
import type { TwimlSettings } from "./settings.ts";

/** What is said, as verbs. Without markup a pause is a verb of its own, in whole seconds, and short ones are left out. */
export function said(reply: Reply, { markup, voice }: TwimlSettings): readonly Markup[] {
  if (reply.say.length === 0) return [];
  const attributes = { voice: voice === "" ? undefined : voice, language: regionalTag(reply.locale) };
  if (markup === "ssml") {
    return [element("Say", attributes, speechMarkup(reply.say, reply.pace, { digits: "digits" }))];
  }
  return sentences(paced(reply.say, reply.pace)).flatMap(({ parts, pauseMs }) => {
    const text = plainText(parts, "spoken");
    const words = text === "" ? [] : [element("Say", attributes, [text])];
    return pauseMs < leastPauseMs
      ? words
      : [...words, element("Pause", { length: Math.round(pauseMs / 1_000) })];
  });
}

/** A verb cannot pause for less than a second; below this the end of a sentence is pause enough. */
const leastPauseMs = 800;

interface Sentence {
  readonly parts: readonly SpeechPart[];
  readonly pauseMs: number;
}

function sentences(parts: readonly SpeechPart[]): readonly Sentence[] {
  const found: Sentence[] = [];
  let begun: SpeechPart[] = [];
  for (const part of parts) {
    if (part.kind === "pause" && part.ms >= leastPauseMs) {
      found.push({ parts: begun, pauseMs: part.ms });
      begun = [];
    } else {
      begun.push(part);
    }
  }
  return begun.length === 0 ? found : [...found, { parts: begun, pauseMs: 0 }];
}
