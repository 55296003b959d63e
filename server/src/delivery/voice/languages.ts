/** The tag by which speech engines know a language: with its region, the most likely one if none is named (`de` → `de-DE`). */
export function regionalTag(locale: string): string {
  try {
    const { language, region } = new Intl.Locale(locale).maximize();
    return region === undefined ? language : `${language}-${region}`;
  } catch {
    return "en-US";
  }
}

/**
 * Voices that take SSML, on Twilio and SignalWire alike. Their own default speaks English whatever the text, or ignores
 * `say-as`, so that a code would be read as one number.
 */
const builtIn: Readonly<Record<string, string>> = {
  "en-GB": "Polly.Amy",
  en: "Polly.Joanna",
  de: "Polly.Vicki",
  fr: "Polly.Lea",
  "es-MX": "Polly.Mia",
  es: "Polly.Lucia",
  it: "Polly.Bianca",
  nl: "Polly.Lotte",
  "pt-BR": "Polly.Camila",
};

/** A voice by the tag itself or its language alone (`{"de": …}` serves `de-AT`), from `voices` or else a known one. */
export function voiceFor(
  locale: string,
  voices: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const tag = regionalTag(locale);
  const names = [tag, tag.split("-", 1)[0] ?? ""];
  const tables = [voices ?? {}, builtIn];
  const table = tables.find((one) => names.some((name) => Object.hasOwn(one, name)));
  const name = names.find((one) => table !== undefined && Object.hasOwn(table, one));
  return table?.[name ?? ""];
}
