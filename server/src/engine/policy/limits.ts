import type { Guard } from "../model.ts";
import type { FailureDelay, WindowLimit } from "./policy.ts";

/**
 * How much of a send log is kept whatever the policy at hand: two apps with different windows count on the same number, and
 * the one with the shorter window must not forget what the other still counts. No window may be wider (`validate.ts`). Only
 * admitted sends are logged, so a log is as long as a day's policy allows: ten entries for a number by default.
 */
export const sendLog = { seconds: 86_400, entries: 10_000 } as const;

export type WindowCheck =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly retryAfterSeconds: number };

/**
 * Whether one more send fits into every sliding window. `sends` are whole seconds, oldest first; `now` is milliseconds.
 * `retryAfterSeconds` (at least 1) is when all windows have room again if nothing else is sent.
 */
export function checkWindows(
  sends: readonly number[],
  limits: readonly WindowLimit[],
  now: number,
): WindowCheck {
  let retryAfterSeconds = 0;
  for (const limit of limits) {
    retryAfterSeconds = Math.max(retryAfterSeconds, windowWait(sends, limit, now));
  }
  return retryAfterSeconds > 0 ? { allowed: false, retryAfterSeconds } : { allowed: true };
}

function windowWait(sends: readonly number[], limit: WindowLimit, now: number): number {
  if (limit.max <= 0) return limit.seconds;
  // The window is full exactly when the max-th newest send is still inside it.
  const deciding = sends.at(-limit.max);
  if (deciding === undefined) return 0;
  const untilMs = (deciding + limit.seconds) * 1000 - now;
  return untilMs > 0 ? Math.ceil(untilMs / 1000) : 0;
}

/** The guard with one more send in its log. The log never grows beyond what some window can still count. */
export function appendSend(guard: Guard, limits: readonly WindowLimit[], now: number): Guard {
  const longest = Math.max(sendLog.seconds, ...limits.map((limit) => limit.seconds));
  const largest = Math.max(sendLog.entries, ...limits.map((limit) => limit.max));
  // Rounded up, so that whole seconds never make a window shorter than it says.
  const second = Math.ceil(now / 1000);
  const kept = guard.sends.filter((sent) => (sent + longest) * 1000 > now);
  // A clock that went back must not break the order that checkWindows relies on.
  const sends = [...kept, second].sort((a, b) => a - b).slice(-largest);
  return { ...guard, sends };
}

/** What the failure arithmetic needs of a policy, or of the rules captured by a verification. */
export interface FailureRules {
  readonly failureBudget: number;
  readonly failureDelays: readonly FailureDelay[];
}

/**
 * The guard after one more wrong answer: counted, made to wait by the ladder, and disabled when the budget is spent. Only
 * success or an admin takes it back; a new code does not (NIST SP 800-63B-4 §3.1.3.2).
 */
export function afterFailure(guard: Guard, rules: FailureRules, now: number): Guard {
  const failures = guard.failures + 1;
  const seconds = delaySeconds(rules.failureDelays, failures);
  const spent = failures >= rules.failureBudget;
  return {
    ...guard,
    failures,
    ...(seconds > 0 && { blockedUntil: Math.max(guard.blockedUntil ?? 0, now + seconds * 1000) }),
    ...(spent && { disabledAt: guard.disabledAt ?? now }),
  };
}

/** The step of the ladder that `failures` consecutive failures stand on; 0 below the first one. */
export function delaySeconds(ladder: readonly FailureDelay[], failures: number): number {
  let reached: FailureDelay | undefined;
  for (const step of ladder) {
    if (step.failures <= failures && step.failures >= (reached?.failures ?? 0)) reached = step;
  }
  return reached?.seconds ?? 0;
}

/** The guard after a right answer: the count starts again. `disabledAt` stays, since a disabled one is never asked. */
export function afterSuccess(guard: Guard): Guard {
  return { ...guard, failures: 0, blockedUntil: undefined };
}

/** Whether answers are not looked at for now. Being disabled is another matter (`disabledAt`). */
export function isBlocked(guard: Pick<Guard, "blockedUntil">, now: number): boolean {
  return guard.blockedUntil !== undefined && guard.blockedUntil > now;
}

/** Whole seconds until the next send of a verification that was sent `sends` times; 0: at once. */
export function resendWait(
  rules: { readonly resendDelaysSeconds: readonly number[] },
  sends: number,
  lastSentAt: number | undefined,
  now: number,
): number {
  if (sends <= 0 || lastSentAt === undefined) return 0;
  const delays = rules.resendDelaysSeconds;
  const seconds = delays[Math.min(sends, delays.length) - 1] ?? 0;
  return Math.max(0, Math.ceil((lastSentAt + seconds * 1000 - now) / 1000));
}
