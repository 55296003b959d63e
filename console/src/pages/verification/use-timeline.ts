import type { AuditEvent } from "@countersign/client";
import { useEffect, useState } from "react";
import { useSession } from "../../session/session.tsx";
import { follow } from "./follow.ts";

export interface Timeline {
  /** Oldest first. */
  readonly events: readonly AuditEvent[];
  readonly error: unknown;
}

const nothing: Timeline = { events: [], error: undefined };

/** Everything that happened to one verification, and what still happens. */
export function useTimeline(verification: string): Timeline {
  const { client } = useSession();
  const [timeline, setTimeline] = useState(nothing);
  useEffect(() => {
    const stop = new AbortController();
    setTimeline(nothing);
    const fail = (error: unknown) => {
      if (!stop.signal.aborted) setTimeline(({ events }) => ({ events, error }));
    };
    const onEvents = (events: readonly AuditEvent[]) => setTimeline({ events, error: undefined });
    follow(verification, { client, signal: stop.signal, onEvents }).catch(fail);
    return () => stop.abort();
  }, [client, verification]);
  return timeline;
}
