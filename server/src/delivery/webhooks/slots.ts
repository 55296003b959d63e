/** Somebody who wants to send. */
export interface SlotUser {
  /** How much it has on its way. */
  inFlight(): number;
  /** One is free: take it at once, or leave it to others. */
  wake(): void;
}

/** How much may be on its way at once, over all web-hooks. */
export interface Slots {
  /** False: none is free; the user is woken when one is. */
  take(user: SlotUser): boolean;
  give(): void;
}

export function createSlots(most: number): Slots {
  const waiting = new Set<SlotUser>();
  let taken = 0;
  return {
    take(user) {
      if (taken >= most) {
        waiting.add(user);
        return false;
      }
      taken += 1;
      return true;
    },
    give() {
      taken -= 1;
      while (taken < most && waiting.size > 0) {
        // Who has the least on its way goes first, so that slow ones never keep the quick ones out.
        const [first, ...others] = waiting;
        const next = others.reduce(
          (least, one) => (one.inFlight() < (least?.inFlight() ?? 0) ? one : least),
          first,
        );
        if (next === undefined) return;
        waiting.delete(next);
        next.wake();
      }
    },
  };
}
