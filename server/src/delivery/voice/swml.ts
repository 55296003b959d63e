import type { Speech, SpeechPart } from "../provider.ts";
import { regionalTag, voiceFor } from "./languages.ts";
import { singleDigits } from "./plain.ts";

export interface SwmlOptions {
  readonly locale: string;
  /** Voice per language tag or language; before those that are built in. */
  readonly voices?: Readonly<Record<string, string>> | undefined;
  /** `invited`: the code is said only after a key was pressed, so that no machine gets it. */
  readonly opening: "invited" | "at_once";
}

/** Seconds to press a key in. */
const keySeconds = 8;
const longestCallSeconds = 120;

/** The whole call as one SignalWire Markup Language document, so that the code never stands at a URL. */
export function swmlDocument(speech: Speech, options: SwmlOptions): object {
  const voice = voiceFor(options.locale, options.voices);
  const speaker = {
    say_language: regionalTag(options.locale),
    ...(voice !== undefined && { say_voice: voice }),
  };
  const words = [{ play: { urls: ["silence:1", ...spoken(speech.parts)], ...speaker } }, { hangup: {} }];
  const invitation = `say:${plainly(speech.invitation)}`;
  const prompt = {
    play: ["silence:1", invitation, "silence:2", invitation],
    max_digits: 1,
    initial_timeout: keySeconds,
    ...speaker,
  };
  const invited = [
    { prompt },
    { switch: { variable: "prompt_result", case: { match_digits: words }, default: [{ hangup: {} }] } },
  ];
  const main = [
    { answer: { max_duration: longestCallSeconds } },
    ...(options.opening === "invited" ? invited : words),
  ];
  return { version: "1.0.0", sections: { main } };
}

/** One saying for all that has no pause in it. */
function spoken(parts: readonly SpeechPart[]): readonly string[] {
  const urls: string[] = [];
  let words = "";
  const end = (): void => {
    if (words !== "") urls.push(`say:${words.trim()}`);
    words = "";
  };
  for (const part of parts) {
    if (part.kind === "pause") {
      end();
      urls.push(`silence:${part.seconds}`);
    } else words += part.kind === "text" ? plainly(part.text) : `${singleDigits(part.digits)} `;
  }
  end();
  return urls;
}

/** The platform fills `${…}` and `%{…}` in from the call: what a name or template holds must stay text. */
function plainly(text: string): string {
  return text.replace(/[$%]\{/g, "{");
}
