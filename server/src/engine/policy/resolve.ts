import type { Policy, PolicyLayer } from "./policy.ts";
import { sendRulesOf } from "./sending-settle.ts";
import { type PolicyAt, settlePolicy } from "./settle.ts";

/**
 * The policy in force over these layers: the default, which the organization may raise up to the ceiling, narrowed by the
 * more specific layers. A `server` layer is what the operator of this server demands of everybody: it binds the
 * organization too. Values outside the product's bounds are pulled inside (POL-01), so nothing stored can weaken them.
 */
export function resolvePolicy(layers: readonly PolicyAt[]): Policy {
  const settled = settlePolicy(layers);
  return {
    vias: settled.vias.value,
    codeLength: settled.codeLength.value,
    codeTtlSeconds: settled.codeTtlSeconds.value,
    maxAttempts: settled.maxAttempts.value,
    maxSends: settled.maxSends.value,
    resend: settled.resend.value,
    resendDelaysSeconds: settled.resendDelaysSeconds.value,
    failureBudget: settled.failureBudget.value,
    failureDelays: settled.failureDelays.value,
    sendsPerDestination: settled.sendsPerDestination.value,
    sendsPerUser: settled.sendsPerUser.value,
    sending: sendRulesOf(settled.sending),
    legacyPin: settled.legacyPin.value,
    receiptTtlSeconds: settled.receiptTtlSeconds.value,
  };
}

/** A resolved policy narrowed by one person's own layer; the same one where the person has none, as most do. */
export function narrowForUser(policy: Policy, layer: PolicyLayer): Policy {
  if (Object.keys(layer).length === 0) return policy;
  return resolvePolicy([
    { level: "server", layer: policy },
    { level: "user", layer },
  ]);
}
