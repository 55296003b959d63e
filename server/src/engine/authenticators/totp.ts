import { matchTotp } from "../code/totp.ts";
import type { Authenticator } from "../model.ts";
import type { EngineTools } from "../tools.ts";

/** Steps before and after the current one that are accepted: one, as RFC 6238 §5.2 recommends. */
const windowSteps = 1;

/**
 * Which time step of the authenticator's seed a candidate belongs to; undefined when none does. Always the same amount of
 * work for a given number of candidates.
 */
export function matchAuthenticatorApp(
  authenticator: Authenticator,
  candidates: readonly string[],
  now: number,
  tools: EngineTools,
): number | undefined {
  const { organization, id, seed, totp } = authenticator;
  if (seed === undefined || totp === undefined) return undefined;
  const place = { organization, table: "authenticators", column: "seed", row: id };
  const secret = tools.vault.open(place, seed);
  return matchTotp({ secret, candidates, now, window: windowSteps, parameters: totp });
}
