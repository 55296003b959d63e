import type { AnswerStore } from "./answers.ts";
import type { AuditStore } from "./audit/store.ts";
import type { Collection, SettingsChange } from "./collection.ts";
import type { ConversationChange, ConversationStore } from "./conversations.ts";
import type { EnrollmentStore } from "./enrollments.ts";
import type {
  AppId,
  AuthenticatorId,
  Binding,
  ChannelId,
  MessageWishes,
  NumberFacts,
  Organization,
  OrganizationId,
  PublicationId,
  Purpose,
  UserId,
  VerificationId,
  VerificationState,
  Via,
} from "./model.ts";
import type { CallStore, Delivery, OutboxStore } from "./outbox.ts";
import type { OutsideOrder, OutsideService, OutsideStore } from "./outside.ts";
import type { Policy } from "./policy/policy.ts";
import type { SendRuleName } from "./policy/sending.ts";
import type { RetentionStore } from "./retention.ts";
import type { SendingStore } from "./sending.ts";
import type {
  ApiKey,
  App,
  Credential,
  Provider,
  Publication,
  SignalwireProject,
  Template,
  TestNumber,
} from "./settings.ts";
import type { UserStore } from "./users.ts";
import type { ReceiptClaims } from "./verification/receipt.ts";
import type { StartTerms } from "./verification/terms.ts";
import type { Webhook, WebhookStore } from "./webhooks.ts";

/**
 * The port the engine owns. A store never decides: for a hot command it loads the rows, calls the engine's pure `decide…`
 * function, and writes the changes it returns together with their audit events in one atomic, durable step. Commands that
 * arrive while a commit is under way share the next one; nothing resolves before its batch is on the disk.
 *
 * Every method fails with `CountersignError("storage_unavailable")` when the disk is full or failing, and then nothing
 * of it was kept.
 */
