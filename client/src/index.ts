import { CountersignApiError, CountersignConnectionError } from "./errors.ts";
import { type Events, events } from "./events.ts";
import { type Audit, audit, type Inbox, inbox, type Ops, ops } from "./record.ts";
import { type ClientOptions, connect } from "./send.ts";
import { type Settings, settings } from "./settings.ts";
import {
  type Authenticators,
  authenticators,
  type Destinations,
  destinations,
  type Enrollments,
  enrollments,
  type Users,
  users,
} from "./users.ts";
import { type Receipts, receipts, type Verifications, verifications } from "./verifications.ts";
import { type Webhooks, webhooks } from "./webhooks.ts";

export type { StreamOptions } from "./events.ts";
export type { ClientOptions, RetryOptions } from "./send.ts";
export type {
  AnswerOf,
  AuditEvent,
  Authenticator,
  BodyOf,
  CallOptions,
  CheckResult,
  Claims,
  Delivery,
  Enrollment,
  FieldProblem,
  Message,
  OnceOptions,
  OperationId,
  Problem,
  ProblemCode,
  QueryOf,
  User,
  Verification,
  VerificationStatus,
  Via,
  Webhook,
  WebhookNotice,
} from "./types.ts";
export { CountersignApiError, CountersignConnectionError };

/** Every operation of the API under its name: `verifications.start` is `client.verifications.start`. */
export interface Client extends Settings {
  readonly verifications: Verifications;
  readonly receipts: Receipts;
  readonly users: Users;
  readonly authenticators: Authenticators;
  readonly enrollments: Enrollments;
  readonly destinations: Destinations;
  readonly audit: Audit;
  readonly events: Events;
  readonly webhooks: Webhooks;
  readonly inbox: Inbox;
  readonly ops: Ops;
}

/**
 * A client of one organization on one server. It holds no state besides its options, and asks nobody before the first call.
 * Every call throws CountersignApiError when the server refuses, and CountersignConnectionError when no answer came.
 */
export function createClient(options: ClientOptions): Client {
  const connection = connect(options);
  const { send } = connection;
  return {
    verifications: verifications(send),
    receipts: receipts(send),
    users: users(send),
    authenticators: authenticators(send),
    enrollments: enrollments(send),
    destinations: destinations(send),
    ...settings(send),
    audit: audit(send),
    events: events(connection),
    webhooks: webhooks(send),
    inbox: inbox(send),
    ops: ops(send),
  };
}
