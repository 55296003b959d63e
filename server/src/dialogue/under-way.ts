import type { ConversationStore } from "../engine/conversations.ts";
import type { Reply } from "./model.ts";

/** Turns of this process that are being answered, per store. */
const underWay = new WeakMap<ConversationStore, Map<string, Promise<Reply>>>();

/**
 * One turn of a conversation at a time: what arrives while one is being answered gets the same answer, since a platform that asks
 * twice means one turn. Another node is kept away by the version of the record instead.
 */
export function oneAtATime(
  store: ConversationStore,
  conversation: string,
  take: () => Promise<Reply>,
): Promise<Reply> {
  const turns = underWay.get(store) ?? new Map<string, Promise<Reply>>();
  underWay.set(store, turns);
  const running = turns.get(conversation);
  if (running !== undefined) return running;
  const mine = take().finally(() => turns.delete(conversation));
  turns.set(conversation, mine);
  return mine;
}

/** Resolves when the turn that is being answered now has ended, however it did. */
export async function otherTurn(store: ConversationStore, conversation: string): Promise<void> {
  await underWay
    .get(store)
    ?.get(conversation)
    ?.catch(() => undefined);
}
