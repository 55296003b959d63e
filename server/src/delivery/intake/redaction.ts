import type { VerificationId } from "../../engine/model.ts";
import type { Store } from "../../engine/store.ts";
import type { Clock, Timers } from "../../engine/tools.ts";
import { createLane } from "../lane.ts";
import type { DeliveryTools } from "../provider.ts";
import type { Configured } from "./configured.ts";

/** A message that has arrived or never will: its text is no longer needed where it was sent from. */
export interface Redactable {
  readonly found: Configured;
  readonly reference: string;
  readonly verification: VerificationId;
  readonly delivery: string;
}

/** Asks providers to wipe texts, once each and in the background. */
export interface Redaction {
  push(message: Redactable): void;
  close(withinMs: number): Promise<void>;
}

export interface RedactionTools extends Pick<DeliveryTools, "fetch" | "addressesOf"> {
  readonly store: { readonly audit: Pick<Store["audit"], "append"> };
  readonly clock: Clock;
  readonly timers: Timers;
}

const limitMs = 5_000;
const concurrency = 4;
/** Beyond this many the rest stays where it is: codes in it have expired long before. */
const mostWaiting = 10_000;

export function createRedaction(tools: RedactionTools): Redaction {
  const active = new Set<AbortController>();
  const lane = createLane<Redactable>({
    concurrency,
    timers: tools.timers,
    run: (message) => redact(message, active, tools),
    afterEach: () => undefined,
  });
  return {
    push(message) {
      const { provider, kind } = message.found;
      const isWanted = kind.redact !== undefined && provider.settings["redact"] !== false;
      if (isWanted && lane.waiting() < mostWaiting) lane.push(message);
    },
    async close(withinMs) {
      lane.empty();
      await lane.idleWithin(withinMs);
      for (const controller of active) controller.abort();
    },
  };
}

async function redact(
  { found, reference, verification, delivery }: Redactable,
  active: Set<AbortController>,
  tools: RedactionTools,
): Promise<void> {
  const { provider, kind } = found;
  const { fetch, addressesOf, timers, store, clock } = tools;
  const controller = new AbortController();
  active.add(controller);
  const stop = timers.after(limitMs, () => controller.abort());
  const all: DeliveryTools = { ...found.tools, fetch, addressesOf, signal: controller.signal };
  try {
    if ((await kind.redact?.(reference, provider.settings, all)) === true) {
      const details = { delivery, provider: provider.name };
      const { organization } = provider;
      const draft = {
        type: "delivery.redacted",
        organization,
        verification,
        actor: "system",
        details,
      } as const;
      await store.audit.append(draft, clock.now());
    }
  } catch {
    // The provider keeps the text as long as it keeps any; nothing else depends on it.
  } finally {
    stop();
    active.delete(controller);
  }
}
