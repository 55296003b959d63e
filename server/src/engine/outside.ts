import type { VerificationId, VerificationState } from "./model.ts";
import type { Delivery } from "./outbox.ts";
import type { CheckOutcome, CommandContext } from "./store.ts";

/** Who makes, sends and compares codes in our place: SignalWire's MFA API. */
export type OutsideService = "signalwire";

/** What is kept of a verification whose codes are somebody else's. */
export interface Outside {
  readonly service: OutsideService;
  /** Answers that were counted and of which the service has not said anything yet. */
  readonly waiting: number;
  /** Sealed: what the service knows the newest code by; absent while no code is known to have been sent. */
  readonly reference?: string | undefined;
}

/**
 * Verifications whose codes a service outside makes, sends and compares (`Outside`). They are counted and decided
 * here, by the same rules as all others: an answer counts before the service is asked, and only the engine approves.
 */
export interface OutsideStore {
  /** What became of a code that the service was asked to send. */
  note(command: NoteOutsideCommand): Promise<void>;
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
}

export interface CountOutsideCommand extends CommandContext {
  readonly id: VerificationId;
}

/** An answer that was counted, and may be shown to the service now. */
export interface CountedAnswer {
  /** How many codes had been sent by then: an answer to an older one is wrong. */
  readonly sends: number;
  /** Set when counting it spent the failure budget. If the answer is right, this is taken back. */
  readonly disabledAt?: number | undefined;
}

export type CountOutsideOutcome =
  | {
      readonly kind: "counted";
      readonly verification: VerificationState;
      readonly counted: CountedAnswer;
      /** What the service knows the newest code by. */
      readonly reference: string;
    }
  | Exclude<CheckOutcome, { readonly kind: "approved" }>;

/** `over`: the code cannot be asked for any more. `unknown`: no answer that can be believed; it stays counted. */
export type OutsideAnswer = "right" | "wrong" | "over" | "unknown";

export interface SettleOutsideCommand extends CommandContext {
  readonly id: VerificationId;
  readonly counted: CountedAnswer;
  readonly answer: OutsideAnswer;
  readonly issuer: string;
}
