import type { AuditDraft } from "../audit/event.ts";
import type { AppId, Binding, OrganizationId, Purpose, Verification } from "../model.ts";
import type { EngineServices } from "../services.ts";
import type { ConsumeReceiptCommand } from "../store.ts";
import { type ReceiptClaims, receiptType } from "./receipt.ts";
import { eventOf } from "./status.ts";

export interface ConsumeRequest {
  readonly organization: OrganizationId;
  readonly actor: string;
  /** The app the caller works for: only receipts made out to it count. Absent: any of the organization. */
  readonly app?: AppId | undefined;
  readonly receipt: string;
  /** What the approval must be for; absent: anything. */
  readonly purpose?: Purpose | undefined;
  readonly binding?: Binding | undefined;
}

/**
 * Takes a receipt for good: the claims for exactly one caller, undefined for everybody after it, and for a receipt that is
 * forged, over, somebody else's, or for something else. Which of these it was stays here, so that nobody can probe.
 */
export async function consumeReceipt(
  request: ConsumeRequest,
  services: EngineServices,
): Promise<ReceiptClaims | undefined> {
  const claims = services.vault.verifyJwt(request.receipt, receiptType) as ReceiptClaims | undefined;
  const now = services.clock.now();
  if (claims === undefined || !isLiving(claims, now) || !isFor(claims, request, services)) return undefined;
  const { organization, actor } = request;
  const won = await services.store.verifications.consumeReceipt({
    organization,
    actor,
    now,
    receiptId: claims.jti,
    verification: claims.verification,
    issuedAt: claims.iat * 1000,
    expiresAt: claims.exp * 1000,
  });
  return won ? claims : undefined;
}

/** What the record says of a receipt that was taken. A store that has forgotten its verification still says that much. */
export function consumedEvent(
  command: ConsumeReceiptCommand,
  verification: Verification | undefined,
): AuditDraft {
  const { organization, actor, receiptId } = command;
  const details = { receipt: receiptId };
  return verification === undefined
    ? { type: "receipt.consumed", organization, verification: command.verification, actor, details }
    : eventOf("receipt.consumed", verification, actor, details);
}

/** RFC 7519 §4.1.4 and §4.1.5, without leeway: the clock that signed it is the clock that reads it. */
function isLiving(claims: ReceiptClaims & { readonly nbf?: number }, now: number): boolean {
  return now < claims.exp * 1000 && (claims.nbf === undefined || now >= claims.nbf * 1000);
}

function isFor(claims: ReceiptClaims, request: ConsumeRequest, services: EngineServices): boolean {
  const { organization, app, purpose, binding } = request;
  return (
    claims.iss === services.settings.issuer &&
    claims.org === organization &&
    (app === undefined || claims.aud === app) &&
    (purpose === undefined || claims.purpose === purpose) &&
    (binding === undefined || isSameBinding(claims.binding ?? {}, binding))
  );
}

/** Every member, also those that only one side has: a receipt for a call and an amount is not one for the call alone. */
function isSameBinding(one: Binding, other: Binding): boolean {
  return one.call === other.call && one.action === other.action && one.amount === other.amount;
}