export interface Store {
  readonly verifications: VerificationStore;
  readonly enrollments: EnrollmentStore;
  readonly users: UserStore;
  readonly conversations: ConversationStore;
  readonly sending: SendingStore;
  readonly settings: SettingsStore;
  readonly outbox: OutboxStore;
  readonly calls: CallStore;
  readonly audit: AuditStore;
  readonly webhooks: WebhookStore;
  readonly retention: RetentionStore;
  readonly answers: AnswerStore;
  /** Fails with `storage_unavailable` when it could not be read, or when the last change could not be kept and still cannot. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** The hot path: each verb is one atomic step. */
export interface VerificationStore {
  start(command: StartCommand): Promise<StartOutcome>;
  check(command: CheckCommand): Promise<CheckOutcome>;
  resend(command: ResendCommand): Promise<StartOutcome>;
  cancel(command: CancelCommand): Promise<CancelOutcome>;
  readonly outside: OutsideStore;
  /** "Not yours" and "not there" look the same: undefined. */
  find(organization: OrganizationId, id: VerificationId): Promise<VerificationState | undefined>;
  /** Burns a receipt: true for exactly one caller. `expiresAt` tells when its row may be forgotten. */
  consumeReceipt(command: ConsumeReceiptCommand): Promise<boolean>;
  /** Closes pending verifications whose time is over, oldest first; returns how many. */
  expire(now: number, limit: number): Promise<number>;
}

/** Common to the commands: who asks, when, and the caller's idempotency key. */
export interface CommandContext {
  readonly organization: OrganizationId;
  readonly now: number;
  readonly actor: string;
  readonly idempotency?: Idempotency | undefined;
  /** The caller works for this app only: verifications of another one are unknown to it. */
  readonly onlyApp?: AppId | undefined;
}

export type ReasonedContext = CommandContext & { readonly reason?: string | undefined };

/** The same key with the same fingerprint gets the stored outcome; with another, `idempotency_conflict`. */
export interface Idempotency {
  /** Caller's key, already made unique per API key and route. */
  readonly key: string;
  /** SHA-256 (hex) of method, route and body. */
  readonly fingerprint: string;
  /** A request with another fingerprint takes the key over when the first one is older than this. Absent: it never does. */
  readonly takeOverAfterMs?: number | undefined;
}

export interface StartCommand extends CommandContext {
  readonly id: VerificationId;
  readonly deliveryId: string;
  readonly via: Via;
  readonly purpose: Purpose;
  readonly target: StartTarget;
  readonly app?: string | undefined;
  readonly publication?: string | undefined;
  readonly channel: ChannelId;
  readonly binding?: Binding | undefined;
  /** Where the end user's request came from, as `policy/sending-source.ts` makes it: keyed digests, never the address. */
  readonly source?: string | undefined;
  /** The dialogue that asks; the events carry it. */
  readonly conversation?: string | undefined;
  readonly wishes?: MessageWishes | undefined;
  /** Explicit wish of the caller; else the user's, else the organization's. */
  readonly locale?: string | undefined;
  readonly fallbackLocale: string;
  /** Server ceiling → organization → app → publication, already resolved; the user's layer is added by `decideStart`. */
  readonly policy: Policy;
  readonly production: boolean;
  /** Who makes, sends and compares the codes, where it is not us; only for vias of the telephone. Not together with `terms`. */
  readonly outside?: OutsideService | undefined;
  /** Of a surface with ranges of its own: such a start never resends, it takes the place of what is pending. */
  readonly terms?: StartTerms | undefined;
}

export type StartTarget =
  | { readonly user: UserId; readonly authenticator?: AuthenticatorId | undefined }
  | {
      readonly destination: string;
      readonly destinationKey: string;
      readonly hint: string;
      /** Of a telephone number; without it nothing is sent to one. */
      readonly number?: NumberFacts | undefined;
    };

interface Granted {
  readonly verification: VerificationState;
  readonly delivery?: Delivery;
  readonly order?: OutsideOrder;
}

export type StartOutcome =
  | (Granted & { readonly kind: "started" })
  /** A pending verification of the same authenticator, purpose and app was there: this start was a resend of it. */
  | (Granted & { readonly kind: "resent" })
  | {
      readonly kind: "refused";
      readonly reason: StartRefusal;
      /** Which one, where the send rules refuse; for callers who may know. */
      readonly rule?: SendRuleName;
      readonly retryAfterSeconds?: number;
    };

export type StartRefusal =
  | "not_found"
  | "no_authenticator"
  | "authenticator_disabled"
  | "method_not_allowed_by_policy"
  | "already_closed"
  | "resend_too_soon"
  | "too_many_sends"
  | "rate_limited"
  | "send_refused"
  /** Its codes come from a service outside that this caller cannot ask. */
  | "sent_outside";

export interface CheckCommand extends CommandContext {
  readonly id: VerificationId;
  /** Canonical forms of one answer, at most two; one attempt whatever their number. */
  readonly candidates: readonly string[];
  /** Name of this answer, for who may ask twice: when the last counted one bears it too, the outcome is what became of that. */
  readonly attempt?: string | undefined;
  /** For recovery codes: what scrypt made of the candidate under the stored salt of `selector`. */
  readonly recovery?: { readonly selector: number; readonly hash: string } | undefined;
  readonly issuer: string;
  /**
   * What the dialogue says to the right answer: written in the step that approves it if no other turn came first, so that a
   * turn costs one commit. The outcome tells whether it was (`kept`).
   */
  readonly whenApproved?: ConversationChange | undefined;
}

export type CheckOutcome =
  | {
      readonly kind: "approved";
      readonly verification: VerificationState;
      /** What the receipt will say. Signed after the step: Ed25519 is deterministic, so a replay gets the same receipt. */
      readonly claims: ReceiptClaims;
      /** `whenApproved` was written with it. */
      readonly kept?: boolean;
    }
  | { readonly kind: "refused"; readonly reason: CheckRefusal; readonly verification: VerificationState }
  | { readonly kind: "unknown" };

/** For the audit feed and for keys that may know; an untrusted caller sees one answer for all of them. */
export type CheckRefusal =
  | "wrong"
  | "replayed"
  | "expired"
  | "closed"
  | "throttled"
  | "disabled"
  | "exhausted"
  /** Only a service outside can compare it, and this surface does not ask it. */
  | "checked_outside"
  /** The service outside gave no answer that can be believed. */
  | "unanswered";

export interface ResendCommand extends CommandContext {
  readonly id: VerificationId;
  readonly deliveryId: string;
  readonly via?: Via | undefined;
  /** The service outside that the caller can ask to send. */
  readonly outside?: OutsideService | undefined;
}

export interface CancelCommand extends CommandContext {
  readonly id: VerificationId;
}

export type CancelOutcome =
  | { readonly kind: "canceled"; readonly verification: VerificationState }
  | { readonly kind: "closed"; readonly verification: VerificationState }
  | { readonly kind: "unknown" };

export interface ConsumeReceiptCommand extends CommandContext {
  readonly receiptId: string;
  readonly verification: VerificationId;
  /** One issued before the store was restored is refused: whether it was taken since the backup is not known. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What an admin configures, each kind as a collection with the same verbs. */
export interface SettingsStore {
  readonly organizations: Collection<Organization>;
  readonly apps: Collection<App>;
  readonly publications: Collection<Publication>;
  readonly providers: Collection<Provider>;
  readonly credentials: Collection<Credential>;
  readonly templates: Collection<Template>;
  readonly testNumbers: Collection<TestNumber>;
  readonly apiKeys: Collection<ApiKey>;
  readonly webhooks: Collection<Webhook>;
  readonly signalwireProjects: Collection<SignalwireProject>;
  /** Look-ups that a request needs before its organization is known. */
  apiKey(id: string): Promise<ApiKey | undefined>;
  signalwireProject(id: string): Promise<SignalwireProject | undefined>;
  publication(id: PublicationId): Promise<Publication | undefined>;
  provider(id: string): Promise<Provider | undefined>;
  /** Called after a commit that changed a collection, on every node, so that caches can forget. */
  onChange(listener: (change: SettingsChange) => void): void;
}
