import type { AuditEvent } from "./event.ts";

/** An event as everybody outside sees it: in the record, on the live feed and in web-hooks. */
export interface EventView {
  /** Unique, also across a restored backup: `evt_<time>_<seq>`. */
  readonly id: string;
  readonly seq: number;
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly organization: string;
  readonly verification?: string;
  readonly conversation?: string;
  readonly publication?: string;
  readonly user?: string;
  readonly actor?: string;
  /** Ids, states, reasons and masked hints. */
  readonly details: NonNullable<AuditEvent["details"]>;
}

export function viewEvent(event: AuditEvent): EventView {
  const { seq, type, at, organization, verification, user, actor, details = {} } = event;
  const { conversation, publication } = details;
  return {
    id: eventId(event),
    seq,
    type,
    at: new Date(at).toISOString(),
    organization,
    ...(verification !== undefined && { verification }),
    ...(typeof conversation === "string" && { conversation }),
    ...(typeof publication === "string" && { publication }),
    ...(user !== undefined && { user }),
    ...(actor !== undefined && { actor }),
    details,
  };
}

/**
 * A restored backup counts on from where it ended, so a number alone could name two events; the time before it tells them
 * apart.
 */
export function eventId({ seq, at }: Pick<AuditEvent, "seq" | "at">): string {
  return `evt_${at}_${seq}`;
}

/** The sequence number inside an id; undefined when it is not one. The event must still be compared by its whole id. */
export function seqOfEventId(id: string): number | undefined {
  const found = /^evt_\d{1,15}_(\d{1,15})$/u.exec(id)?.[1];
  return found === undefined ? undefined : Number(found);
}
