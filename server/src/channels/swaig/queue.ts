import type { ConversationStore } from "../../engine/conversations.ts";

/** What is taken of one conversation: beyond it the answer is "later". */
const mostWaiting = 30;
const mostPerWindow = 200;
const windowMs = 10_000;

interface Line {
  waiting: number;
  windowAt: number;
  taken: number;
  last: Promise<unknown>;
}

const lines = new WeakMap<ConversationStore, Map<string, Line>>();

/**
 * One request of a conversation at a time, in the order they came; another node is kept away by the version of the record.
 * `busy` at once when too many are waiting or came in the last seconds: one call that asks hundreds of times a second costs
 * the others nothing.
 */
export function inTurn<Answer>(
  store: ConversationStore,
  place: { readonly conversation: string; readonly now: number },
  take: () => Promise<Answer>,
  busy: () => Answer,
): Promise<Answer> {
  const line = lineOf(store, place);
  if (line.waiting >= mostWaiting || line.taken >= mostPerWindow) return Promise.resolve(busy());
  line.waiting += 1;
  line.taken += 1;
  const mine = line.last.then(take).finally(() => {
    line.waiting -= 1;
  });
  line.last = mine.catch(() => undefined);
  return mine;
}

function lineOf(
  store: ConversationStore,
  { conversation, now }: { conversation: string; now: number },
): Line {
  const known = lines.get(store) ?? new Map<string, Line>();
  lines.set(store, known);
  const before = known.get(conversation);
  if (before !== undefined && now - before.windowAt < windowMs) return before;
  const line = before ?? { waiting: 0, windowAt: now, taken: 0, last: Promise.resolve() };
  line.windowAt = now;
  line.taken = 0;
  // To the end, so that they stand in the order of their windows.
  known.delete(conversation);
  known.set(conversation, line);
  forgetIdle(known, now);
  return line;
}

/** Looks at those alone whose windows are over. */
function forgetIdle(known: Map<string, Line>, now: number): void {
  for (const [conversation, { waiting, windowAt }] of known) {
    if (now - windowAt < windowMs) return;
    if (waiting === 0) known.delete(conversation);
  }
}
