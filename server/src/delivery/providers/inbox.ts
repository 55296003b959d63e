import { Type } from "typebox";
import type { DeliveryVia } from "../../engine/model.ts";
import type { DeliveryProvider, OutboundMessage } from "../provider.ts";

/** A message on the simulated phone or in the simulated mailbox. */
export interface InboxMessage {
  /** Delivery id. */
  readonly id: string;
  readonly organization: string;
  readonly verification: string;
  readonly via: DeliveryVia;
  readonly to: string;
  readonly text: string;
  readonly subject?: string | undefined;
  readonly at: number;
}

export interface InboxPage {
  readonly limit: number;
  /** Goes on behind this message (its delivery id), towards older ones. */
  readonly after?: string | undefined;
}

/** The newest messages in memory; nothing of it survives a restart. */
export interface Inbox {
  readonly provider: DeliveryProvider;
  /** Newest first. */
  list(organization: string, page: InboxPage): readonly InboxMessage[];
  /** Called with every new message; the returned function ends it. */
  onMessage(listener: (message: InboxMessage) => void): () => void;
}

const accepted = Promise.resolve({ ok: true } as const);

/** A ring of `capacity` messages: adding one costs the same however many there are. */
export function createInbox({ capacity = 10_000 }: { readonly capacity?: number } = {}): Inbox {
  const ring: InboxMessage[] = [];
  const placeOf = new Map<string, number>();
  const listeners = new Set<(message: InboxMessage) => void>();
  let next = 0;

  function add(message: OutboundMessage, at: number): void {
    if (placeOf.has(message.id)) {
      return;
    }
    const { id, organization, verification, via, to, text, subject } = message;
    const entry: InboxMessage = { id, organization, verification, via, to, text, subject, at };
    const overwritten = ring[next];
    if (overwritten !== undefined) {
      placeOf.delete(overwritten.id);
    }
    ring[next] = entry;
    placeOf.set(id, next);
    next = (next + 1) % capacity;
    for (const listener of listeners) {
      listener(entry);
    }
  }

  return {
    provider: {
      id: "inbox",
      title: "Simulated phone and mailbox",
      vias: ["sms", "voice", "email"],
      simulated: true,
      settings: Type.Object({}, { additionalProperties: false }),
      send(message, _settings, tools) {
        add(message, tools.now());
        return accepted;
      },
    },
    list(organization, { limit, after }) {
      const start = after === undefined ? next : placeOf.get(after);
      const found: InboxMessage[] = [];
      for (let step = 1; start !== undefined && step <= ring.length && found.length < limit; step += 1) {
        const place = (start - step + capacity) % capacity;
        // Behind the oldest message the ring would begin again with the newest.
        if (after !== undefined && place === (next - 1 + capacity) % capacity) {
          break;
        }
        const message = ring[place];
        if (message?.organization === organization) {
          found.push(message);
        }
      }
      return found;
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
