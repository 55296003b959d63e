import { viewEvent } from "../../engine/audit/view.ts";
import type { OrganizationId } from "../../engine/model.ts";
import type { Timers } from "../../engine/tools.ts";
import type { Webhook } from "../../engine/webhooks.ts";
import { type TellTools, type Told, tell } from "./tell.ts";

/** A trial ends after this long. One that nobody answers never ends sooner: the time would tell which ports are open. */
const trialMs = 5_000;

/** Sends one event of type `webhook.tested` that stands in no record (`seq` 0), whatever the web-hook asks for, once. */
export async function tryWebhook(
  webhook: Webhook,
  tools: TellTools & { readonly timers: Timers },
): Promise<Told> {
  const { organization, id } = webhook;
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const stop = tools.timers.after(trialMs, end);
  const view = viewEvent({
    type: "webhook.tested",
    organization,
    seq: 0,
    at: tools.clock.now(),
    details: { id },
  });
  const told = await tell(webhook, view, { timeoutMs: trialMs }, tools);
  if (told.status === undefined) await over;
  stop();
  return told;
}

/** How often an organization may try its web-hooks. */
export interface TrialLimit {
  /** Counts one in; else the seconds until one is free. */
  enter(organization: OrganizationId, now: number): number | undefined;
}

const mostTrials = 5;
const windowMs = 60_000;

export function createTrialLimit(): TrialLimit {
  const trials = new Map<OrganizationId, readonly number[]>();
  return {
    enter(organization, now) {
      for (const [one, times] of trials) if ((times.at(-1) ?? 0) <= now - windowMs) trials.delete(one);
      const recent = (trials.get(organization) ?? []).filter((at) => at > now - windowMs);
      const [oldest] = recent;
      if (recent.length >= mostTrials && oldest !== undefined) {
        return Math.ceil((oldest + windowMs - now) / 1000);
      }
      trials.set(organization, [...recent, now]);
      return undefined;
    },
  };
}
