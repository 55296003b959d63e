import type { OrganizationId, UserId, VerificationId } from "../model.ts";

/**
 * What happened, as the live feed, the web-hooks and the audit record name it. Details hold ids, states, reasons and masked
 * hints only: never a code, a seed, a secret or a whole destination (design rule 8).
 */
export const auditEventTypes = [
  "verification.started",
  "verification.resent",
  "verification.approved",
  "verification.denied",
  "verification.expired",
  "verification.canceled",
  "attempt.counted",
  "attempt.refused",
  "delivery.accepted",
  "delivery.failed",
  "delivery.maybe_sent",
  "delivery.dropped",
  "delivery.delivered",
  "delivery.redacted",
  "provider.unavailable",
  "provider.available",
  "provider.tested",
  "send.refused",
  "send.flagged",
  "pumping.suspected",
  "authenticator.enrollment_begun",
  "authenticator.enrollment_refused",
  "authenticator.added",
  "authenticator.disabled",
  "authenticator.enabled",
  "authenticator.revoked",
  "recovery_code.used",
  "receipt.consumed",
  "conversation.started",
  "conversation.ended",
  "conversation.summarized",
  "function.allowed",
  "function.refused",
  "user.created",
  "user.updated",
  "user.deleted",
  "user.erased",
  "organization.created",
  "organization.updated",
  "settings.created",
  "settings.updated",
  "settings.deleted",
  "api_key.created",
  "api_key.revoked",
  "webhook.disabled",
  "webhook.replayed",
  "webhook.tested",
  "key.rotated",
  "key.retired",
  "store.restored",
  "clock.backwards",
  "retention.applied",
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

/** An event before the store gives it a place in the chain. */
export interface AuditDraft {
  readonly type: AuditEventType;
  readonly organization: OrganizationId;
  readonly verification?: VerificationId | undefined;
  readonly user?: UserId | undefined;
  /** `api_key:<id>`, `user:<id>`, `cli`, `system`, or `channel:<id>`. */
  readonly actor?: string | undefined;
  readonly details?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

/** An event as it was appended. */
export interface AuditEvent extends AuditDraft {
  /** Gapless, 1 for the first event of the store. */
  readonly seq: number;
  /** Milliseconds since the epoch; never smaller than the event before. */
  readonly at: number;
}
