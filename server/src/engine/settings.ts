import type { AppId, ChannelId, DeliveryVia, OrganizationId, PublicationId } from "./model.ts";
import type { PolicyLayer } from "./policy/policy.ts";

export interface App {
  readonly id: AppId;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly policy: PolicyLayer;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface Publication {
  readonly id: PublicationId;
  readonly organization: OrganizationId;
  readonly app: AppId;
  readonly name: string;
  readonly channel: ChannelId;
  readonly mfa: boolean;
  readonly policy: PolicyLayer;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** An entry of the credential store. The secret is write-only: it is sealed and never read back through the API. */
export interface Credential {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly description?: string | undefined;
  readonly secret: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A delivery provider as configured by an organization. */
export interface Provider {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string;
  /** Registry id: `smtp`, `http-gateway`, `inbox`, … */
  readonly kind: string;
  readonly vias: readonly DeliveryVia[];
  /** Lower goes first; equal positions are tried in order of creation. */
  readonly position: number;
  readonly enabled: boolean;
  /** Countries (ISO 3166-1 alpha-2) whose numbers it carries; absent: all of them. E-mail has no country. */
  readonly countries?: readonly string[] | undefined;
  /** Settings by the provider kind's own schema; secrets appear only as credential ids. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Message texts of one via and language; `app` absent: the organization's default. */
export interface Template {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly via: DeliveryVia;
  readonly locale: string;
  readonly app?: AppId | undefined;
  readonly text: string;
  /** SMS sender (at most 11 characters) or the brand used for `${from}`. */
  readonly sender?: string | undefined;
  readonly subject?: string | undefined;
  /** Host of the WebOTP line, appended to an SMS. */
  readonly webOtpDomain?: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A destination with a fixed code, for automated tests; never honoured in production mode nor after it expired. */
export interface TestNumber {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly via: DeliveryVia;
  readonly hint: string;
  readonly destinationKey: string;
  /** Sealed fixed code. */
  readonly code: string;
  readonly expiresAt: number;
  readonly createdAt: number;
}

export interface ApiKey {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string;
  /** SHA-256 (hex) of the whole key: 178 random bits need no slow hash. */
  readonly digest: string;
  readonly lastFour: string;
  readonly scopes: readonly Scope[];
  readonly app?: AppId | undefined;
  readonly expiresAt?: number | undefined;
  readonly revokedAt?: number | undefined;
  readonly createdAt: number;
}

/**
 * A project of the SignalWire-compatible surface: its id and token are what a client written for SignalWire logs in with, made
 * here or taken over from there.
 */
export interface SignalwireProject {
  /** UUID in lower case; unique on the whole server, since it is a user name. */
  readonly id: string;
  readonly organization: OrganizationId;
  readonly name: string;
  /** Keyed digest of the token, `<kid>.<hex>`: a token that was taken over may be shorter than ours. */
  readonly tokenDigest: string;
  readonly lastFour: string;
  /** Numbers (E.164) that its messages may come from; the first is taken where a request names none. */
  readonly from: readonly string[];
  /** `refused`: a message with a link in it is refused. */
  readonly links: "allowed" | "refused";
  /** The app whose policy and templates hold. */
  readonly app?: AppId | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What a key may do. `admin` holds all of them. */
export const scopes = [
  "verifications:start",
  "verifications:start_to",
  "verifications:check",
  "verifications:read",
  "verifications:detail",
  "users:read",
  "users:write",
  "enrollments:write",
  "settings:read",
  "settings:write",
  "audit:read",
  "events:read",
  "inbox:read",
  "admin",
] as const;
export type Scope = (typeof scopes)[number];
