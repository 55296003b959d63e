import { conversationId, openMemory, sealMemory } from "../../dialogue/memory.ts";
import type { AuditDraft, AuditEventType } from "../../engine/audit/event.ts";
import type { Conversation } from "../../engine/conversations.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { UserId, VerificationId, Via } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Published } from "../channel.ts";

/** What is kept of a conversation with the assistant, sealed. Nothing in it comes from the platform's own memory. */
export interface SwaigMemory {
  /** As the first request told them; a later one cannot change them. */
  readonly caller?: string | undefined;
  readonly subject?: string | undefined;
  readonly user?: UserId | undefined;
  readonly asked?: Asked | undefined;
  /** Stands in for a verification where nobody is known, so that it looks the same from outside. */
  readonly decoy?: Counted | undefined;
  readonly keypad?: Keypad | undefined;
  /** Answers of functions with an effect, newest last, for a request that comes twice. */
  readonly answers: readonly StoredAnswer[];
}

/** The verification that the caller is asked to answer. */
export interface Asked {
  readonly verification: VerificationId;
  readonly via: Via;
  /** Lengths that its code can have. */
  readonly lengths: readonly number[];
  /** Seconds that an approval opens the protected functions. */
  readonly grantSeconds: number;
  /** SignalWire compares its codes. */
  readonly outside?: true | undefined;
}

/** What is counted of a code that does not exist. */
export interface Counted {
  readonly digits: number;
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly sends: number;
  readonly maxSends: number;
  readonly lastSentAt: number;
  readonly expiresAt: number;
}

export interface Keypad {
  /** Number of the question, part of the key that answers it. */
  readonly ticket: number;
  /** What came of it, until the model was told. */
  readonly result?: KeypadResult | undefined;
}

export type KeypadResult =
  | {
      readonly kind:
        | "silent"
        | "approved"
        | "exhausted"
        | "expired"
        | "locked"
        | "repeat"
        | "none"
        | "unavailable";
    }
  | { readonly kind: "wrong"; readonly left: number };

export interface StoredAnswer {
  readonly key: string;
  readonly at: number;
  /** Absent while it is being found out, and for ever if the process died meanwhile. */
  readonly body?: string | undefined;
}

/** A conversation on its way through one request. */
export interface Seat {
  /** Our id of the conversation. */
  readonly id: string;
  readonly externalId: string;
  readonly stored?: Conversation | undefined;
  readonly memory: SwaigMemory;
}

/** A call or a chat may last for hours. */
const kept = 12 * 3_600_000;
const emptyMemory: SwaigMemory = { answers: [] };

export function seatId(
  externalId: string,
  { organization, id }: Published<unknown>,
  { vault }: EngineServices,
): string {
  return conversationId(organization, id, externalId, vault);
}

/** The conversation with this id of ours; undefined when this publication has none. */
export async function findSeat(
  id: string,
  publication: Published<unknown>,
  { store, vault }: EngineServices,
): Promise<Seat | undefined> {
  const { organization } = publication;
  const stored = await store.conversations.find(organization, id);
  if (stored === undefined || stored.publication !== publication.id) return undefined;
  return { id, externalId: stored.externalId, stored, memory: openMemory<SwaigMemory>(stored, vault) };
}

/** The conversation of a call with this id of ours, new where there is none. */
export async function takeSeat(
  { id, externalId }: Pick<Seat, "id" | "externalId">,
  publication: Published<unknown>,
  services: EngineServices,
): Promise<Seat> {
  return (await findSeat(id, publication, services)) ?? { id, externalId, memory: emptyMemory };
}

export interface SeatChange {
  readonly memory: SwaigMemory;
  readonly events?: readonly AuditDraft[];
  /** The path by which it ended. */
  readonly path?: string | undefined;
}

/** Writes the next version, durably. @throws CountersignError `conflict` when another node took a turn meanwhile. */
export async function keepSeat(
  seat: Seat,
  { memory, events = [], path }: SeatChange,
  publication: Published<unknown>,
  { store, vault, clock }: EngineServices,
): Promise<Seat> {
  const { id, externalId, stored: before } = seat;
  const { organization, channel } = publication;
  const now = clock.now();
  const unsealed = {
    id,
    organization,
    publication: publication.id,
    channel,
    externalId,
    user: memory.user,
    verification: memory.asked?.verification,
    version: (before?.version ?? 0) + 1,
    path,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
    expiresAt: now + kept,
  };
  const next = sealMemory(memory, unsealed, vault);
  const begun =
    before === undefined ? [seatEvent("conversation.started", { ...seat, memory }, publication)] : [];
  if (await store.conversations.save(next, [...begun, ...events])) return { ...seat, stored: next, memory };
  throw new CountersignError("conflict", "This conversation is being answered at the moment.");
}

/** An event of the conversation, with what a reader of the feed wants to know. */
export function seatEvent(
  type: AuditEventType,
  { id, externalId, memory }: Seat,
  { organization, channel, app, id: publication }: Published<unknown>,
  more: NonNullable<AuditDraft["details"]> = {},
): AuditDraft {
  return {
    type,
    organization,
    verification: memory.asked?.verification,
    user: memory.user,
    actor: `channel:${publication}`,
    details: { conversation: id, call: externalId, channel, app, publication, ...more },
  };
}
