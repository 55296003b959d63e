import type { Conversation, ConversationStore } from "../../engine/conversations.ts";

/** At least so many conversations that go on are remembered, and at most twice as many. */
const remembered = 1_000;

export interface RecentConversations extends ConversationStore {
  /** Notes what another way than `save` has written. */
  note(conversation: Conversation): void;
  /** For changes that nobody here can follow. */
  forgetAll(): void;
}

/**
 * Finds the conversations that were written last and go on without asking the store. Only for a store whose one process writes
 * everything through here: what this process saw written is then what is there.
 */
export function rememberConversations(store: ConversationStore): RecentConversations {
  let recent = new Map<string, Conversation>();
  let older = new Map<string, Conversation>();
  const drop = (id: string) => {
    recent.delete(id);
    older.delete(id);
  };
  const note = (conversation: Conversation) => {
    // Hardly anybody asks for one that is over; kept, it would have to be copied with each collection of memory.
    if (conversation.path !== undefined) return drop(conversation.id);
    if (recent.size >= remembered) {
      older = recent;
      recent = new Map();
    }
    recent.set(conversation.id, conversation);
  };
  return {
    find: async (organization, id) => {
      const known = recent.get(id) ?? older.get(id);
      if (known === undefined) return store.find(organization, id);
      return known.organization === organization ? known : undefined;
    },
    save: async (conversation, events) => {
      const saved = await store.save(conversation, events);
      if (saved) note(conversation);
      return saved;
    },
    forget: async (now, limit) => {
      const forgotten = await store.forget(now, limit);
      for (const { id, expiresAt } of [...recent.values(), ...older.values()]) {
        if (expiresAt <= now) drop(id);
      }
      return forgotten;
    },
    note,
    forgetAll: () => {
      recent.clear();
      older.clear();
    },
  };
}
