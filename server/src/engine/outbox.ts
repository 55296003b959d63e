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
  /** Providers tried, in order, with what each said. */
  readonly tries: number;
  readonly now: number;
}
