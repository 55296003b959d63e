import type {
  Binding,
  DeliveryState,
  DeliveryVia,
  MessageWishes,
  OrganizationId,
  Purpose,
  VerificationId,
} from "./model.ts";

/** A message on its way out: a row of the outbox, written with the verification it belongs to. */
export interface Delivery {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly verification: VerificationId;
  /** The verification as its caller knows it, where that is another id. */
  readonly publicId?: string | undefined;
  readonly via: DeliveryVia;
  readonly locale: string;
  readonly app?: string | undefined;
  readonly purpose: Purpose;
  readonly binding?: Binding | undefined;
  readonly wishes?: MessageWishes | undefined;
  readonly hint: string;
  /** Country of the number, ISO 3166-1 alpha-2; absent: it has none, or it is no telephone. */
  readonly country?: string | undefined;
  /** Sealed destination, as it stands (column `destination`) in the row it comes from. */
  readonly destination: string;
  readonly destinationAt: { readonly table: "authenticators" | "verifications"; readonly row: string };
  /** Sealed under table `deliveries`, column `code`, row = delivery id; erased on hand-over. */
  readonly code: string;
  /** A text of the caller's own, used instead of a template; sealed under table `deliveries`, column `ownText`. */
  readonly ownText?: string | undefined;
  /** Lifetime of the code, for the text of the message. */
  readonly ttlSeconds: number;
  readonly createdAt: number;
  /** Not sent after this. */
  readonly expiresAt: number;
  /** Names of providers that have failed with this verification's messages: not tried again. */
  readonly skip?: readonly string[] | undefined;
  readonly state: "queued" | "sending";
}

export interface OutboxStore {
  /**
   * Marks queued deliveries as being handed over by `owner`, durably, before a provider is called: after a crash a row
   * in `sending` is "maybe sent" and never sent again by itself. Returns those that were still queued.
   */
  claim(ids: readonly string[], owner: string, now: number): Promise<readonly Delivery[]>;
  /** Ends a delivery: erases code and destination, notes the outcome on the verification, appends the event. */
  finish(result: DeliveryOutcome): Promise<void>;
  /** What an earlier process left behind. */
  leftovers(owner: string, limit: number): Promise<readonly Delivery[]>;
  /** Notes what a provider says of a message afterwards; the same said again, or said too late, changes nothing. */
  report(report: ReportCommand): Promise<ReportOutcome>;
}

/** What a provider that reports on messages knows one by. */
export interface ProviderReference {
  /** Id of the provider as the organization configured it. */
  readonly provider: string;
  /** The provider's own id of the message, in one canonical spelling. */
  readonly reference: string;
}

/** What a message cost: `amount` in units of `currency` (ISO 4217). */
export interface MessagePrice {
  readonly amount: number;
  readonly currency: string;
}

export interface ReportCommand {
  /** A message as its provider knows it, or as we do. */
  readonly message:
    | ProviderReference
    | {
        readonly organization: OrganizationId;
        readonly verification: VerificationId;
        readonly delivery: string;
      };
  readonly state: "accepted" | "delivered" | "failed";
  /** Stable reason word for failures. */
  readonly reason?: string | undefined;
  /** The provider's own code, short; never its text. */
  readonly providerCode?: string | undefined;
  readonly price?: MessagePrice | undefined;
  readonly now: number;
  /** What a failure may be made good with; absent: nothing is sent again. */
  readonly failOver?: FailOver | undefined;
}

/** One more message, by another provider. */
export interface FailOver {
  /** Id of the delivery that this may become. */
  readonly deliveryId: string;
  /** Names of the enabled providers of the organization, by via. */
  readonly providers: Readonly<Partial<Record<DeliveryVia, readonly string[]>>>;
}

/** `unknown`: no such message, or not known yet. `unchanged`: known before, or too late. */
export type ReportOutcome =
  | { readonly kind: "unknown" }
  | { readonly kind: "unchanged" }
  | {
      readonly kind: "changed";
      readonly organization: OrganizationId;
      readonly verification: VerificationId;
      readonly delivery: string;
      /** Name of the provider. */
      readonly provider?: string | undefined;
      readonly state: ReportCommand["state"];
      /** The message that goes out instead, already durable. */
      readonly instead?: Delivery | undefined;
    };

/** The script of a call, kept until its platform has fetched it or the code has expired. */
export interface StoredCall {
  /** SHA-256 (hex) of the token in its URL. */
  readonly id: string;
  readonly organization: OrganizationId;
  /** Id of the provider that may fetch it. */
  readonly provider: string;
  readonly verification: VerificationId;
  readonly delivery: string;
  /** Sealed under table `call_scripts`, column `script`, row = id. */
  readonly script: string;
  readonly expiresAt: number;
}

/** A call that has expired, or whose verification is closed, is not there. */
export interface CallStore {
  keep(call: StoredCall, now: number): Promise<void>;
  find(id: string, now: number): Promise<StoredCall | undefined>;
  /** Hands it out and erases it; exactly one caller gets it. */
  take(id: string, now: number): Promise<StoredCall | undefined>;
}

/** What became of one message at one provider. */
export interface DeliveryTry {
  /** Its name. */
  readonly provider: string;
  /** `accepted`, a reason word for failures, or `left_out`: passed over, because it failed too often lately or answers nothing. */
  readonly outcome: string;
  /** The provider's own code, short; never its text. */
  readonly providerCode?: string | undefined;
}

export interface DeliveryOutcome {
  readonly organization: OrganizationId;
  readonly delivery: string;
  readonly verification: VerificationId;
  readonly via: DeliveryVia;
  readonly state: Exclude<DeliveryState, "queued" | "sending" | "delivered">;
  readonly provider?: string | undefined;
  /** Stable reason word for failures. */
  readonly reason?: string | undefined;
  /** The provider's own code, short; never its text. */
  readonly providerCode?: string | undefined;
  /** Providers called. */
  readonly tries: number;
  /** What each provider said, in order, where there is more to tell than the outcome. */
  readonly attempts?: readonly DeliveryTry[] | undefined;
  /** What the provider will report by; absent where it reports nothing. */
  readonly reference?: ProviderReference | undefined;
  readonly price?: MessagePrice | undefined;
  readonly now: number;
}
