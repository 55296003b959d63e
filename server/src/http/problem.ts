import type { CountersignError, ErrorCode, ErrorDetails, FieldProblem } from "../engine/errors.ts";

/** What a code means to the caller of the HTTP API. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What it means and what to do; shown on the problems page. */
  readonly help: string;
}

/** The one place where an error becomes an HTTP status. */
export const problemKinds: Readonly<Record<ErrorCode, ProblemKind>> = {
  invalid_request: {
    status: 400,
    title: "Invalid request",
    help: "A field, parameter or header is missing, unknown, or of the wrong form. `fields` names each one.",
  },
  invalid_json: {
    status: 400,
    title: "Invalid JSON",
    help: "The body is not I-JSON (RFC 7493): UTF-8 without a byte order mark, no name twice in one object.",
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    help: "Send `Content-Type: application/json`, in UTF-8 and without a content encoding.",
  },
  body_too_large: { status: 413, title: "Body too large", help: "A body may have at most 64 KiB." },
  invalid_destination: {
    status: 400,
    title: "Invalid destination",
    help: "The number or address is not one that a message can be sent to. Write numbers as E.164, with the country code.",
  },
  invalid_code_format: {
    status: 400,
    title: "Not a code",
    help: "What was given has no form that a code can have. It was not counted as an attempt.",
  },
  invalid_template: {
    status: 400,
    title: "Invalid template",
    help: "The message text lacks the code or uses something a template may not use. `fields` says what.",
  },
  invalid_policy: {
    status: 400,
    title: "Invalid policy",
    help: "A policy setting is outside its range or weaker than the layer above allows. `fields` says which.",
  },
  invalid_settings: {
    status: 400,
    title: "Invalid settings",
    help: "The settings do not fit the schema of this kind of provider or channel. `fields` says what.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    help: "The address exists, but not with this method. The `Allow` header lists those it has.",
  },
  unauthenticated: {
    status: 401,
    title: "Not authenticated",
    help: "Send `Authorization: Bearer` with a valid API key. Missing, malformed, unknown, expired and revoked keys all get this answer.",
  },
  forbidden: {
    status: 403,
    title: "Forbidden",
    help: "The key is valid but does not hold the scope that this operation needs.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    help: "There is no such thing, or it belongs to someone else: both look the same.",
  },
  name_taken: {
    status: 409,
    title: "Name taken",
    help: "Another entry of this organization already has that name or external id.",
  },
  in_use: { status: 409, title: "In use", help: "Something still refers to this entry. Change that first." },
  conflict: {
    status: 409,
    title: "Conflict",
    help: "The entry was changed by someone else in between. Read it again and repeat.",
  },
  already_closed: {
    status: 409,
    title: "Already closed",
    help: "The verification has already been approved, denied, canceled, or has expired. Start a new one.",
  },
  idempotency_conflict: {
    status: 409,
    title: "Idempotency key reused",
    help: "The same `Idempotency-Key` came before with a different request. Use a new key for a new request.",
  },
  no_authenticator: {
    status: 422,
    title: "No authenticator",
    help: "The user has no active authenticator for this. Enroll one first.",
  },
  authenticator_disabled: {
    status: 422,
    title: "Authenticator disabled",
    help: "Too many failures in a row disabled the authenticator. An operator can enable it, or the user enrolls again.",
  },
  method_not_allowed_by_policy: {
    status: 422,
    title: "Method not allowed by policy",
    help: "The policy in force does not allow this way of verifying. `GET /v1/policy/explain` says which layer decided.",
  },
  receipt_invalid: {
    status: 422,
    title: "Receipt invalid",
    help: "The receipt is malformed, expired, spent, not ours, or bound to something else.",
  },
  enrollment_refused: {
    status: 422,
    title: "Enrollment refused",
    help: "The code does not confirm this enrollment, or the enrollment is over: wrong, expired and already confirmed look alike.",
  },
  resend_too_soon: {
    status: 429,
    title: "Resend too soon",
    help: "Wait for the seconds in `Retry-After` before asking for another message.",
  },
  too_many_sends: {
    status: 429,
    title: "Too many messages",
    help: "This verification, user or destination has had as many messages as the policy allows for now.",
  },
  rate_limited: {
    status: 429,
    title: "Rate limited",
    help: "Too many requests of this kind. Wait for the seconds in `Retry-After`.",
  },
  send_refused: {
    status: 422,
    title: "Message refused",
    help: "The organization's rules for messages to telephones refuse this one. A key holding `verifications:detail` is told which rule, by its own code.",
  },
  sent_outside: {
    status: 422,
    title: "Sent by another service",
    help: "Another service makes and sends the codes of this verification, asked by the channel that started it. Ask there, or start a new one.",
  },
  country_not_allowed: {
    status: 422,
    title: "Country not allowed",
    help: "Messages of this kind may not go to this country. `sending.smsCountries` and `sending.voiceCountries` of the policy list those that may; without them it is the organization's own.",
  },
  number_type_blocked: {
    status: 422,
    title: "Number type blocked",
    help: "Nothing is sent to numbers of this type: premium rate, shared cost, toll-free, service, a fixed line for text messages, or one that the policy blocks.",
  },
  number_blocked: {
    status: 422,
    title: "Number blocked",
    help: "The number is on the organization's list of blocked numbers and prefixes.",
  },
  source_velocity: {
    status: 429,
    title: "Too many messages for one source",
    help: "The end user's address or network has asked for as many messages as the policy allows in an hour.",
  },
  prefix_velocity: {
    status: 429,
    title: "Too many messages to one range",
    help: "Numbers that differ in their last four digits only have had as many messages as the policy allows in an hour.",
  },
  dial_code_daily: {
    status: 429,
    title: "Too many messages to one calling code",
    help: "This calling code has had as many messages as the policy allows in a day.",
  },
  organization_cap: {
    status: 429,
    title: "Too many messages of the organization",
    help: "The organization has sent as many messages as its policy allows in an hour or a day.",
  },
  spend_cap: {
    status: 429,
    title: "Spending limit reached",
    help: "The organization's messages have cost as much as its policy allows in an hour or a day.",
  },
  low_conversion: {
    status: 429,
    title: "Hardly anybody answers there",
    help: "Few messages to this country or range were answered with the right code, so new numbers there get none for an hour. Numbers that answered before, and those enrolled for a day, still do.",
  },
  sequential_numbers: {
    status: 429,
    title: "Numbers in a row",
    help: "Neighbouring numbers were messaged one after the other, as somebody does who counts through a range.",
  },
  call_in_progress: {
    status: 429,
    title: "Another call is under way",
    help: "This number is being called already. One call at a time: wait for its end, or send a text message.",
  },
  calls_daily: {
    status: 429,
    title: "Too many calls today",
    help: "This number was called, or all numbers together were called, as often as one day allows.",
  },
  storage_unavailable: {
    status: 503,
    title: "Storage unavailable",
    help: "The store cannot be read or written now. Nothing of the request was kept; repeat it later with the same `Idempotency-Key`.",
  },
  delivery_unavailable: {
    status: 503,
    title: "Delivery unavailable",
    help: "No provider can take a message for this destination now.",
  },
  overloaded: {
    status: 503,
    title: "Overloaded",
    help: "The server refused the request before looking at it, to keep its answers fast. Repeat after `Retry-After`.",
  },
  internal_error: {
    status: 500,
    title: "Internal error",
    help: "Something went wrong on our side; nothing was approved. `instance` finds it in the server's log.",
  },
};

