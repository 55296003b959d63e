import { vias } from "../model.ts";
import type { Bounds } from "./bounds.ts";
import type { Policy, PolicyLayer } from "./policy.ts";
import { defaultSending, openSending } from "./sending-defaults.ts";

/** What no layer of any level may leave. */
export const policyBounds = {
  codeLength: { least: 6, most: 10 },
  codeTtlSeconds: { least: 30, most: 600 },
  maxAttempts: { least: 1, most: 10 },
  maxSends: { least: 1, most: 10 },
  failureBudget: { least: 1, most: 100 },
  receiptTtlSeconds: { least: 30, most: 3600 },
} as const satisfies Partial<Record<keyof Policy, Bounds>>;

export type NumberSetting = keyof typeof policyBounds;

/** Lengths of a pin, which an admin may switch on for one publication. */
export const pinLength: Bounds = { least: 3, most: 5 };

/** Answers per pin, whatever a layer says. */
export const pinMaxAttempts = 3;

/** Consecutive failures before an authenticator is disabled where pins are in use: the shorter the pin, the fewer. */
export function pinFailureBudget(length: number): number {
  if (length <= 3) return 3;
  return length === 4 ? 5 : 10;
}

/** The weakest policy that this product permits: 600 s, 10 attempts, 100 failures (NIST SP 800-63B-4 §3.2.2). */
export const serverCeiling: Policy = {
  vias,
  codeLength: policyBounds.codeLength.least,
  codeTtlSeconds: policyBounds.codeTtlSeconds.most,
  maxAttempts: policyBounds.maxAttempts.most,
  maxSends: policyBounds.maxSends.most,
  resend: "new",
  resendDelaysSeconds: [0],
  failureBudget: policyBounds.failureBudget.most,
  failureDelays: [],
  sendsPerDestination: [
    { max: 1000, seconds: 600 },
    { max: 10_000, seconds: 86_400 },
  ],
  sendsPerUser: [{ max: 10_000, seconds: 3600 }],
  sending: openSending,
  legacyPin: false,
  receiptTtlSeconds: policyBounds.receiptTtlSeconds.most,
};

/**
 * What a server in production demands of every organization: a real telephone rings, and every message costs. Only the demo
 * and tests, which have the simulated phone, may go up to the ceiling itself.
 */
export const productionDemand: PolicyLayer = {
  sendsPerDestination: [
    { max: 10, seconds: 600 },
    { max: 30, seconds: 86_400 },
  ],
  sendsPerUser: [{ max: 30, seconds: 3600 }],
};

/** What holds where no layer says otherwise. */
export const defaultPolicy: Policy = {
  vias,
  codeLength: 6,
  codeTtlSeconds: 300,
  maxAttempts: 3,
  maxSends: 3,
  resend: "new",
  resendDelaysSeconds: [0],
  failureBudget: 20,
  failureDelays: [
    { failures: 8, seconds: 30 },
    { failures: 10, seconds: 60 },
    { failures: 12, seconds: 300 },
    { failures: 15, seconds: 1800 },
    { failures: 18, seconds: 3600 },
  ],
  sendsPerDestination: [
    { max: 5, seconds: 600 },
    { max: 10, seconds: 86_400 },
  ],
  sendsPerUser: [{ max: 10, seconds: 3600 }],
  sending: defaultSending,
  legacyPin: false,
  receiptTtlSeconds: 300,
};
