import type { AuditDraft, AuditEvent, AuditEventType } from "./audit/event.ts";
import type { OrganizationId, PublicationId } from "./model.ts";

/** Why a web-hook is off: an admin said so, it answered 410 Gone, or nothing it was told arrived for days. */
export const webhookEnds = ["by_admin", "gone", "failing"] as const;
export type WebhookEnd = (typeof webhookEnds)[number];

/** An address outside that is told of events (Standard Webhooks 1.0). */
export interface Webhook {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly url: string;
  readonly description?: string | undefined;
  /** Only events of these types; empty: all. */
  readonly events: readonly AuditEventType[];
  /** Only events of this publication. */
  readonly publication?: PublicationId | undefined;
  readonly enabled: boolean;
  readonly disabledReason?: WebhookEnd | undefined;
  readonly disabledAt?: number | undefined;
  /** Sealed `whsec_…`. */
  readonly secret: string;
  /** The one before, sealed; it signs too until `previousSecretUntil`. */
  readonly previousSecret?: string | undefined;
  readonly previousSecretUntil?: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Whether a web-hook is to be told of an event. */
export function isMeant(webhook: Pick<Webhook, "events" | "publication">, event: AuditEvent): boolean {
  return (
    (webhook.events.length === 0 || webhook.events.includes(event.type)) &&
    (webhook.publication === undefined || event.details?.["publication"] === webhook.publication)
  );
}

/** How far a web-hook has been told. */
export interface WebhookProgress {
  /** Every event up to this one was delivered, or stands among the notices, or was not meant for it. */
  readonly position: number;
  /** Since then nothing arrived, as far as anything was sent. */
  readonly failingSince?: number | undefined;
}

export const noticeStates = ["waiting", "delivered", "failed"] as const;
export type NoticeState = (typeof noticeStates)[number];

/** One event for one web-hook. */
export interface Notice {
  /** The event's sequence number. */
  readonly seq: number;
  readonly state: NoticeState;
  /** How often it was sent. */
  readonly tries: number;
  /** HTTP status of the newest answer; undefined: there was none. */
  readonly status?: number | undefined;
  /** Time of the newest try, or of the wish to repeat it. */
  readonly at: number;
  /** When it is sent again; only while it waits. */
  readonly dueAt?: number | undefined;
}

/** A notice with its event, for reading back. */
export interface NoticeView {
  readonly notice: Notice;
  readonly event: AuditEvent;
}

/** The web-hooks a sender looks after. */
export interface LeasedWebhook {
  readonly webhook: Webhook;
  readonly progress: WebhookProgress;
}

/** What became of the events that a web-hook was told lately. */
export interface WebhookStep {
  readonly organization: OrganizationId;
  readonly webhook: string;
  /** Who writes; it must still hold the lease. */
  readonly owner: string;
  /** The position that the sender went on from; it must still be the stored one. */
  readonly from: number;
  readonly to: number;
  readonly failingSince: number | undefined;
  readonly notices: readonly Notice[];
  readonly now: number;
}

/**
 * The sender's own book. The audit record is the outbox: it holds what is to be told, written with the change it tells of. Here
 * stands only how far each web-hook is, and what has to be tried again.
 */
export interface WebhookStore {
  /**
   * Takes over the web-hooks that no living sender looks after and prolongs what `owner` has already, in all organizations.
   * Returns all of `owner`, also those that are off.
   */
  lease(owner: string, now: number, until: number): Promise<readonly LeasedWebhook[]>;
  /** Gives them up, so that another sender need not wait for the end of the lease. */
  release(owner: string): Promise<void>;
  /** How far they are told, by id. */
  progress(organization: OrganizationId): Promise<ReadonlyMap<string, WebhookProgress>>;
  /** The notices that wait, and those behind `position`. */
  open(organization: OrganizationId, webhook: string, position: number): Promise<readonly Notice[]>;
  /** False: the lease is lost, the position was moved, or the web-hook is gone; nothing was kept. */
  record(step: WebhookStep): Promise<boolean>;
  /** Newest event first, those before event `before`. */
  notices(
    organization: OrganizationId,
    webhook: string,
    page: { readonly before: number; readonly limit: number; readonly state?: NoticeState | undefined },
  ): Promise<readonly NoticeView[]>;
  /** Forgets what was delivered, and what failed for good, but the newest `keep` of each. */
  forget(organization: OrganizationId, webhook: string, keep: number): Promise<void>;
  /** Has one event sent again, now. False: there is no such web-hook. */
  repeat(organization: OrganizationId, webhook: string, seq: number, audit: AuditDraft): Promise<boolean>;
  /** Has everything after `position` sent again. False: there is no such web-hook. */
  rewind(
    organization: OrganizationId,
    webhook: string,
    position: number,
    audit: AuditDraft,
  ): Promise<boolean>;
}
