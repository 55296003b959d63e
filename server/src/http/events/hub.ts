import type { AuditEvent } from "../../engine/audit/event.ts";
import type { AuditStore } from "../../engine/audit/store.ts";
import { viewEvent } from "../../engine/audit/view.ts";
import type { OrganizationId } from "../../engine/model.ts";
import type { Timers } from "../../engine/tools.ts";

/** Events read at once; also the most that is read ahead of a reader. */
export const pageSize = 256;

/**
 * After a round of events the next one comes so much later per reader, because each write costs the same however much it
 * carries: a thousand readers are told twenty times a second. Below the least a round follows at once.
 */
const spacingPerReaderMs = 0.05;
const leastSpacingMs = 10;

/** An event and its text on the wire, made once for all readers. */
export interface Frame {
  readonly event: AuditEvent;
  readonly text: string;
}

/** Which events a reader wants; `key` is the same for filters that choose the same. */
export interface EventFilter {
  readonly key: string;
  readonly wants: (event: AuditEvent) => boolean;
}

/** One reader of an organization's events. */
export interface Subscriber {
  /** Sequence number of the last event it was given; it gets later ones only. */
  position: number;
  readonly filter: EventFilter;
  /** Whole frames, as they go on the wire. Readers share the bytes. */
  give(bytes: Buffer): void;
}

/** New events of every organization that someone listens to: one read per commit and organization, however many listen. */
export interface EventHub {
  /** Events after `seq`, oldest first, for catching up. */
  read(organization: OrganizationId, seq: number): Promise<readonly Frame[]>;
  /**
   * For a subscriber that has read up to now. From now on the subscriber is given what is new. False: the hub has already given out events that this subscriber has
   * not seen, so it must read on first. Nothing is lost or given twice.
   */
  join(organization: OrganizationId, subscriber: Subscriber): boolean;
  leave(organization: OrganizationId, subscriber: Subscriber): void;
  head(): Promise<number>;
}

interface Feed {
  readonly subscribers: Set<Subscriber>;
  /** Events up to here have been given out. */
  position: number;
  reading: boolean;
  /** A commit came while reading. */
  again: boolean;
}

export type HubAudit = Pick<AuditStore, "after" | "head" | "onAppend">;

export interface HubTools {
  readonly timers: Timers;
  /** The record could not be read. The next commit tries again. */
  readonly onError: (error: unknown) => void;
}

export function createEventHub(audit: HubAudit, { timers, onError }: HubTools): EventHub {
  const feeds = new Map<OrganizationId, Feed>();

  async function read(organization: OrganizationId, seq: number): Promise<readonly Frame[]> {
    return (await audit.after(organization, seq, pageSize)).map(toFrame);
  }

  async function drain(organization: OrganizationId, feed: Feed): Promise<void> {
    if (feed.reading) {
      feed.again = true;
      return;
    }
    feed.reading = true;
    try {
      do {
        feed.again = false;
        const frames = await read(organization, feed.position);
        giveOut(feed, frames);
        if (frames.length === pageSize) feed.again = true;
        else if (frames.length > 0) await rest(feed.subscribers.size * spacingPerReaderMs, timers);
      } while (feed.again && feed.subscribers.size > 0);
    } finally {
      feed.reading = false;
    }
  }

  audit.onAppend((_head, organizations) => {
    // A failed read is made good by the next commit: the position has not moved.
    for (const [organization, feed] of feeds) {
      if (organizations?.includes(organization) !== false) drain(organization, feed).catch(onError);
    }
  });

  return {
    read,
    join(organization, subscriber) {
      const feed = feeds.get(organization) ?? newFeed(subscriber.position);
      if (feed.position > subscriber.position) return false;
      feeds.set(organization, feed);
      feed.subscribers.add(subscriber);
      // A commit between the subscriber's last read and this line has already been announced to nobody.
      drain(organization, feed).catch(onError);
      return true;
    },
    leave(organization, subscriber) {
      const feed = feeds.get(organization);
      feed?.subscribers.delete(subscriber);
      if (feed?.subscribers.size === 0) feeds.delete(organization);
    },
    head: () => audit.head(),
  };
}

function newFeed(position: number): Feed {
  return { subscribers: new Set(), position, reading: false, again: false };
}

async function rest(milliseconds: number, timers: Timers): Promise<void> {
  if (milliseconds < leastSpacingMs) return;
  await new Promise<void>((resolve) => {
    timers.after(milliseconds, resolve);
  });
}

/** Synchronous, so that nobody can join between two readers of the same events. */
function giveOut(feed: Feed, frames: readonly Frame[]): void {
  const [first] = frames;
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return;
  feed.position = last.event.seq;
  const chosen = new Map<string, Buffer | undefined>();
  for (const subscriber of feed.subscribers) {
    const { filter, position } = subscriber;
    subscriber.position = Math.max(position, last.event.seq);
    const bytes =
      position < first.event.seq
        ? once(filter, frames, chosen)
        : bytesFor(
            filter,
            frames.filter(({ event }) => event.seq > position),
          );
    if (bytes !== undefined) subscriber.give(bytes);
  }
}

function once(
  filter: EventFilter,
  frames: readonly Frame[],
  chosen: Map<string, Buffer | undefined>,
): Buffer | undefined {
  if (!chosen.has(filter.key)) chosen.set(filter.key, bytesFor(filter, frames));
  return chosen.get(filter.key);
}

/** The wanted frames as bytes; undefined: none is wanted. */
export function bytesFor({ wants }: EventFilter, frames: readonly Frame[]): Buffer | undefined {
  const wanted = frames.filter(({ event }) => wants(event));
  return wanted.length === 0 ? undefined : Buffer.from(wanted.map(({ text }) => text).join(""));
}

function toFrame(event: AuditEvent): Frame {
  const data = JSON.stringify(viewEvent(event));
  return { event, text: `id: ${event.seq}\nevent: ${event.type}\ndata: ${data}\n\n` };
}
