import { type AuditEvent, type Client, CountersignApiError } from "@countersign/client";
import type { Feed } from "./feed.ts";

export interface Listener {
  readonly feed: Feed;
  /** Told of each event that is new since the page was opened. */
  readonly onEvent: (event: AuditEvent) => void;
}

/** Fills the feed: first what happened lately, then everything after it, without a gap. Ends with the signal. */
export async function listen(
  client: Pick<Client, "audit" | "events">,
  signal: AbortSignal,
  { feed, onEvent }: Listener,
): Promise<void> {
  const recent = await recentEvents(client, signal);
  feed.receive(recent ?? []);
  // Without the right to read the record, the feed begins now; an empty record begins at its beginning.
  const query = recent === undefined ? {} : { after: recent.at(-1)?.seq ?? 0 };
  const onState = (state: "open" | "waiting") => feed.connection(state);
  for await (const event of client.events.stream(query, { signal, onState })) {
    feed.receive([event]);
    onEvent(event);
    await feed.room();
  }
}

async function recentEvents(
  client: Pick<Client, "audit">,
  signal: AbortSignal,
): Promise<readonly AuditEvent[] | undefined> {
  try {
    const { events } = await client.audit.list({ limit: 100 }, { signal });
    return events.toReversed();
  } catch (error) {
    if (error instanceof CountersignApiError && error.code === "forbidden") return undefined;
    throw error;
  }
}