export const problemMediaType = "application/problem+json";

/** RFC 9457 problem details. */
export interface Problem {
  /** A relative reference that this server answers. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** The request's id, as in the server's log and in the `X-Request-Id` header. */
  readonly instance: string;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
}

/** Our own trouble is told by its title only: what a driver says may name a table, a path or a value. */
export function problemOf(error: CountersignError, instance: string): Problem {
  const kind = problemKinds[error.code];
  return makeProblem(error.code, kind.status >= 500 ? kind.title : error.message, error.details, instance);
}

export function makeProblem(
  code: ErrorCode,
  detail: string,
  details: ErrorDetails,
  instance: string,
): Problem {
  const { status, title } = problemKinds[code];
  return {
    type: `/docs/problems#${code}`,
    title,
    status,
    detail,
    code,
    instance,
    ...(details.fields === undefined ? {} : { fields: details.fields }),
    ...(details.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: details.retryAfterSeconds }),
  };
}

/** Headers that belong to a problem besides its type (RFC 9110 §10.2.3, §11.6.1). */
export function problemHeaders(problem: Problem): Readonly<Record<string, string>> {
  return {
    "content-type": problemMediaType,
    ...(problem.retryAfterSeconds === undefined
      ? {}
      : { "retry-after": String(Math.max(1, Math.ceil(problem.retryAfterSeconds))) }),
    ...(problem.code === "unauthenticated" ? { "www-authenticate": "Bearer" } : {}),
  };
}
