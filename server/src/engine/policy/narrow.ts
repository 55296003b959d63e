import type { Policy, PolicyLayer } from "./policy.ts";
import { resolvePolicy } from "./resolve.ts";

/** What a surface may ask for at the start of a verification: settings of which the stricter always wins. */
export type NarrowingLayer = Pick<
  PolicyLayer,
  "vias" | "codeLength" | "codeTtlSeconds" | "maxAttempts" | "maxSends"
>;

/** Most layers remembered for one policy; a publication has one. */
const mostRemembered = 100;

/** The same object for the same question: a store is told each policy once. */
const memory = new WeakMap<Policy, Map<string, Policy>>();

/**
 * A resolved policy with the wishes of a surface below it. It never loosens anything: a shorter code than the policy's is
 * passed over, so a pin stays what only the policy of a publication can allow.
 */
export function narrowPolicy(policy: Policy, layer: NarrowingLayer): Policy {
  const known = memory.get(policy) ?? new Map<string, Policy>();
  memory.set(policy, known);
  const question = JSON.stringify(layer);
  const answer = known.get(question) ?? narrow(policy, layer);
  if (known.size >= mostRemembered) known.clear();
  known.set(question, answer);
  return answer;
}

function narrow(policy: Policy, { codeLength, ...layer }: NarrowingLayer): Policy {
  const longer = codeLength !== undefined && codeLength > policy.codeLength;
  return resolvePolicy([
    { level: "server", layer: policy },
    { level: "user", layer: longer ? { ...layer, codeLength } : layer },
  ]);
}
