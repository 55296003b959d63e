import { type AuditEvent, type Client, CountersignApiError } from "@countersign/client";

export interface FollowTools {
  readonly client: Pick<Client, "audit" | "events">;
  readonly signal: AbortSignal;
  /** All that is known so far, oldest first. */
  readonly onEvents: (events: readonly AuditEvent[]) => void;
}

/**
 * Listens first and reads the record then, so that nothing falls between the two; what comes both ways counts once. A key that
 * may not read the record has everything sent by the feed. Ends with the signal.
 */
export async function follow(verification: string, { client, signal, onEvents }: FollowTools): Promise<void> {
  const known = new Map<number, AuditEvent>();
  const add = (events: readonly AuditEvent[]) => {
    for (const event of events) known.set(event.seq, event);
    onEvents([...known.values()].sort((a, b) => a.seq - b.seq));
  };
  if (!(await mayReadRecord(client, signal))) {
    for await (const event of client.events.stream({ verification, after: 0 }, { signal })) add([event]);
    return;
  }
  const readPast = async () => {
    for (let before: number | null | undefined; before !== null; ) {
      const query = { verification, limit: 200, ...(before !== undefined && { before }) };
      const page = await client.audit.list(query, { signal });
      add(page.events);
      before = page.next;
    }
  };
  const trouble = Promise.withResolvers<never>();
  const onState = (state: "open" | "waiting") => {
    if (state === "open") readPast().catch(trouble.reject);
  };
  const listen = async () => {
    for await (const event of client.events.stream({ verification }, { signal, onState })) add([event]);
  };
  await Promise.race([listen(), trouble.promise]);
}

async function mayReadRecord(client: Pick<Client, "audit">, signal: AbortSignal): Promise<boolean> {
  try {
    await client.audit.list({ limit: 1 }, { signal });
    return true;
  } catch (error) {
    if (error instanceof CountersignApiError && error.code === "forbidden") return false;
    throw error;
  }
}
