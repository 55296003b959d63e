import type { Outside } from "./outside.ts";
import type { Policy, PolicyLayer } from "./policy/policy.ts";
import type { CodeAlphabet } from "./verification/terms.ts";

/** The words of GLOSSARY.md as types. Times are milliseconds since the epoch, durations carry their unit in the name. */

export type OrganizationId = string;
export type UserId = string;
export type AuthenticatorId = string;
export type VerificationId = string;
export type AppId = string;
export type PublicationId = string;
export type Purpose = string;

export const roles = ["member", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

export const authenticatorKinds = [
  "email",
  "sms",
  "voice",
  "totp",
  "passkey",
  "recovery_code",
  "external",
] as const;
export type AuthenticatorKind = (typeof authenticatorKinds)[number];

/** How a code reaches the person. */
export const deliveryVias = ["sms", "voice", "email"] as const;
export type DeliveryVia = (typeof deliveryVias)[number];

/** How a verification is answered: by a delivered code, or by something the person already holds. */
export const vias = [...deliveryVias, "totp", "recovery_code"] as const;
export type Via = (typeof vias)[number];

export function isDeliveryVia(via: string): via is DeliveryVia {
  return (deliveryVias as readonly string[]).includes(via);
}

export const verificationStatuses = ["pending", "approved", "denied", "expired", "canceled"] as const;
export type VerificationStatus = (typeof verificationStatuses)[number];

/**
 * What an approval by this method is worth. `restricted`: the public telephone network (NIST SP 800-63B-4 §3.1.3.3);
 * `none`: e-mail for purpose login (§3.1.3.1) and pins below six digits; `standard`: everything else.
 */
export type Assurance = "none" | "restricted" | "standard";

/** Where the person talks to us. */
export const channels = [
  "alexa",
  "swaig",
  "voicexml",
  "twiml",
  "swml",
  "genesys",
  "mcp",
  "chat",
  "portal",
  "api",
] as const;
export type ChannelId = (typeof channels)[number];

/** Kinds of telephone numbers, as numbering plans know them. `fixed_line_or_mobile`: the plan does not tell (+1). */
export const numberTypes = [
  "mobile",
  "fixed_line",
  "fixed_line_or_mobile",
  "voip",
  "premium_rate",
  "toll_free",
  "shared_cost",
  "personal_number",
  "pager",
  "uan",
  "voicemail",
  "unknown",
] as const;
export type NumberType = (typeof numberTypes)[number];

/** What the send rules know of a telephone number, worked out once when it is read. It does not tell the number. */
export interface NumberFacts {
  /** ISO 3166-1 alpha-2; absent: it belongs to no country (satellite, international services). */
  readonly country?: string | undefined;
  /** Digits of the calling code: `49`. */
  readonly callingCode: string;
  readonly type: NumberType;
  /** Keyed digest of the number without its last four digits: its ten thousand neighbours share it. */
  readonly prefix: string;
  /** The last four digits, moved round by a keyed amount of the prefix: neighbours stay neighbours. */
  readonly position: number;
}

/** What the approval is bound to (PSD2 dynamic linking): short strings chosen by the caller, carried into the receipt. */
export interface Binding {
  readonly call?: string;
  readonly action?: string;
  readonly amount?: string;
}

/** What the messages of one verification say instead of what the templates say; each is used where the message has it. */
export interface MessageWishes {
  /** Sender: name of an e-mail, sender id or number of an SMS. */
  readonly from?: string | undefined;
  /** Of an e-mail, one line. */
  readonly subject?: string | undefined;
  /** The message shows the verification's two words (`code/proof-words.ts`), which the asking side also says. */
  readonly proofWords?: true | undefined;
}

export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  /** Shown to people: sender name, issuer in the authenticator app. */
  readonly displayName: string;
  readonly locale: string;
  readonly policy: PolicyLayer;
  /** Preferred country for numbers written without a country code, ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  /** `measured`: of providers with the same position the one goes first whose messages are answered more. Absent: `order`. */
  readonly routing?: "order" | "measured" | undefined;
  readonly createdAt: number;
}

