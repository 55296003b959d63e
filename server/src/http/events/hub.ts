import type { AuditEvent } from "../../engine/audit/event.ts";
import type { AuditStore } from "../../engine/audit/store.ts";
import type { OrganizationId } from "../../engine/model.ts";

/** Events read at once; also the most that is read ahead of a reader. */
export const pageSize = 256;

/** An event and its text on the wire, made once for all readers. */
export interface Frame {
  readonly event: AuditEvent;
  readonly text: string;
}

/** One reader of an organization's events. */
export interface Subscriber {
  /** Sequence number of the last event it was given; it gets later ones only. */
  position: number;
  give(frames: readonly Frame[]): void;
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

export function createEventHub(audit: HubAudit, onError: (error: unknown) => void): EventHub {
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
      } while (feed.again && feed.subscribers.size > 0);
    } finally {
      feed.reading = false;
    }
  }

  audit.onAppend(() => {
    // A failed read is made good by the next commit: the position has not moved.
    for (const [organization, feed] of feeds) drain(organization, feed).catch(onError);
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

/** Synchronous, so that nobody can join between two readers of the same events. */
function giveOut(feed: Feed, frames: readonly Frame[]): void {
  const last = frames.at(-1);
  if (last === undefined) return;
  feed.position = last.event.seq;
  for (const subscriber of feed.subscribers) {
    const unseen =
      subscriber.position < (frames[0]?.event.seq ?? 0)
        ? frames
        : frames.filter((frame) => frame.event.seq > subscriber.position);
    subscriber.position = Math.max(subscriber.position, last.event.seq);
    subscriber.give(unseen);
  }
}

function toFrame(event: AuditEvent): Frame {
  return {
    event,
    text: `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(viewEvent(event))}\n\n`,
  };
}

/** An event as the API shows it. */
export function viewEvent(event: AuditEvent) {
  return {
    seq: event.seq,
    type: event.type,
    at: new Date(event.at).toISOString(),
    organization: event.organization,
    verification: event.verification,
    user: event.user,
    actor: event.actor,
    details: event.details ?? {},
  };
}
