import type { AuditDraft } from "../../engine/audit/event.ts";
import type { ConfirmCommand } from "../../engine/enrollments.ts";
import type { ErrorCode, ErrorDetails } from "../../engine/errors.ts";
import type { DeliveryOutcome, ReportCommand } from "../../engine/outbox.ts";
import type { CountOutsideCommand, NoteOutsideCommand, SettleOutsideCommand } from "../../engine/outside.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { RetentionRules } from "../../engine/retention.ts";
import type {
  CancelCommand,
  CheckCommand,
  ConsumeReceiptCommand,
  ResendCommand,
  StartCommand,
} from "../../engine/store.ts";
import type { KeyRow } from "../keys/key-rows.ts";
import type { Statement } from "../sql/executor.ts";

/**
 * What the main thread asks of the writer thread. A batch is a list of these, answered in order after one commit. Batches
 * and replies cross the thread border as JSON text, which costs about half of a structured clone.
 */
export type Command =
  /** The same policy serves thousands of starts: it is told once, and each start names it by its number. */
  | { readonly kind: "policy"; readonly number: number; readonly policy: Policy }
  | { readonly kind: "start"; readonly command: Omit<StartCommand, "policy">; readonly policy: number }
  | { readonly kind: "check"; readonly command: CheckCommand }
  | { readonly kind: "resend"; readonly command: ResendCommand }
  | { readonly kind: "cancel"; readonly command: CancelCommand }
  | { readonly kind: "outside"; readonly asked: OutsideAsked }
  | { readonly kind: "confirm"; readonly command: ConfirmCommand }
  | { readonly kind: "consume"; readonly command: ConsumeReceiptCommand }
  | { readonly kind: "expire"; readonly now: number; readonly limit: number }
  | {
      readonly kind: "retain";
      /** What the main thread sealed since the last such command, by kid. */
      readonly sealed: Readonly<Record<string, number>>;
      readonly rules: RetentionRules;
      readonly limit: number;
      readonly now: number;
    }
  | { readonly kind: "find"; readonly organization: string; readonly id: string }
  | { readonly kind: "claim"; readonly ids: readonly string[]; readonly owner: string }
  | { readonly kind: "finish"; readonly result: DeliveryOutcome }
  | { readonly kind: "report"; readonly report: ReportCommand }
  | { readonly kind: "leftovers"; readonly owner: string; readonly limit: number }
  | { readonly kind: "add_key"; readonly row: KeyRow }
  /** Empties the write-ahead log after the commit, so that what was erased stands in no file any more. */
  | { readonly kind: "tidy" }
  | { readonly kind: "read"; readonly statement: Statement }
  | {
      readonly kind: "write";
      readonly statements: readonly Statement[];
      readonly audit: readonly AuditDraft[];
      readonly now: number;
    };

export type OutsideAsked =
  | { readonly verb: "note"; readonly command: NoteOutsideCommand }
  | { readonly verb: "count"; readonly command: CountOutsideCommand }
  | { readonly verb: "settle"; readonly command: SettleOutsideCommand };

/** A refusal or fault of one command, as it crosses the thread border. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/** Without `failure` it was done; a `value` of undefined is absent in the JSON text. */
export interface CommandResult {
  readonly value?: unknown;
  readonly failure?: Failure;
}

export interface Batch {
  readonly id: number;
  readonly commands: readonly Command[];
}

export interface BatchReply {
  readonly id: number;
  readonly results: readonly CommandResult[];
  /** Sequence number of the last audit event, when the batch appended any. */
  readonly head?: number;
  /** Whose events those are; given with `head`. */
  readonly organizations?: readonly string[];
}

/** First message of the writer: ready, or why not. */
export type WriterReady =
  | {
      readonly ready: true;
      readonly keys: readonly KeyRow[];
      readonly sealed: Readonly<Record<string, number>>;
      readonly head: number;
    }
  | { readonly ready: false; readonly code: string; readonly message: string };

/** Tells the writer to close its database and end. */
export const closeMessage = "close";

/** Exit codes of the writer thread when it must not go on (sysexits: EX_DATAERR, EX_TEMPFAIL). */
export const writerEnds = { damaged: 65, diskFailed: 75 } as const;
