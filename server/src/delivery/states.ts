import type { DeliveryState } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { Timers } from "../engine/tools.ts";

/** What this process knows about the deliveries it handles now and those it handled last. */
export interface States {
  /** True while a delivery is handled and for some time after. */
  isKnown(deliveryId: string): boolean;
  begin(delivery: Delivery): void;
  /** The first end counts. `queued`: it was left in the outbox. */
  end(delivery: Delivery, state: DeliveryState): void;
  waitFor(id: string, ms: number): Promise<DeliveryState | undefined>;
}

interface Live {
  readonly id: string;
  listeners?: Set<(state: DeliveryState) => void>;
}

/**
 * Ends are remembered for callers that ask a moment too late, by delivery and by verification: at least this many, at
 * most twice as many. Two generations, because a Map that loses its oldest key at every turn grows slow.
 */
const remembered = 10_000;

export function createStates(timers: Timers): States {
  const live = new Map<string, Live>();
  const newest = new Map<string, Live>();
  let ended = new Map<string, DeliveryState>();
  let endedBefore = ended;

  function remember(id: string, state: DeliveryState): void {
    if (ended.size >= remembered) {
      endedBefore = ended;
      ended = new Map();
    }
    ended.set(id, state);
  }

  return {
    isKnown: (id) => live.has(id) || ended.has(id) || endedBefore.has(id),
    begin(delivery) {
      const entry: Live = { id: delivery.id };
      live.set(delivery.id, entry);
      newest.set(delivery.verification, entry);
    },
    end(delivery, state) {
      const entry = live.get(delivery.id);
      if (entry === undefined) {
        return;
      }
      live.delete(delivery.id);
      if (state !== "queued") {
        remember(delivery.id, state);
      }
      // A resend may have begun meanwhile: then the verification's answer is that of the newer message.
      if (newest.get(delivery.verification) === entry) {
        newest.delete(delivery.verification);
        remember(delivery.verification, state);
      }
      for (const listener of entry.listeners ?? []) {
        listener(state);
      }
    },
    waitFor(id, ms) {
      const entry = live.get(id) ?? newest.get(id);
      if (entry === undefined) {
        return Promise.resolve(ended.get(id) ?? endedBefore.get(id));
      }
      return new Promise((resolve) => {
        const listeners = entry.listeners ?? new Set();
        entry.listeners = listeners;
        const listener = (state: DeliveryState): void => {
          stopTimer();
          resolve(state);
        };
        const stopTimer = timers.after(ms, () => {
          listeners.delete(listener);
          resolve("sending");
        });
        listeners.add(listener);
      });
    },
  };
}
