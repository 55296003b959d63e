import { normalizeCode } from "../../engine/code/normalize.ts";
import { type CheckResult, checkVerification } from "../../engine/verification/check.ts";
import { count, wrongAfter } from "./decoy.ts";
import type { Asked, SwaigMemory } from "./memory.ts";
import { verifyOutside } from "./outside.ts";
import type { Errand } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";
import type { Verdict } from "./verdict.ts";

export interface Verified {
  readonly verdict: Verdict;
  readonly memory: SwaigMemory;
}

/** One answer, one attempt. What is not of the right form costs none. */
export async function verifyAnswer(answer: unknown, errand: Errand): Promise<Verified> {
  const { seat, publication, tools } = errand;
  const { memory } = seat;
  const { asked, decoy } = memory;
  if (asked !== undefined) {
    return { verdict: await verifyAsked(answer, asked, errand), memory };
  }
  if (decoy === undefined) return { verdict: { kind: "none" }, memory };
  const read = readAnswer(answer, [decoy.digits], publication.settings);
  if (read.kind === "repeat") return { verdict: read, memory };
  const counting = count(decoy, tools.services.clock.now());
  return {
    verdict: counting.verdict ?? wrongAfter(counting.counted),
    memory: { ...memory, decoy: counting.counted },
  };
}

async function verifyAsked(answer: unknown, asked: Asked, errand: Errand): Promise<Verdict> {
  const { publication, tools, idempotency } = errand;
  const read = readAnswer(answer, asked.lengths, publication.settings);
  if (read.kind === "repeat") return read;
  if (asked.outside) return verdictOf(await verifyOutside(read.canonical, asked.verification, errand));
  const result = await checkVerification(
    {
      organization: publication.organization,
      actor: `channel:${publication.id}`,
      // The platform's repetition of the last answer is told the same; an idempotency key would cost as much as the check.
      attempt: idempotency.key,
      id: asked.verification,
      answer: read.text,
      locale: read.locale,
      // More digits than the code has are an answer, and a wrong one.
      lengths: read.kind === "long" ? undefined : asked.lengths,
    },
    tools.services,
  );
  return verdictOf(result);
}

type Read =
  | { readonly kind: "repeat" }
  | {
      readonly kind: "right_length" | "long";
      readonly text: string;
      readonly canonical: string;
      readonly locale: string | undefined;
    };

/** Longest code that any policy allows. */
const mostDigits = 10;
const usualDigits = 6;

/**
 * The digits in what the model gave. A JSON number has lost its leading zeros and gets them back; a text has all the digits it
 * has, so one that is too short was misheard.
 */
export function readAnswer(
  answer: unknown,
  lengths: readonly number[],
  { languages }: Pick<SwaigSettings, "languages">,
): Read {
  // Of a test number the length is not known; most codes have six digits.
  const text = textIn(answer, lengths.length === 1 ? (lengths[0] ?? usualDigits) : usualDigits);
  if (text === undefined) return { kind: "repeat" };
  for (const { code: locale } of languages) {
    const found = normalizeCode(text, { kind: "digits", locale, lengths });
    const canonical = found.ok && !isPadded(found.candidates, text, locale) ? found.candidates[0] : undefined;
    if (canonical !== undefined) return { kind: "right_length", text, canonical, locale };
  }
  const locale = languages[0]?.code;
  const longer = range(Math.max(...lengths) + 1, mostDigits);
  const long =
    longer.length > 0 ? normalizeCode(text, { kind: "digits", locale, lengths: longer }) : undefined;
  const [canonical] = long?.ok && !isPadded(long.candidates, text, locale) ? long.candidates : [];
  return canonical === undefined ? { kind: "repeat" } : { kind: "long", text, canonical, locale };
}

function textIn(answer: unknown, digits: number): string | undefined {
  if (typeof answer === "number") {
    return Number.isSafeInteger(answer) && answer >= 0 ? String(answer).padStart(digits, "0") : undefined;
  }
  return typeof answer === "string" ? answer : undefined;
}

/** Whether the zeros in front were put there by the reader: the same answer is also one of fewer digits. */
function isPadded(candidates: readonly string[], text: string, locale: string | undefined): boolean {
  const [first = ""] = candidates;
  if (text === first) return false;
  const shorter = normalizeCode(text, { kind: "digits", locale, lengths: range(1, first.length - 1) });
  return shorter.ok && shorter.candidates.some((one) => `0${one}` === first || `00${one}` === first);
}

function range(least: number, most: number): readonly number[] {
  return Array.from({ length: Math.max(0, most - least + 1) }, (_, index) => least + index);
}

function verdictOf(result: CheckResult): Verdict {
  switch (result.kind) {
    case "approved":
      return { kind: "approved" };
    case "malformed":
      return { kind: "repeat" };
    case "unknown":
      return { kind: "none" };
    case "refused":
      return refusedVerdict(result);
  }
}

function refusedVerdict({
  reason,
  verification,
}: Extract<CheckResult, { readonly kind: "refused" }>): Verdict {
  const { status, attempts, rules } = verification;
  switch (reason) {
    case "closed":
      // One verification, finished on any surface: the person approved it elsewhere meanwhile.
      if (status === "approved") return { kind: "approved" };
      return status === "denied" ? { kind: "exhausted" } : { kind: "expired" };
    case "expired":
    case "checked_outside":
      return { kind: "expired" };
    case "exhausted":
      return { kind: "exhausted" };
    case "disabled":
      return { kind: "locked" };
    case "throttled":
      return { kind: "throttled", seconds: throttleSeconds };
    case "wrong":
    case "replayed":
    case "unanswered":
      if (verification.reason === "authenticator_disabled") return { kind: "locked" };
      if (status !== "pending") return { kind: "exhausted" };
      return reason === "unanswered"
        ? { kind: "unavailable" }
        : { kind: "wrong", left: rules.maxAttempts - attempts };
  }
}

/** The first wait of the policy is half a minute; how long it is exactly helps only who guesses. */
const throttleSeconds = 30;
