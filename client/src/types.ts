import type { components, operations } from "./wire.ts";

/** Name of an operation, as in the OpenAPI document: `verifications.start` is `client.verifications.start`. */
export type OperationId = keyof operations;

/** What an operation takes as its JSON body. */
export type BodyOf<Id extends OperationId> =
  NonNullable<operations[Id]["requestBody"]> extends {
    readonly content: { readonly "application/json": infer Body };
  }
    ? Body
    : never;

/** What an operation answers with when it is granted. */
export type AnswerOf<Id extends OperationId> = JsonOf<operations[Id]["responses"]>;

type JsonOf<Responses> = Responses[keyof Responses] extends infer Response
  ? Response extends { content: { readonly "application/json": infer Answer } }
    ? Answer
    : never
  : never;

/** The query parameters of an operation. */
export type QueryOf<Id extends OperationId> = NonNullable<operations[Id]["parameters"]["query"]>;

/** RFC 9457 problem details, as every refusal carries them. */
export type Problem = components["schemas"]["Problem"];
/** Stable name of a refusal; it never changes its meaning. */
export type ProblemCode = Problem["code"];
/** One field that was wrong: a JSON pointer into the body or a parameter's name, and a sentence. */
export type FieldProblem = NonNullable<Problem["fields"]>[number];

export type Verification = AnswerOf<"verifications.get">;
export type CheckResult = AnswerOf<"verifications.check">;
export type Via = Verification["via"];
export type VerificationStatus = Verification["status"];
export type Delivery = Verification["deliveries"][number];
export type User = AnswerOf<"users.get">;
export type Authenticator = AnswerOf<"authenticators.list">["authenticators"][number];
export type Enrollment = AnswerOf<"enrollments.begin">;
export type Message = AnswerOf<"inbox.list">["messages"][number];
export type Claims = AnswerOf<"receipts.consume">;
/** An address of yours that is told of events; its secret is shown when it is made, and never again. */
export type Webhook = AnswerOf<"webhooks.get">;
/** One event for one web-hook, and what became of it. */
export type WebhookNotice = AnswerOf<"webhooks.notices">["notices"][number];
/** One line of the audit record, and of the live feed. */
export type AuditEvent = AnswerOf<"audit.list">["events"][number];

/** Every call takes these last. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Calls that change something which must not happen twice take these last. */
export interface OnceOptions extends CallOptions {
  /**
   * 1 to 255 printable ASCII characters, sent as `Idempotency-Key`. The same key with the same request gets the first
   * answer again, so a repeat sends no second message and costs no second attempt.
   */
  readonly idempotencyKey?: string | undefined;
}
