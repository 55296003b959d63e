import type {
  AppId,
  AuthenticatorId,
  DeliveryRecord,
  NumberFacts,
  OrganizationId,
  PublicationId,
  VerificationId,
} from "./model.ts";
import type { SendCounter } from "./policy/sending-counters.ts";

/** What the send rules counted. It is written in the step of the message that it counts, and only read here. */
export interface SendingStore {
  /** The rows of these keys, as far as they exist. */
  find(organization: OrganizationId, keys: readonly string[]): Promise<readonly SendCounter[]>;
  /** The row of the organization and those of its calling codes. */
  totals(organization: OrganizationId): Promise<readonly SendCounter[]>;
  /** The next of an organization's verifications in the order of their ids. It looks at `limit` rows at most, of whomever. */
  past(organization: OrganizationId, range: PastRange, limit: number): Promise<PastPage>;
}

/** Ids after the one and before the other. */
export interface PastRange {
  readonly after: string;
  readonly before: string;
}

export interface PastPage {
  readonly verifications: readonly PastVerification[];
  /** Rows that were looked at. */
  readonly looked: number;
  /** The last of them; absent: there are no more. */
  readonly last?: VerificationId | undefined;
}

/** What the record still tells of a verification and its messages, as far as send rules look at it. */
export interface PastVerification {
  readonly id: VerificationId;
  readonly app?: AppId | undefined;
  readonly publication?: PublicationId | undefined;
  readonly authenticator?: AuthenticatorId | undefined;
  /** Without its position once the destination is forgotten; absent once everything is. */
  readonly number?: (Omit<NumberFacts, "position"> & { readonly position?: number | undefined }) | undefined;
  readonly destinationKey?: string | undefined;
  readonly source?: string | undefined;
  readonly approvedAt?: number | undefined;
  readonly deliveries: readonly DeliveryRecord[];
}
