/** 3GPP TS 23.038 §6.2.1: one septet each, in code order, without the escape character. */
const basic =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/** 3GPP TS 23.038 §6.2.1.1: escape and code, two septets each. */
const extension = "\f^{}\\[~]|€";

const septets: ReadonlyMap<string, number> = new Map([
  ...Array.from(basic, (character) => [character, 1] as const),
  ...Array.from(extension, (character) => [character, 2] as const),
]);

/** Units of a message that fits alone, and of each part of a longer one (6 bytes of user data header). */
const limits = { "GSM-7": { single: 160, part: 153 }, "UCS-2": { single: 70, part: 67 } } as const;

export interface SegmentCount {
  readonly encoding: "GSM-7" | "UCS-2";
  /** Septets or UTF-16 code units. */
  readonly units: number;
  readonly segments: number;
  /** Units that still fit into the last segment. */
  readonly remaining: number;
  /** The first character that forces UCS-2, and its offset in UTF-16 code units. */
  readonly firstOutside?: { readonly character: string; readonly position: number };
}

/**
 * How an SMS is sent. A character of two septets and a surrogate pair are never split over a boundary, so 152 letters, a
 * euro sign and 152 letters are three segments. Counts the text as it is; `composeMessage` normalises to NFC first.
 */
export function countSegments(text: string): SegmentCount {
  const outside = firstOutside(text);
  const encoding = outside === undefined ? "GSM-7" : "UCS-2";
  const { single, part } = limits[encoding];
  let units = 0;
  let parts = 0;
  let used: number = part;
  for (const character of text) {
    const size = encoding === "GSM-7" ? (septets.get(character) ?? 0) : character.length;
    units += size;
    if (used + size > part) {
      parts += 1;
      used = 0;
    }
    used += size;
  }
  const alone = units <= single;
  return {
    encoding,
    units,
    segments: alone ? Math.min(units, 1) : parts,
    remaining: alone ? single - units : part - used,
    ...(outside === undefined ? {} : { firstOutside: outside }),
  };
}

function firstOutside(text: string): SegmentCount["firstOutside"] {
  let position = 0;
  for (const character of text) {
    if (!septets.has(character)) return { character, position };
    position += character.length;
  }
  return undefined;
}

/** Whether every character costs one septet, as a sender name must. */
export function isBasicGsm(text: string): boolean {
  return Array.from(text).every((character) => septets.get(character) === 1);
}

const typewriter: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201a": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u201e": '"',
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-",
  "\u2014": "-",
  "\u2026": "...",
  "\u00a0": " ",
  "\u202f": " ",
  "\t": " ",
};

/** Typographic quotes, dashes and spaces as on a typewriter: same words, GSM-7. Only for our own Latin texts. */
export function plainPunctuation(text: string): string {
  return text.replace(
    /[\u2018\u2019\u201a\u201c-\u201e\u2010-\u2014\u2026\u00a0\u202f\t]/g,
    (character) => typewriter[character] ?? character,
  );
}
