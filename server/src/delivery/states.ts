import type { DeliveryState } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import type { Timers } from "./timers.ts";

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

/** Ends are remembered for callers that ask a moment too late: the newest of them, by delivery and by verification. */
const remembered = 20_000;

export function createStates(timers: Timers): States {
  const live = new Map<string, Live>();
  const newest = new Map<string, Live>();
  const ended = new Map<string, DeliveryState>();

  function remember(id: string, state: DeliveryState): void {
    ended.delete(id);
    ended.set(id, state);
    if (ended.size > remembered) {
      const [oldest] = ended.keys();
      ended.delete(oldest ?? id);
    }
  }

  return {
    isKnown: (id) => live.has(id) || ended.has(id),
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
        return Promise.resolve(ended.get(id));
      }
      return new Promise((resolve) => {
        const listeners = entry.listeners ?? new Set();
        entry.listeners = listeners;
        const listener = (state: DeliveryState): void => {
          timers.clear(timer);
          resolve(state);
        };
        const timer = timers.set(() => {
          listeners.delete(listener);
          resolve("sending");
        }, ms);
        listeners.add(listener);
      });
    },
  };
}