export interface User {
  readonly id: UserId;
  readonly organization: OrganizationId;
  /** The calling system's own id of this person; unique in the organization. */
  readonly externalId?: string | undefined;
  readonly displayName?: string | undefined;
  readonly locale?: string | undefined;
  readonly role: Role;
  readonly policy: PolicyLayer;
  readonly disabledAt?: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export type AuthenticatorStatus = "pending" | "active" | "disabled" | "revoked";

export interface Authenticator {
  readonly id: AuthenticatorId;
  readonly organization: OrganizationId;
  readonly user: UserId;
  readonly kind: AuthenticatorKind;
  readonly status: AuthenticatorStatus;
  readonly label?: string | undefined;
  /** Masked destination, or what kind of app: safe to show and to log. */
  readonly hint: string;
  /** Sealed canonical destination (E.164 number or address); kinds sms, voice, email. */
  readonly destination?: string | undefined;
  /** Keyed digest (hex) of the canonical destination: equal destinations of an organization share it. */
  readonly destinationKey?: string | undefined;
  /** Kinds sms and voice. */
  readonly number?: NumberFacts | undefined;
  /** Sealed TOTP seed. */
  readonly seed?: string | undefined;
  readonly totp?: TotpParameters | undefined;
  /** A pending enrollment ends here. */
  readonly expiresAt?: number | undefined;
  readonly createdAt: number;
  readonly confirmedAt?: number | undefined;
}

/** RFC 6238 parameters of one seed. */
export interface TotpParameters {
  readonly algorithm: "SHA1" | "SHA256" | "SHA512";
  readonly digits: number;
  /** Time step X in seconds. */
  readonly periodSeconds: number;
}

/** One recovery code: looked up by its printed number, so that one hash per try is enough. */
export interface RecoveryCode {
  readonly authenticator: AuthenticatorId;
  readonly selector: number;
  /** scrypt hash, `N$r$p$salt$hash` in base64url. */
  readonly hash: string;
  readonly usedAt?: number | undefined;
}

/**
 * The counters of one thing that can be attacked: an authenticator of a user (`key` = authenticator id), or a destination
 * (`key` = destination key), which carries the send log of the number and, for verifications by `to`, the failures.
 */
export interface Guard {
  readonly organization: OrganizationId;
  readonly key: string;
  /** Consecutive failures since the last success; a new code never resets it (NIST SP 800-63B-4 §3.1.3.2). */
  readonly failures: number;
  readonly blockedUntil?: number | undefined;
  readonly disabledAt?: number | undefined;
  /** Last accepted TOTP time step T. */
  readonly lastStep?: number | undefined;
  /** Pending verification per `purpose|app`: all that are open (`mostPending`), and some that no longer are. */
  readonly pending: Readonly<Record<string, VerificationId>>;
  /** Times of recent sends, whole seconds, oldest first, pruned to the longest window in force. */
  readonly sends: readonly number[];
}

/** One message of a verification, as the caller may see it. */
export interface DeliveryRecord {
  readonly id: string;
  readonly via: DeliveryVia;
  readonly state: DeliveryState;
  readonly provider?: string | undefined;
  /** What the spending of the organization was charged with, in millionths of its currency. */
  readonly priceMicros?: number | undefined;
  readonly at: number;
}

/** `maybe_sent`: the provider did not answer in time, so nothing is sent again by itself. */
export type DeliveryState =
  | "queued"
  | "sending"
  | "accepted"
  | "delivered"
  | "failed"
  | "maybe_sent"
  | "dropped";

export interface Verification {
  readonly id: VerificationId;
  readonly organization: OrganizationId;
  readonly user?: UserId | undefined;
  readonly authenticator?: AuthenticatorId | undefined;
  /** Key of the guard whose failures this verification counts on. */
  readonly guard: string;
  readonly destinationKey?: string | undefined;
  /** Sealed destination of a verification by `to`. */
  readonly destination?: string | undefined;
  /** What the send rules know of the number; sms and voice. */
  readonly number?: NumberFacts | undefined;
  /** Keyed digests of where the end user's request came from, if the caller told; see `policy/sending-source.ts`. */
  readonly source?: string | undefined;
  readonly hint: string;
  readonly app?: AppId | undefined;
  readonly publication?: PublicationId | undefined;
  readonly channel: ChannelId;
  readonly via: Via;
  readonly purpose: Purpose;
  readonly binding?: Binding | undefined;
  /** The dialogue that it belongs to. */
  readonly conversation?: string | undefined;
  /** What its messages say beside the code. */
  readonly wishes?: MessageWishes | undefined;
  readonly locale: string;
  readonly status: VerificationStatus;
  readonly reason?: string | undefined;
  /** HMAC of the newest code; absent for totp and recovery_code. */
  readonly mac?: Uint8Array | undefined;
  readonly kid?: string | undefined;
  /** Sealed newest code, kept only while policy `resend: "same"` may need it. */
  readonly sealedCode?: string | undefined;
  /** Its codes are made, sent and compared elsewhere; what is counted and decided stays here. */
  readonly outside?: Outside | undefined;
  readonly attempts: number;
  /** Name of the last counted answer that had one; the same answer again is not counted again. */
  readonly lastAttempt?: string | undefined;
  readonly sends: number;
  readonly lastSentAt?: number | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly closedAt?: number | undefined;
  /** The rules captured at the start: a later edit never changes a verification in flight. */
  readonly rules: VerificationRules;
  readonly deliveries: readonly DeliveryRecord[];
}

/** A verification as callers of the engine see it: without what could check a code, and without whole destinations. */
export type VerificationState = Omit<
  Verification,
  | "guard"
  | "mac"
  | "kid"
  | "sealedCode"
  | "destination"
  | "destinationKey"
  | "number"
  | "source"
  | "outside"
  | "lastAttempt"
  | "rules"
> & {
  readonly outside?: Pick<Outside, "service"> | undefined;
  readonly rules: Pick<VerificationRules, "codeLength" | "maxAttempts" | "maxSends">;
};

/**
 * The part of a policy that a verification in flight still needs; `test`: it belongs to a test number. Digits where no
 * `codeAlphabet` is named; only a surface with terms of its own names one.
 */
export type VerificationRules = Omit<Policy, "legacyPin"> & {
  readonly test?: boolean | undefined;
  readonly codeAlphabet?: CodeAlphabet | undefined;
};
