import type { AuditEvent, Client } from "@countersign/client";
import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from "react";
import { createFeed, type Feed, type FeedSnapshot } from "./feed.ts";
import { listen } from "./listen.ts";

interface Live {
  readonly feed: Feed;
  /** Opens the stream again after it failed. */
  reopen(): void;
}

const LiveContext = createContext<Live | undefined>(undefined);

/** The live feed of this page. Only inside of {@link LiveProvider}. */
export function useLive(): Live & { readonly snapshot: FeedSnapshot } {
  const live = use(LiveContext);
  if (live === undefined) throw new Error("There is no live feed here.");
  return { ...live, snapshot: useSyncExternalStore(live.feed.subscribe, live.feed.snapshot) };
}

interface LiveProviderProps {
  readonly client: Client;
  readonly onError: (error: unknown) => void;
  readonly children: ReactNode;
}

/** One stream for the whole page; what an event makes stale is read again. */
export function LiveProvider({ client, onError, children }: LiveProviderProps) {
  const queries = useQueryClient();
  const [feed] = useState(() => createFeed((tell) => void window.setTimeout(tell, 50)));
  const [round, setRound] = useState(0);
  useEffect(() => {
    // A new round opens the stream again.
    void round;
    const stop = new AbortController();
    const onEvent = (event: AuditEvent) => {
      if (event.user !== undefined) {
        void queries.invalidateQueries({ queryKey: ["users", event.user] });
        void queries.invalidateQueries({ queryKey: ["authenticators", event.user] });
        void queries.invalidateQueries({ queryKey: ["history", event.user] });
      }
      if (event.verification === undefined) return;
      void queries.invalidateQueries({ queryKey: ["verification", event.verification] });
      void queries.invalidateQueries({ queryKey: ["inbox"] });
    };
    feed.connection("connecting");
    listen(client, stop.signal, { feed, onEvent }).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      feed.connection("failed");
      onError(error);
    });
    return () => stop.abort();
  }, [client, feed, queries, onError, round]);
  return <LiveContext value={{ feed, reopen: () => setRound((count) => count + 1) }}>{children}</LiveContext>;
}
