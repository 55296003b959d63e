import type { AuditDraft } from "./audit/event.ts";
import type { ChannelId, OrganizationId, PublicationId, UserId, VerificationId } from "./model.ts";

/** The state of one dialogue on a channel: kept by us, never trusted from the platform. */
export interface Conversation {
  /**
   * Keyed digest of publication and the platform's own id (`conversationId`): found by either with one key, and it may stand
   * in a URL, since nobody can make one.
   */
  readonly id: string;
  readonly organization: OrganizationId;
  readonly publication: PublicationId;
  readonly channel: ChannelId;
  /** The platform's id of the dialogue: call id, session id. */
  readonly externalId: string;
  readonly user?: UserId | undefined;
  /** The newest verification of this dialogue. */
  readonly verification?: VerificationId | undefined;
  /** Grows by one with every turn that is kept. */
  readonly version: number;
  /** Sealed JSON (table `conversations`, column `state`, row = id): the dialogue's own state and its last reply. */
  readonly state: string;
  /** The path by which it ended. */
  readonly path?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** May be forgotten after this. */
  readonly expiresAt: number;
}

/** A version of a conversation that is to be written, with the events that tell of it. */
export interface ConversationChange {
  readonly conversation: Conversation;
  readonly events: readonly AuditDraft[];
}

export interface ConversationStore {
  /** "Not yours" and "not there" look the same: undefined. */
  find(organization: OrganizationId, id: string): Promise<Conversation | undefined>;
  /**
   * Writes the conversation with its events when its stored version is `conversation.version - 1` (1: when there is none
   * yet), durably. False: another turn came first, and nothing was written.
   */
  save(conversation: Conversation, events: readonly AuditDraft[]): Promise<boolean>;
  /** Forgets those whose time is over, at most `limit`; returns how many. */
  forget(now: number, limit: number): Promise<number>;
}
