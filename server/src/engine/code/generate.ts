import type { Random } from "../tools.ts";

export interface GenerateOptions {
  /** `avoided`: the first digit is 1–9, for pins that a recogniser may hear as a number and write without its zero. */
  readonly leadingZero: "allowed" | "avoided";
}

/** The longest code of any surface (SignalWire's `token_length`); policies stop at ten. */
const longest = 20;

/** Digits per draw: 10^12 is far inside what one draw can give without bias. */
const digitsPerDraw = 12;

/**
 * A decimal code as text, uniform over all codes of that length, or over those that do not start with zero.
 * Throws RangeError when `length` is not an integer from 1 to 20.
 */
export function generateCode(length: number, options: GenerateOptions, random: Random): string {
  if (!Number.isInteger(length) || length < 1 || length > longest) {
    throw new RangeError(`A code has 1 to ${longest} digits.`);
  }
  if (options.leadingZero === "allowed") return drawDigits(length, random);
  return String(1 + random.integer(9)) + drawDigits(length - 1, random);
}

function drawDigits(length: number, random: Random): string {
  let code = "";
  while (code.length < length) {
    const digits = Math.min(digitsPerDraw, length - code.length);
    code += String(random.integer(10 ** digits)).padStart(digits, "0");
  }
  return code;
}
