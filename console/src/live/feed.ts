import type { AuditEvent } from "@countersign/client";

/** Newest events that are kept for showing. */
export const keptEvents = 1_000;
/** Events that may wait while the feed is held; with more, reading itself waits. */
const mostWaiting = 5_000;

export type ConnectionState = "connecting" | "open" | "waiting" | "failed";

export interface FeedSnapshot {
  /** Newest first. */
  readonly events: readonly AuditEvent[];
  readonly connection: ConnectionState;
  /** While held: the sequence number of the newest event that is shown. */
  readonly heldAt: number | undefined;
}

/** The events of this page, shared by everything that shows them. */
export interface Feed {
  snapshot(): FeedSnapshot;
  /** The result ends it. */
  subscribe(listener: () => void): () => void;
  /** In the order in which they happened. One that is here already is not taken again. */
  receive(events: readonly AuditEvent[]): void;
  connection(state: ConnectionState): void;
  /** From now on nothing is thrown away, and what comes is new. */
  hold(): void;
  release(): void;
  /** Resolves when another event may be read. */
  room(): Promise<void>;
}

/** `schedule` runs a listener's news later, so that a burst of events is shown once. */
export function createFeed(schedule: (tell: () => void) => void): Feed {
  const listeners = new Set<() => void>();
  let state: FeedSnapshot = { events: [], connection: "connecting", heldAt: undefined };
  let shown = state;
  let scheduled = false;
  let released = Promise.withResolvers<void>();

  const change = (next: Partial<FeedSnapshot>) => {
    state = { ...state, ...next };
    if (scheduled) return;
    scheduled = true;
    schedule(() => {
      scheduled = false;
      shown = state;
      for (const listener of listeners) listener();
    });
  };

  return {
    snapshot: () => shown,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    receive(events) {
      const newest = state.events[0]?.seq ?? 0;
      const fresh = events.filter(({ seq }) => seq > newest).reverse();
      if (fresh.length === 0) return;
      const all = [...fresh, ...state.events];
      change({ events: state.heldAt === undefined ? all.slice(0, keptEvents) : all });
    },
    connection: (connection) => change({ connection }),
    hold() {
      if (state.heldAt === undefined) change({ heldAt: state.events[0]?.seq ?? 0 });
    },
    release() {
      if (state.heldAt === undefined) return;
      change({ heldAt: undefined, events: state.events.slice(0, keptEvents) });
      released.resolve();
      released = Promise.withResolvers();
    },
    async room() {
      while (waitingIn(state).length >= mostWaiting) await released.promise;
    },
  };
}

/** What came while the feed was held. */
export function waitingIn({ events, heldAt }: FeedSnapshot): readonly AuditEvent[] {
  return heldAt === undefined ? [] : events.filter(({ seq }) => seq > heldAt);
}

/** What is shown: while held, nothing newer than at that moment. */
export function shownIn({ events, heldAt }: FeedSnapshot): readonly AuditEvent[] {
  return heldAt === undefined ? events : events.filter(({ seq }) => seq <= heldAt);
}
