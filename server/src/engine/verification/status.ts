import type { AuditDraft, AuditEventType } from "../audit/event.ts";
import type { Verification, VerificationStatus } from "../model.ts";

/**
 * pending → approved | denied | expired | canceled, and never back. Closing forgets what could still check a code, so a
 * closed verification cannot be approved even by a bug that skips its status.
 */
export function closeVerification(
  verification: Verification,
  status: Exclude<VerificationStatus, "pending">,
  reason: string | undefined,
  now: number,
): Verification {
  return {
    ...verification,
    status,
    reason,
    closedAt: now,
    mac: undefined,
    kid: undefined,
    sealedCode: undefined,
    ...(verification.outside && { outside: { ...verification.outside, reference: undefined } }),
  };
}

/** Whether an answer may still be given. */
export function isOpen(verification: Verification, now: number): boolean {
  return verification.status === "pending" && verification.expiresAt > now;
}

/** What a caller sees: a pending verification whose time is over is expired, also before the sweep has closed it. */
export function visibleStatus(
  verification: Pick<Verification, "status" | "expiresAt">,
  now: number,
): VerificationStatus {
  return verification.status === "pending" && verification.expiresAt <= now ? "expired" : verification.status;
}

/** Where it was asked for, by which readers choose their events. */
export function whereabouts(
  asked: Pick<
    Verification,
    "via" | "purpose" | "channel" | "app" | "publication" | "conversation" | "binding"
  >,
): Readonly<Record<string, string>> {
  const { via, purpose, channel, app, publication, conversation, binding } = asked;
  return {
    via,
    purpose,
    channel,
    ...(app !== undefined && { app }),
    ...(publication !== undefined && { publication }),
    ...(conversation !== undefined && { conversation }),
    ...(binding?.call !== undefined && { call: binding.call }),
  };
}

/** The event of a verification, with what a reader of the feed wants to know. */
export function eventOf(
  type: AuditEventType,
  verification: Verification,
  actor: string | undefined,
  more: Readonly<Record<string, string | number | boolean | null>> = {},
): AuditDraft {
  const { hint, reason, outside } = verification;
  const details = {
    ...whereabouts(verification),
    to: hint,
    ...(outside && { codes: outside.service }),
    ...(reason !== undefined && { reason }),
  };
  return {
    type,
    organization: verification.organization,
    verification: verification.id,
    user: verification.user,
    actor,
    details: { ...details, ...more },
  };
}
