import type { Via } from "../model.ts";
import type { SendingLayer, SendRules } from "./sending.ts";

/** After `failures` consecutive failures, wait `seconds` before the next answer is looked at. */
export interface FailureDelay {
  readonly failures: number;
  readonly seconds: number;
}

/** At most `max` within any `seconds`. */
export interface WindowLimit {
  readonly max: number;
  readonly seconds: number;
}

/** Every setting of a policy. A layer sets some; `engine/policy/resolve.ts` says how layers combine. */
export interface Policy {
  /** Ways a verification may be answered. Layers intersect. */
  readonly vias: readonly Via[];
  /** Digits of a delivered code; 6–10, or 3–5 with `legacyPin`. The longest wins. */
  readonly codeLength: number;
  /** Seconds a delivered code lives; 30–600. The shortest wins. */
  readonly codeTtlSeconds: number;
  /** Answers per code; 1–10. The fewest win. */
  readonly maxAttempts: number;
  /** Messages per verification; 1–10. The fewest win. */
  readonly maxSends: number;
  /** `new`: a resend makes a new code; `same`: it repeats the living one. The most specific layer wins. */
  readonly resend: "new" | "same";
  /** Seconds between the sends of one verification; the last entry repeats. The most specific layer wins. */
  readonly resendDelaysSeconds: readonly number[];
  /** Consecutive failures before an authenticator is disabled; 1–100. The fewest win. */
  readonly failureBudget: number;
  readonly failureDelays: readonly FailureDelay[];
  /** Sends per destination and per user. The most specific layer wins, inside the server's ceiling. */
  readonly sendsPerDestination: readonly WindowLimit[];
  readonly sendsPerUser: readonly WindowLimit[];
  /** What may be sent to telephones; each of its rules is settled by itself. */
  readonly sending: SendRules;
  /** Allows 3–5 digit pins (publication only, set by an admin); then at most 3 attempts. */
  readonly legacyPin: boolean;
  /** Seconds a receipt is valid; 30–3600. The shortest wins. */
  readonly receiptTtlSeconds: number;
}

export type PolicyLayer = Partial<Omit<Policy, "sending">> & { readonly sending?: SendingLayer | undefined };
