import type { ConversationStore } from "../engine/conversations.ts";
import type { Kept } from "./keeping.ts";

/** At least so many conversations are remembered, and at most twice as many. */
const remembered = 1_000;

interface Generations {
  now: Map<string, Kept>;
  before: Map<string, Kept>;
}

/** What this process kept last, per store. */
const stores = new WeakMap<ConversationStore, Generations>();

export function remember(store: ConversationStore, id: string, kept: Kept): void {
  const known = stores.get(store) ?? { now: new Map(), before: new Map() };
  stores.set(store, known);
  if (known.now.size >= remembered) {
    known.before = known.now;
    known.now = new Map();
  }
  known.now.set(id, kept);
}

/**
 * The conversation as this process kept it last, if the turn answers its very reply: then nobody has kept a newer one, since every
 * version has a reply of its own (but not where others make the codes: there an attempt is kept before its answer is known). A
 * platform mostly comes back to the same process, and reading is a good part of a turn.
 */
export function recent(
  store: ConversationStore,
  id: string,
  step: number | undefined,
  now: number,
): Kept | undefined {
  const known = stores.get(store);
  const kept = known?.now.get(id) ?? known?.before.get(id);
  const isCurrent = step !== undefined && kept?.memory?.reply?.step === step;
  if (!isCurrent || kept.memory?.state.generation !== "internal") return undefined;
  return (kept.stored?.expiresAt ?? 0) > now ? kept : undefined;
}
