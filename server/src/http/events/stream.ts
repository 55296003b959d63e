import type { ServerResponse } from "node:http";
import type { OrganizationId } from "../../engine/model.ts";
import type { Timers } from "../../engine/tools.ts";
import { type EventFilter, type EventHub, type Frame, pageSize, type Subscriber } from "./hub.ts";

const heartbeatEveryMs = 15_000;
/** Bytes that may wait for one reader; with more it is cut, and comes back with `Last-Event-ID`. */
const maxWaitingBytes = 256 * 1024;
/** A reader that takes nothing for this long while catching up is cut as well. */
const drainWithinMs = 30_000;

export interface StreamRequest {
  readonly organization: OrganizationId;
  /** Events after this one; undefined: only new ones. */
  readonly after: number | undefined;
  readonly filter: EventFilter;
  /** Asked at every heartbeat: a revoked key ends the stream. */
  readonly mayContinue: () => boolean | Promise<boolean>;
}

export interface StreamTools {
  readonly hub: EventHub;
  readonly timers: Timers;
}

/**
 * Writes events to an open response until either side ends it: first what the reader missed, page by page and no faster
 * than it reads; then what is new. Resolves when the stream is over.
 */
export async function streamEvents(
  request: StreamRequest,
  response: ServerResponse,
  tools: StreamTools,
): Promise<void> {
  const { hub, timers } = tools;
  if (response.destroyed) return;
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  // A write can meet a socket that has just gone; that is an end like any other.
  response.once("close", close).on("error", close);
  const subscriber: Subscriber = {
    position: request.after ?? (await hub.head()),
    filter: request.filter,
    give: (bytes) => write(response, bytes),
  };
  const stopHeartbeat = startHeartbeat(request, response, timers);
  try {
    // With the id, a reader whose stream breaks before the first event still knows where it was.
    response.write(`retry: 3000\nid: ${subscriber.position}\n\n`);
    if (request.after !== undefined) await catchUp(request, response, subscriber, tools);
    while (!response.destroyed && !hub.join(request.organization, subscriber)) {
      await catchUp(request, response, subscriber, tools);
    }
    await closed;
  } finally {
    stopHeartbeat();
    hub.leave(request.organization, subscriber);
    response.destroy();
  }
}

/** Page by page, and no event before the reader has taken those before it. */
async function catchUp(
  request: StreamRequest,
  response: ServerResponse,
  subscriber: Subscriber,
  tools: StreamTools,
): Promise<void> {
  let frames: readonly Frame[];
  do {
    frames = await tools.hub.read(request.organization, subscriber.position);
    for (const frame of frames) {
      if (request.filter.wants(frame.event) && !response.destroyed) response.write(frame.text);
      if (response.writableNeedDrain) await drained(response, tools.timers);
    }
    subscriber.position = frames.at(-1)?.event.seq ?? subscriber.position;
  } while (frames.length === pageSize && !response.destroyed);
}

/** What is new goes out at once; a reader that leaves too much of it waiting is cut. */
function write(response: ServerResponse, bytes: Buffer): void {
  if (response.destroyed) return;
  response.write(bytes);
  if (response.writableLength > maxWaitingBytes) response.destroy();
}

async function drained(response: ServerResponse, timers: Timers): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (response.destroyed) return;
  const stop = timers.after(drainWithinMs, () => response.destroy());
  response.once("drain", resolve).once("close", resolve);
  await promise;
  stop();
  response.off("drain", resolve).off("close", resolve);
}

/** Keeps proxies from closing a quiet stream, and notices readers that have gone or may no longer listen. */
function startHeartbeat(request: StreamRequest, response: ServerResponse, timers: Timers): () => void {
  let wasWaiting = false;
  return timers.every(heartbeatEveryMs, () => {
    if (response.destroyed) return;
    if (response.writableNeedDrain && wasWaiting) {
      response.destroy();
      return;
    }
    wasWaiting = response.writableNeedDrain;
    if (!wasWaiting) response.write(": still here\n\n");
    Promise.resolve(request.mayContinue()).then(
      (may) => may || response.destroy(),
      () => response.destroy(),
    );
  });
}
