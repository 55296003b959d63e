import type { DeliveryVia, VerificationId, VerificationState } from "./model.ts";
import type { Delivery } from "./outbox.ts";
import type { CheckOutcome, CheckRefusal, CommandContext } from "./store.ts";

/** Who makes, sends and compares codes in our place: SignalWire's MFA API. */
export type OutsideService = (typeof outsideServices)[number];
export const outsideServices = ["signalwire"] as const;

/** What is kept of a verification whose codes are somebody else's. */
export interface Outside {
  readonly service: OutsideService;
  /** Answers that were counted and of which the service has not said anything yet. */
  readonly waiting: number;
  /** Sealed: what the service knows the newest code by; absent while no code is known to have been sent. */
  readonly reference?: string | undefined;
  /** Why the last answer that had a name was refused; absent while the service has not said anything of it. */
  readonly lastRefusal?: CheckRefusal | undefined;
}

/**
 * Verifications whose codes a service outside makes, sends and compares (`Outside`). They are counted and decided
 * here, by the same rules as all others: an answer counts before the service is asked, and only the engine approves.
 */
export interface OutsideStore {
  /** What became of a code that the service was asked to send; undefined where it was asked for no such code. */
  note(command: NoteOutsideCommand): Promise<NotedOutside | undefined>;
  /** Counts an answer, as a failure, before the service is asked whether it is right. */
  count(command: CountOutsideCommand): Promise<CountOutsideOutcome>;
  /** What the service said of an answer that was counted; one winner. */
  settle(command: SettleOutsideCommand): Promise<CheckOutcome>;
}

/** What the service is to be asked to send, once: an outcome that is told again has no order. */
export type OutsideOrder = Pick<Delivery, "id" | "via" | "destination" | "destinationAt" | "ttlSeconds">;

export interface NoteOutsideCommand extends CommandContext {
  readonly id: VerificationId;
  /** Id of the order. */
  readonly delivery: string;
  readonly state: "accepted" | "failed" | "maybe_sent";
  /** What the service knows the code by; given with `accepted`. */
  readonly reference?: string | undefined;
  /** Stable reason word for failures. */
  readonly reason?: string | undefined;
  /** The service's own code, short; never its text. */
  readonly providerCode?: string | undefined;
  /** How long the service took to answer; measured, and not kept. */
  readonly durationMs?: number | undefined;
}

/** Where a code of a service outside went. */
export interface NotedOutside {
  readonly service: OutsideService;
  readonly via: DeliveryVia;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

export interface CountOutsideCommand extends CommandContext {
  readonly id: VerificationId;
  /** Name of this answer: the last one that was counted is told the same again and counted once. */
  readonly attempt?: string | undefined;
  readonly issuer: string;
}

/** An answer that was counted, and may be shown to the service now. */
export interface CountedAnswer {
  /** How many codes had been sent by then: an answer to an older one is wrong. */
  readonly sends: number;
  /** Set when counting it spent the failure budget. If the answer is right, this is taken back. */
  readonly disabledAt?: number | undefined;
  /** Its name, where it has one. */
  readonly attempt?: string | undefined;
}

/** Anything but `counted` is what the answer is told, and the service is not asked. */
export type CountOutsideOutcome =
  | {
      readonly kind: "counted";
      readonly verification: VerificationState;
      readonly counted: CountedAnswer;
      /** What the service knows the newest code by. */
      readonly reference: string;
    }
  | CheckOutcome;

/** `over`: the code cannot be asked for any more. `unknown`: no answer that can be believed; it stays counted. */
export type OutsideAnswer = "right" | "wrong" | "over" | "unknown";

export interface SettleOutsideCommand extends CommandContext {
  readonly id: VerificationId;
  readonly counted: CountedAnswer;
  readonly answer: OutsideAnswer;
  readonly issuer: string;
}
