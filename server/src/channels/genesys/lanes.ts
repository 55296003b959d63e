import type { ConversationStore } from "../../engine/conversations.ts";
import { CountersignError } from "../../engine/errors.ts";

/** What waits for one customer; beyond it the platform is told that it failed. */
const mostWaiting = 20;

interface Lane {
  waiting: number;
  last: Promise<unknown>;
}

const lanes = new WeakMap<ConversationStore, Map<string, Lane>>();
const underWay = new WeakMap<ConversationStore, Map<string, Promise<unknown>>>();

/**
 * One request of a customer at a time, in the order they came. Another node is kept away by the version of the record.
 *
 * @throws CountersignError `overloaded` when too many wait.
 */
export function inLane<Answer>(
  store: ConversationStore,
  customer: string,
  take: () => Promise<Answer>,
): Promise<Answer> {
  const all = lanes.get(store) ?? new Map<string, Lane>();
  lanes.set(store, all);
  const lane = all.get(customer) ?? { waiting: 0, last: Promise.resolve() };
  if (lane.waiting >= mostWaiting) throw new CountersignError("overloaded", "Too much is asked at once.");
  all.set(customer, lane);
  lane.waiting += 1;
  const mine = lane.last.then(take).finally(() => {
    lane.waiting -= 1;
    if (lane.waiting === 0) all.delete(customer);
  });
  lane.last = mine.catch(() => undefined);
  return mine;
}

/** The same request again, while the first is still being answered, is a platform that lost patience: one answer for both. */
export function shared<Answer>(
  store: ConversationStore,
  request: string,
  take: () => Promise<Answer>,
): Promise<Answer> {
  const all = underWay.get(store) ?? new Map<string, Promise<unknown>>();
  underWay.set(store, all);
  const running = all.get(request) as Promise<Answer> | undefined;
  if (running !== undefined) return running;
  const mine = take().finally(() => all.delete(request));
  all.set(request, mine);
  return mine;
}
