import type { ConversationStore } from "../../engine/conversations.ts";
import type { PublicationId } from "../../engine/model.ts";

const minute = 60_000;

interface Window {
  readonly at: number;
  taken: number;
}

const windows = new WeakMap<ConversationStore, Map<PublicationId, Window>>();

/** Whether this node may answer one more look-up of a publication in this minute; it is counted. */
export function mayLookUp(
  store: ConversationStore,
  {
    publication,
    now,
    most,
  }: { readonly publication: PublicationId; readonly now: number; readonly most: number },
): boolean {
  const all = windows.get(store) ?? new Map<PublicationId, Window>();
  windows.set(store, all);
  const known = all.get(publication);
  const at = Math.floor(now / minute);
  const window = known?.at === at ? known : { at, taken: 0 };
  all.set(publication, window);
  window.taken += 1;
  return window.taken <= most;
}
