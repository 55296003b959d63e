import type { VerificationRules } from "../model.ts";
import { type Bounds, isWhole } from "../policy/bounds.ts";

/**
 * What a surface with documented ranges of its own asks for in one start. Such a surface is a drop-in for another product, so
 * its callers choose length, lifetime and attempts per request, inside that product's ranges and not inside the policy's. Of
 * the policy the methods, the failure budget with its waits, and the send windows hold as for everybody.
 * Only the route of the surface sets it; nothing that a caller of `/v1` sends becomes one. See docs/decisions/0006.
 */
export interface StartTerms {
  readonly surface: Surface;
  /** Characters of the code. */
  readonly codeLength: number;
  readonly codeAlphabet: CodeAlphabet;
  /** Seconds; 0: the code is over as soon as it is made, and no message leaves. */
  readonly codeTtlSeconds: number;
  readonly maxAttempts: number;
  /**
   * What the message says, instead of a template: with places for the code, or without, and then the code follows.
   * `delivery/templates/own-text.ts` fills it in.
   */
  readonly text: string;
  /** The id that the caller is given; the verification keeps its own, time-ordered one. */
  readonly publicId: string;
}

export type Surface = "signalwire";

/** `alphanumeric`: of `tokenAlphabet`. */
export type CodeAlphabet = "digits" | "alphanumeric";

/** The ranges that each surface documents. SignalWire: MFA API, "Request an MFA token". */
export const surfaceRanges = {
  signalwire: {
    codeLength: { least: 4, most: 20 },
    codeTtlSeconds: { least: 0, most: 604_800 },
    maxAttempts: { least: 1, most: 20 },
  },
} as const satisfies Readonly<Record<Surface, Readonly<Record<keyof Ranged, Bounds>>>>;

type Ranged = Pick<StartTerms, "codeLength" | "codeTtlSeconds" | "maxAttempts">;

/** Purposes that begin so are the server's own: no caller names one. */
export const ownPurposePrefix = "countersign.";

/** Purpose of what the SignalWire surface starts, so that its requests and those of `/v1` are never taken for each other. */
export const signalwirePurpose = `${ownPurposePrefix}signalwire`;

/** The captured rules with the terms in them. Throws RangeError outside the surface's ranges: the route let it through. */
export function rulesOnTerms(rules: VerificationRules, terms: StartTerms): VerificationRules {
  const { codeLength, codeTtlSeconds, maxAttempts, codeAlphabet } = terms;
  const ranged: Ranged = { codeLength, codeTtlSeconds, maxAttempts };
  for (const [name, bounds] of Object.entries(surfaceRanges[terms.surface])) {
    if (!isWhole(ranged[name as keyof Ranged], bounds)) {
      throw new RangeError(`${name} is outside the ranges of the surface ${terms.surface}.`);
    }
  }
  return { ...rules, ...ranged, ...(codeAlphabet === "alphanumeric" && { codeAlphabet }) };
}
