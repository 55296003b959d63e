import { element, type Markup, xmlDocument } from "../../xml/emit.ts";
import type { Speech, SpeechPart } from "../provider.ts";
import { regionalTag, voiceFor } from "./languages.ts";
import { singleDigits } from "./plain.ts";

/** How a call is spoken by platforms that take `<Say>` (TwiML, cXML). */
export interface SayOptions {
  readonly locale: string;
  /** Voice per language tag or language, before those that are built in. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
}

/** Seconds to press a key in, after each of two askings. */
const keySeconds = 8;

/** The whole call once it may tell the code: the words, and the end. */
export function wordsDocument(speech: Speech, options: SayOptions): string {
  return xmlDocument(
    element("Response", {}, [
      element("Pause", { length: 1 }),
      ...sayings(speech.parts).map((parts) => say(parts, options)),
      element("Hangup"),
    ]),
  );
}

/**
 * Asks for a key, twice, and ends. A key is told to the URL that this document came from, which is what `<Gather>` does
 * without an `action`. A machine that answers hears this and nothing else.
 */
export function invitationDocument(speech: Speech, options: SayOptions): string {
  const asking = element("Gather", { input: "dtmf", numDigits: 1, finishOnKey: "", timeout: keySeconds }, [
    say([{ kind: "text", text: speech.invitation }], options),
  ]);
  return xmlDocument(
    element("Response", {}, [element("Pause", { length: 1 }), asking, asking, element("Hangup")]),
  );
}

/** Runs without a pause in them; a pause is a verb of its own between two of them. */
function sayings(parts: readonly SpeechPart[]): readonly (readonly SpeechPart[])[] {
  const runs: SpeechPart[][] = [[]];
  for (const part of parts) {
    if (part.kind === "pause") runs.push([part], []);
    else runs.at(-1)?.push(part);
  }
  return runs.filter((run) => run.length > 0);
}

function say(parts: readonly SpeechPart[], { locale, voices }: SayOptions): Markup {
  const [first] = parts;
  if (first?.kind === "pause") return element("Pause", { length: first.seconds });
  const voice = voiceFor(locale, voices);
  const content = parts.flatMap((part): readonly (Markup | string)[] => {
    if (part.kind === "pause") return [];
    if (part.kind === "text") return [part.text];
    return voice === undefined ? [`${singleDigits(part.digits)} `] : spelled(part.digits);
  });
  return element("Say", { language: regionalTag(locale), voice }, content);
}

function spelled(digits: string): readonly Markup[] {
  const kind = /^[0-9]+$/.test(digits) ? "digits" : "characters";
  const read = element("say-as", { "interpret-as": kind }, [digits]);
  return [element("prosody", { rate: "slow" }, [read]), element("break", { time: "700ms" })];
}
