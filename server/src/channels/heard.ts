import type { Input, Turn } from "../dialogue/model.ts";

/** Far more than any code; what is longer was not pressed by a person. */
const mostKeys = 64;
const longestSpeech = 500;

/** How the person may answer, by the setting `input` of a publication; undefined for keys, as is usual on a telephone. */
export function mannerOf(input: "keys" | "speech" | "keys_and_speech"): Turn["manner"] {
  if (input === "keys") return undefined;
  return input === "speech" ? "speech" : "either";
}

/**
 * Keys as a platform tells them: some write spaces between. Anything but keys among them is no answer, and is not made one
 * by leaving it out.
 */
export function keysHeard(given: string | undefined): Input {
  const keys = (given ?? "").replaceAll(" ", "");
  if (keys === "") return { kind: "silence" };
  return keys.length <= mostKeys && /^[0-9*#]+$/.test(keys) ? { kind: "keys", keys } : { kind: "no_match" };
}

/**
 * For platforms that end a choice with its first key: what was pressed together with a star before it. Undefined: a star
 * that is a wish's first key was pressed, and the second one is still to be waited for (`star` is `follows`); the answer to
 * that comes back with `pressed`.
 */
export function withStar(star: string | undefined, input: Input): Input | undefined {
  if (star === "pressed") return keysHeard(input.kind === "keys" ? `*${input.keys}` : "*");
  return star === "follows" && input.kind === "keys" && input.keys === "*" ? undefined : input;
}

/**
 * The best hypothesis of a recogniser. `confidence` is 0 to 1, as text or number; below `least` it is no answer.
 */
export function speechHeard(
  given: string,
  said: { readonly confidence?: string | number | undefined; readonly least: number },
): Input {
  const text = given.trim();
  if (text === "") return { kind: "silence" };
  const confidence = said.confidence === undefined ? Number.NaN : Number(said.confidence);
  const known = confidence >= 0 && confidence <= 1;
  if (text.length > longestSpeech || (known && confidence < said.least)) return { kind: "no_match" };
  return { kind: "speech", text };
}

/** The E.164 number of `+49…`, `tel:+49…` or `sip:+49…@host`; undefined for `anonymous` and the like. */
export function numberOf(address: string | undefined): string | undefined {
  const [, number] = /^(?:tel:|sips?:)?(\+[1-9][0-9]{6,14})(?:[@;].*)?$/i.exec(address?.trim() ?? "") ?? [];
  return number;
}

const languageTag = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,4}$/;

/** A language tag in BCP 47's form; undefined for anything else. */
export function localeOf(tag: string | undefined): string | undefined {
  return tag !== undefined && languageTag.test(tag) ? tag : undefined;
}
