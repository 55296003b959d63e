import { resendWait } from "../../engine/policy/limits.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Published } from "../channel.ts";
import type { Counted, Seat } from "./memory.ts";
import type { Sent } from "./send.ts";
import type { SwaigSettings } from "./settings.ts";
import { texts } from "./texts.ts";
import type { Verdict } from "./verdict.ts";
import { whereOf } from "./where.ts";

/** Nobody is known: told where the publication says so, and else everything goes on as if somebody were. No code exists. */
export function sendDecoy(
  policy: Policy,
  { memory }: Seat,
  { settings }: Published<SwaigSettings>,
  now: number,
): Sent {
  if (settings.unknownCaller === "tell") return { told: { text: texts.nobody, stage: "begin" }, memory };
  const before = memory.decoy !== undefined && isLive(memory.decoy, now) ? memory.decoy : undefined;
  if (before !== undefined) {
    if (before.sends >= before.maxSends) return { told: { text: texts.noMoreSends }, memory };
    const wait = resendWait(policy, before.sends, before.lastSentAt, now);
    if (wait > 0) return { told: { text: texts.tooSoon(wait), stage: "asked" }, memory };
  }
  const digits = settings.digits ?? policy.codeLength;
  const decoy: Counted = {
    digits,
    attempts: before?.attempts ?? 0,
    maxAttempts: policy.maxAttempts,
    sends: (before?.sends ?? 0) + 1,
    maxSends: policy.maxSends,
    lastSentAt: now,
    expiresAt: now + policy.codeTtlSeconds * 1000,
  };
  const text = texts.sent(digits, whereOf(settings, undefined), "");
  return { told: { text, stage: "asked" }, memory: { ...memory, decoy } };
}

function isLive({ attempts, maxAttempts, expiresAt }: Counted, now: number): boolean {
  return attempts < maxAttempts && now < expiresAt;
}

interface Counting {
  readonly verdict?: Verdict | undefined;
  readonly counted: Counted;
}

/** Counts one answer. Without a verdict the answer is still to be looked at. */
export function count(code: Counted, now: number): Counting {
  if (now >= code.expiresAt) return { verdict: { kind: "expired" }, counted: code };
  if (code.attempts >= code.maxAttempts) return { verdict: { kind: "exhausted" }, counted: code };
  return { counted: { ...code, attempts: code.attempts + 1 } };
}

export function wrongAfter({ attempts, maxAttempts }: Counted): Verdict {
  const left = maxAttempts - attempts;
  return left > 0 ? { kind: "wrong", left } : { kind: "exhausted" };
}
