import type { Pace, SpeechPart } from "../dialogue/model.ts";
import { paced } from "../dialogue/phrases/plain.ts";
import { element, type Markup } from "../xml/emit.ts";

/** How an engine wants digits to be marked: `digits`, or `vxml:digits` in VoiceXML. */
export interface SpeechDialect {
  readonly digits: string;
}

/** What is said as SSML content (W3C Speech Synthesis 1.0), for a prompt element of the channel. */
export function speechMarkup(
  parts: readonly SpeechPart[],
  pace: Pace,
  dialect: SpeechDialect,
): readonly (Markup | string)[] {
  const said = paced(parts, pace).map((part) => partMarkup(part, dialect));
  return pace === "slow" ? [element("prosody", { rate: "slow" }, said)] : said;
}

function partMarkup(part: SpeechPart, { digits }: SpeechDialect): Markup | string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "digits":
      return element("say-as", { "interpret-as": digits }, [part.digits]);
    case "pause":
      return element("break", { time: `${Math.round(part.ms)}ms` });
  }
}

/** A tag with its region, as telephony platforms name languages: `de` is `de-DE`, `en` is `en-US`. */
export function regionalTag(locale: string): string {
  try {
    const { language, region } = new Intl.Locale(locale).maximize();
    return region === undefined ? language : `${language}-${region}`;
  } catch {
    return locale;
  }
}
