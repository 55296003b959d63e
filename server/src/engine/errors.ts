import type { SendRuleName } from "./policy/sending.ts";

/**
 * Every way a request can be refused, as one closed union. `http/problem.ts` maps a code to a status and a sentence;
 * voice surfaces map it to words. A code never changes its meaning; new ones are added at the end of their group.
 */
export type ErrorCode =
  // the request itself
  | "invalid_request"
  | "invalid_json"
  | "unsupported_media_type"
  | "body_too_large"
  | "invalid_destination"
  | "invalid_code_format"
  | "invalid_template"
  | "invalid_policy"
  | "invalid_settings"
  | "method_not_allowed"
  // who is asking
  | "unauthenticated"
  | "forbidden"
  // what is asked for
  | "not_found"
  | "name_taken"
  | "in_use"
  | "conflict"
  | "already_closed"
  | "idempotency_conflict"
  | "no_authenticator"
  | "authenticator_disabled"
  | "method_not_allowed_by_policy"
  | "receipt_invalid"
  | "enrollment_refused"
  // limits
  | "resend_too_soon"
  | "too_many_sends"
  | "rate_limited"
  | "send_refused"
  | "sent_outside"
  | SendRuleName
  // our own trouble
  | "storage_unavailable"
  | "delivery_unavailable"
  | "overloaded"
  | "internal_error";

/** One field that was wrong: a JSON pointer into the body (RFC 6901) or a parameter name, and a sentence. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
  /** Stable code of this one problem, where one exists (template and settings validation). */
  readonly code?: string;
}

export interface ErrorDetails {
  /** Whole seconds after which the same request may succeed. */
  readonly retryAfterSeconds?: number;
  readonly fields?: readonly FieldProblem[];
}

/** The only error a room throws on purpose. Anything else that is thrown is a bug and answers `internal_error`. */
export class CountersignError extends Error {
  override readonly name = "CountersignError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export function isCountersignError(error: unknown): error is CountersignError {
  return error instanceof CountersignError;
}
