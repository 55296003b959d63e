import type { Policy } from "./policy.ts";
import { type ExplainedSending, explainSending } from "./sending-explain.ts";
import { type PlainPolicy, type PolicyAt, type Settled, settlePolicy } from "./settle.ts";

/** Why a setting has its value: whose word it is, what every layer said, and the rule that chose, as a sentence. */
export interface Explained<Value> extends Settled<Value> {
  readonly rule: string;
}

export type ExplainedPolicy = { readonly [Setting in keyof PlainPolicy]: Explained<Policy[Setting]> } & {
  readonly sending: ExplainedSending;
};

const rules: Readonly<Record<keyof PlainPolicy, string>> = {
  vias: "A method is offered only when every layer allows it; the most specific layer sets the order.",
  codeLength:
    "The longest code wins, from 6 to 10 digits; 3 to 5 only for a publication with legacy pins on.",
  codeTtlSeconds: "The shortest lifetime wins, at most 600 seconds.",
  maxAttempts: "The fewest attempts win, at most 10, and at most 3 for a pin of 3 to 5 digits.",
  maxSends: "The fewest messages per verification win, at most 10.",
  resend: "The most specific layer wins.",
  resendDelaysSeconds: "The most specific layer wins.",
  failureBudget:
    "The smallest budget wins, at most 100; a pin allows at most 3 failures with 3 digits, 5 with 4 and 10 with 5.",
  failureDelays: "At every number of failures the longest wait of all layers wins.",
  sendsPerDestination: "The most specific layer wins, inside the windows of the server's ceiling.",
  sendsPerUser: "The most specific layer wins, inside the windows of the server's ceiling.",
  legacyPin: "Only a publication can allow pins, and any layer that forbids them wins.",
  receiptTtlSeconds: "The shortest lifetime wins, at most 3600 seconds.",
};

/** The same decision as `resolvePolicy`, with its reasons. */
export function explainPolicy(layers: readonly PolicyAt[]): ExplainedPolicy {
  const settled = settlePolicy(layers);
  return {
    vias: { ...settled.vias, rule: rules.vias },
    codeLength: { ...settled.codeLength, rule: rules.codeLength },
    codeTtlSeconds: { ...settled.codeTtlSeconds, rule: rules.codeTtlSeconds },
    maxAttempts: { ...settled.maxAttempts, rule: rules.maxAttempts },
    maxSends: { ...settled.maxSends, rule: rules.maxSends },
    resend: { ...settled.resend, rule: rules.resend },
    resendDelaysSeconds: { ...settled.resendDelaysSeconds, rule: rules.resendDelaysSeconds },
    failureBudget: { ...settled.failureBudget, rule: rules.failureBudget },
    failureDelays: { ...settled.failureDelays, rule: rules.failureDelays },
    sendsPerDestination: { ...settled.sendsPerDestination, rule: rules.sendsPerDestination },
    sendsPerUser: { ...settled.sendsPerUser, rule: rules.sendsPerUser },
    sending: explainSending(settled.sending),
    legacyPin: { ...settled.legacyPin, rule: rules.legacyPin },
    receiptTtlSeconds: { ...settled.receiptTtlSeconds, rule: rules.receiptTtlSeconds },
  };
}
