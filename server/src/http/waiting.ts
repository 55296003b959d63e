import type { Clock, Timers } from "../engine/tools.ts";
import type { Importance } from "./admission.ts";
import type { Party } from "./parties.ts";

/** Why somebody who waited got no place. */
export type WaitRefusal = "waited" | "displaced" | "queue_full";

/** One request that waits for a place. */
export interface Waiting {
  readonly party: Party;
  readonly importance: Importance;
  readonly since: number;
  /** Called once: undefined when it is in. */
  readonly decided: (refusal: WaitRefusal | undefined) => void;
}

export interface WaitingLimits {
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

/** A smaller rank goes first. */
const ranks: Readonly<Record<Importance, number>> = { check: 0, status: 1, start: 2, settings: 3 };

/** The few requests that wait for a place: so few that they are looked through instead of kept in order. */
export interface WaitingQueue {
  readonly size: number;
  /**
   * Takes one more. In a full queue it takes the place of one of a party that has more waiting, or of a less important one; when
   * there is none it is refused at once.
   */
  add(newcomer: Waiting): void;
  /** Removes the one that goes first of those that have room; undefined when none has. */
  next(hasRoom: (one: Waiting) => boolean, hasLess: (one: Waiting) => boolean): Waiting | undefined;
  /** It does not want to wait any longer. False when it does not wait. */
  cancel(one: Waiting): boolean;
}

export function createWaitingQueue(
  limits: WaitingLimits,
  tools: { readonly monotonic: Clock; readonly timers: Timers },
): WaitingQueue {
  const queue: Waiting[] = [];
  let isTimed = false;

  function remove(one: Waiting): boolean {
    const at = queue.indexOf(one);
    if (at === -1) return false;
    queue.splice(at, 1);
    one.party.waiting -= 1;
    return true;
  }

  function expireIn(milliseconds: number): void {
    isTimed = true;
    tools.timers.after(Math.ceil(milliseconds), expire);
  }

  function expire(): void {
    isTimed = false;
    const now = tools.monotonic.now();
    // In the order of their arrival, and all wait equally long: the first is the oldest.
    for (let oldest = queue[0]; oldest !== undefined; oldest = queue[0]) {
      const restMs = oldest.since + limits.maxWaitMs - now;
      if (restMs > 0) {
        if (!isTimed) expireIn(restMs);
        return;
      }
      remove(oldest);
      oldest.decided("waited");
    }
  }

  function push(one: Waiting): void {
    queue.push(one);
    one.party.waiting += 1;
    if (!isTimed) expireIn(limits.maxWaitMs);
  }

  return {
    get size() {
      return queue.length;
    },
    add(newcomer) {
      if (queue.length < limits.maxWaiting) {
        push(newcomer);
        return;
      }
      const loser = last(queue, newcomer);
      if (loser === undefined) {
        newcomer.decided("queue_full");
        return;
      }
      remove(loser);
      push(newcomer);
      loser.decided("displaced");
    },
    next(hasRoom, hasLess) {
      const first = best(queue.filter(hasRoom), hasLess);
      if (first !== undefined) remove(first);
      return first;
    },
    cancel: remove,
  };
}

/** Parties that have less than their share go first; then what is more important; then who has the fewest; then who came first. */
function best(queue: readonly Waiting[], hasLess: (one: Waiting) => boolean): Waiting | undefined {
  const favoured = queue.filter(hasLess);
  let first: Waiting | undefined;
  for (const one of favoured.length > 0 ? favoured : queue) {
    if (first === undefined || goesBefore(one, first)) first = one;
  }
  return first;
}

function goesBefore(one: Waiting, first: Waiting): boolean {
  const difference = ranks[one.importance] - ranks[first.importance];
  return difference < 0 || (difference === 0 && one.party.inFlight < first.party.inFlight);
}

/** Who gives way to a newcomer: of the party with the most waiting the least important that came last. */
function last(queue: readonly Waiting[], newcomer: Waiting): Waiting | undefined {
  let loser: Waiting | undefined;
  for (const one of queue) {
    if (givesWay(one, newcomer) && (loser === undefined || goesFurther(one, loser))) loser = one;
  }
  return loser;
}

function givesWay(one: Waiting, { party, importance }: Waiting): boolean {
  const more = one.party.waiting - party.waiting;
  if (more > 1) return true;
  return (more > 0 || one.party === party) && ranks[one.importance] > ranks[importance];
}

function goesFurther(one: Waiting, loser: Waiting): boolean {
  if (one.party !== loser.party && one.party.waiting !== loser.party.waiting) {
    return one.party.waiting > loser.party.waiting;
  }
  return ranks[one.importance] >= ranks[loser.importance];
}
