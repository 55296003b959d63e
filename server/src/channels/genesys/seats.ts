import { conversationId } from "../../dialogue/memory.ts";
import { type AskedCode, type Method, runTtlMs } from "../../dialogue/state.ts";
import type { AuditDraft, AuditEventType } from "../../engine/audit/event.ts";
import type { Conversation } from "../../engine/conversations.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { User, UserId, VerificationId } from "../../engine/model.ts";
import { freshConversation } from "../turns.ts";
import type { Errand } from "./errand.ts";
import { findNote, writeNote } from "./notes.ts";
import { keepSealed, openSealed, rowOf } from "./sealed.ts";

/** One customer in one call, as it is kept; nothing of it is believed when the platform says it. */
export interface SeatMemory {
  readonly user: UserId;
  readonly startedAt: number;
  /** Codes that were sent or asked for in this run. */
  readonly sends: number;
  readonly round?: Round | undefined;
  /** The customer has proved it. */
  readonly passed?: boolean | undefined;
  readonly last?: LastAnswer | undefined;
}

/** One code. */
export interface Round {
  readonly kind: Method["kind"];
  readonly verification: VerificationId;
  readonly code: AskedCode;
  /** It takes no further answer. */
  readonly isVoid?: boolean | undefined;
}

/** For a request that comes twice. */
export interface LastAnswer {
  /** Keyed digest of what was answered. */
  readonly digest: string;
  readonly at: number;
  readonly status: string;
}

export interface Seat {
  /** Our id of the conversation. */
  readonly id: string;
  readonly externalId: string;
  /** The platform's id of the call. */
  readonly session?: string | undefined;
  readonly stored?: Conversation | undefined;
  readonly memory: SeatMemory;
  /** A run begins with this request, and the record does not tell it yet. */
  readonly begins?: boolean | undefined;
}

/**
 * The customer's place in this call; without an id of the call the one where a code was asked for last (reading A15). A run
 * that is over or took too long begins anew.
 */
export async function seatOf(user: User, errand: Errand): Promise<Seat> {
  const { session } = errand.parameters;
  const newest = session === undefined ? await findNote("customer", user.id, errand) : undefined;
  const known = session === undefined ? newest : seatName(user, session);
  const found = known === undefined ? undefined : await findSeat(known, session, errand);
  const isLive = found !== undefined && isUnderWay(found.memory, errand.tools.services.clock.now());
  if (found !== undefined && (isLive || session !== undefined)) {
    return isLive ? found : { ...found, memory: newMemory(user, errand, found.memory), begins: true };
  }
  const { random, vault } = errand.tools.services;
  const externalId = seatName(user, session ?? freshConversation(random));
  const { organization, id } = errand.publication;
  return {
    id: conversationId(organization, id, externalId, vault),
    externalId,
    session,
    memory: newMemory(user, errand),
    begins: true,
  };
}

/** A call belongs to one customer at a time: another account number in the same call has a place of its own. */
function seatName({ id }: User, session: string): string {
  return `${id}/${session}`;
}

function isUnderWay({ startedAt, passed }: SeatMemory, now: number): boolean {
  return passed !== true && now - startedAt < runTtlMs;
}

/** What was answered last is still known to a platform that asks again. */
function newMemory({ id }: User, { tools }: Errand, before?: SeatMemory): SeatMemory {
  return { user: id, startedAt: tools.services.clock.now(), sends: 0, last: before?.last };
}

async function findSeat(
  externalId: string,
  session: string | undefined,
  errand: Errand,
): Promise<Seat | undefined> {
  const { id, stored, content } = await openSealed<SeatMemory>(externalId, errand);
  return content && { id, externalId, session, stored, memory: content };
}

export interface SeatChange {
  readonly memory: SeatMemory;
  /** The path by which the run ended with this request. */
  readonly path?: string | undefined;
}

/** Writes the next version, durably. @throws CountersignError `conflict` when another node took a turn meanwhile. */
export async function keepSeat(seat: Seat, { memory, path }: SeatChange, errand: Errand): Promise<Seat> {
  const now = errand.tools.services.clock.now();
  const row = {
    ...rowOf(seat, seat.stored, errand),
    user: memory.user,
    verification: memory.round?.verification,
    path,
    expiresAt: Math.max(now, memory.startedAt) + runTtlMs,
  };
  // A flow that asks on after the end hears the same again; the record tells it once.
  const isTold = seat.begins !== true && seat.stored?.path === path;
  const events = [
    ...(seat.begins ? [eventOf("conversation.started", seat, memory, errand)] : []),
    ...(path === undefined || isTold ? [] : [eventOf("conversation.ended", seat, memory, errand, path)]),
  ];
  const stored = await keepSealed(memory, { row, events }, errand);
  if (stored === undefined) {
    throw new CountersignError("conflict", "This customer is being answered at the moment.");
  }
  return { ...seat, stored, memory, begins: false };
}

/** Where the customer, and who only names the call, is found from now on. */
export async function pointToSeat({ externalId, session, memory }: Seat, errand: Errand): Promise<void> {
  await Promise.all([
    writeNote("customer", memory.user, externalId, errand),
    session === undefined ? undefined : writeNote("session", session, memory.user, errand),
  ]);
}

function eventOf(
  type: AuditEventType,
  { id, session }: Seat,
  { user, round }: SeatMemory,
  { publication }: Errand,
  path?: string,
): AuditDraft {
  const { organization, channel, app, id: publicationId } = publication;
  return {
    type,
    organization,
    verification: round?.verification,
    user,
    actor: `channel:${publicationId}`,
    details: {
      conversation: id,
      channel,
      app,
      publication: publicationId,
      ...(session !== undefined && { call: session }),
      ...(path !== undefined && { path }),
    },
  };
}
