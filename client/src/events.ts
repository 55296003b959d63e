import { CountersignApiError, CountersignConnectionError } from "./errors.ts";
import { type Connection, failureOf } from "./send.ts";
import { readServerSentEvents } from "./server-sent-events.ts";
import type { AuditEvent, CallOptions, QueryOf } from "./types.ts";

/** The server writes a comment every 15 seconds; three missed ones mean that the connection is dead. */
const silentForMs = 45_000;
const longestWaitMs = 30_000;

export interface StreamOptions extends CallOptions {
  /** Told whenever the stream opens, and whenever it has broken and will be opened again. */
  readonly onState?: (state: "open" | "waiting") => void;
}

export interface Events {
  /**
   * Everything that happens in the organization, as it happens. `after` begins with what came after that sequence number (0:
   * everything there is), otherwise with what happens from now on.
   *
   * A stream that breaks is opened again behind the last event, so nothing is lost or given twice. It ends when the signal
   * aborts or the loop is left. Throws CountersignApiError when the server refuses (a key that may not listen, or was
   * revoked), and CountersignConnectionError when it was never reached.
   */
  stream(query?: QueryOf<"events.stream">, options?: StreamOptions): AsyncIterable<AuditEvent>;
}

export function events(connection: Connection): Events {
  return { stream: (query = {}, options = {}) => follow(query, options, connection) };
}

/** Where the reader is, across connections. */
interface Position {
  lastEventId: string;
  waitMs: number;
  failures: number;
  opened: boolean;
}

async function* follow(
  query: QueryOf<"events.stream">,
  options: StreamOptions,
  connection: Connection,
): AsyncGenerator<AuditEvent, void, undefined> {
  const { signal, onState } = options;
  const position: Position = { lastEventId: "", waitMs: 3_000, failures: 0, opened: false };
  while (!signal?.aborted) {
    try {
      yield* read(query, position, options, connection);
    } catch (error) {
      if (signal?.aborted) return;
      if (!position.opened || !isPassing(error)) throw error;
    }
    if (signal?.aborted) return;
    onState?.("waiting");
    const milliseconds = Math.min(position.waitMs * 2 ** position.failures, longestWaitMs);
    position.failures += 1;
    await connection.wait(milliseconds, signal).catch(() => undefined);
  }
}

/** One connection, to its end. */
async function* read(
  query: QueryOf<"events.stream">,
  position: Position,
  { signal, onState }: StreamOptions,
  connection: Connection,
): AsyncGenerator<AuditEvent, void, undefined> {
  const headers = {
    accept: "text/event-stream",
    ...(position.lastEventId === "" ? {} : { "last-event-id": position.lastEventId }),
  };
  const call = { method: "GET", path: "/v1/events", query, signal } as const;
  const response = await connection.open(call, headers);
  position.opened = true;
  position.failures = 0;
  onState?.("open");
  for await (const block of readServerSentEvents(bytesOf(response, signal, connection))) {
    position.lastEventId = block.lastEventId;
    position.waitMs = block.retryMs ?? position.waitMs;
    if (block.data !== undefined) yield JSON.parse(block.data) as AuditEvent;
  }
}

/** The bytes of an answer; a connection on which nothing comes any more is an error. */
async function* bytesOf(
  response: Response,
  signal: AbortSignal | undefined,
  { wait }: Connection,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const arrived = new AbortController();
      const silence = wait(silentForMs, arrived.signal).then(() => {
        throw new CountersignConnectionError("timeout");
      });
      const { done, value } = await Promise.race([reader.read(), silence]).finally(() => arrived.abort());
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw error instanceof CountersignConnectionError ? error : failureOf(error, signal, "broken");
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Trouble that may be over at the next try. */
function isPassing(error: unknown): boolean {
  if (error instanceof CountersignConnectionError) return true;
  return error instanceof CountersignApiError && (error.status >= 500 || error.status === 429);
}
