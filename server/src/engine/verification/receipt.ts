import { createHash } from "node:crypto";
import type { Binding, Verification } from "../model.ts";
import type { Vault } from "../tools.ts";
import { assuranceOf, methodReferences } from "./assurance.ts";

/** Media type of the JWT header, so that no other token of ours can stand in for a receipt (RFC 8725 §3.11). */
export const receiptType = "cs-receipt+jwt";

/** Claims of a receipt; times in whole seconds as in RFC 7519 §4.1. */
export interface ReceiptClaims {
  readonly iss: string;
  /** The app that asked, or the organization when no app was named. */
  readonly aud: string;
  /** User id, or `destination:<key>` for a verification by `to`. */
  readonly sub: string;
  readonly org: string;
  readonly jti: string;
  readonly iat: number;
  readonly exp: number;
  readonly auth_time: number;
  readonly verification: string;
  readonly purpose: string;
  readonly via: string;
  readonly amr: readonly string[];
  /** The assurance word of this product, not an eIDAS or NIST level. */
  readonly acr: string;
  readonly binding?: Binding;
  /** SHA-256 (base64url) of the binding, so that a system that must not see it can still compare. */
  readonly binding_hash?: string;
}

export interface ReceiptRequest {
  readonly issuer: string;
  /** When it was approved. */
  readonly now: number;
}

/** Signs the proof of one approval: a compact JWS (EdDSA) of type `cs-receipt+jwt`. */
export function signReceipt(claims: ReceiptClaims, vault: Pick<Vault, "signJwt">): string {
  return vault.signJwt(receiptType, { ...claims });
}

/** What the receipt of an approved verification says. An approval happens once, so its receipt bears the verification's id. */
export function receiptClaims(verification: Verification, request: ReceiptRequest): ReceiptClaims {
  const issuedAt = Math.floor(request.now / 1000);
  return {
    iss: request.issuer,
    aud: verification.app ?? verification.organization,
    sub: verification.user ?? `destination:${verification.destinationKey}`,
    org: verification.organization,
    jti: verification.id,
    iat: issuedAt,
    exp: issuedAt + verification.rules.receiptTtlSeconds,
    auth_time: issuedAt,
    verification: verification.id,
    purpose: verification.purpose,
    via: verification.via,
    amr: methodReferences(verification.via),
    acr: assuranceOf(verification.via, verification.purpose, verification.rules.codeLength),
    ...(verification.binding && {
      binding: verification.binding,
      binding_hash: bindingHash(verification.binding),
    }),
  };
}

/** Hash over the binding with its members in a fixed order: call, action, amount. */
export function bindingHash(binding: Binding): string {
  const ordered = [binding.call ?? null, binding.action ?? null, binding.amount ?? null];
  return createHash("sha256").update(JSON.stringify(ordered)).digest("base64url");
}
