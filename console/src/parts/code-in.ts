/** A message cut at its code, so that the code can be shown large. Undefined when there is none in it. */
export interface CutMessage {
  readonly before: string;
  /** As it stands in the text: with spaces, or digit by digit as a voice says it. */
  readonly code: string;
  readonly after: string;
  /** Digits only. */
  readonly digits: string;
}

/** Finds the code of a simulated message: a run of four to ten digits that nothing but spaces and marks of a pause divide. */
export function cutAtCode(text: string): CutMessage | undefined {
  const found = /\d(?:[\s.,-]{0,3}\d){3,9}/u.exec(text);
  if (found === null) return undefined;
  const [code] = found;
  return {
    before: text.slice(0, found.index),
    code,
    after: text.slice(found.index + code.length),
    digits: code.replaceAll(/\D/gu, ""),
  };
}
