import type { AuditEvent } from "@countersign/client";
import { useEffect, useState } from "react";
import { useLive } from "../../live/live.tsx";
import { useSession } from "../../session/session.tsx";

export interface Timeline {
  /** Oldest first. */
  readonly events: readonly AuditEvent[];
  readonly error: unknown;
}

const nothing: Timeline = { events: [], error: undefined };

/** Everything that happened to one verification, and what still happens. */
export function useTimeline(verification: string): Timeline {
  const { client } = useSession();
  const { feed } = useLive();
  const [timeline, setTimeline] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    setTimeline(nothing);
    // Where the page already holds the beginning, the record need not be read from its start.
    const known = feed
      .snapshot()
      .events.find((event) => event.verification === verification && event.type === "verification.started");
    const after = known === undefined ? 0 : known.seq - 1;
    const read = async () => {
      for await (const event of client.events.stream({ verification, after }, { signal: stop.signal })) {
        setTimeline(({ events }) => ({ events: [...events, event], error: undefined }));
      }
    };
    read().catch((error: unknown) => {
      if (!stop.signal.aborted) setTimeline(({ events }) => ({ events, error }));
    });
    return () => stop.abort();
  }, [client, feed, verification]);
  return timeline;
}
