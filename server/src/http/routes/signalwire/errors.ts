import type { FastifyReply, FastifyRequest } from "fastify";
import { CountersignError, type FieldProblem } from "../../../engine/errors.ts";
import { logBug, toCountersignError } from "../../error-handler.ts";

/**
 * The answers of `/api/relay/rest`: `{"error": …}` for 401, 404 and our own trouble, `{"errors": [{detail, status, title, code}]}`
 * with texts only for what was wrong with a request. Every body is JSON, also where nothing matches: clients parse whatever
 * comes back.
 */
export function handleSurfaceError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toCountersignError(error) ?? new CountersignError("internal_error", "Internal error");
  if (known.code === "internal_error") logBug(error, request);
  if (known.code === "storage_unavailable") {
    request.log.error({ request: request.id, problem: known.code }, "store failed");
  }
  const { status, body } = answerOf(known);
  const wait = known.details.retryAfterSeconds;
  if (wait !== undefined) reply.header("retry-after", String(Math.max(1, Math.ceil(wait))));
  if (status === 401) reply.header("www-authenticate", 'Basic realm="Countersign", charset="UTF-8"');
  void reply.code(status).send(body);
}

/** A field of the request that was wrong: 422, and the sentence begins with its name. */
export function invalidFields(fields: readonly FieldProblem[]): CountersignError {
  return new CountersignError("invalid_request", "The request is not valid.", { fields });
}

/** Unknown, foreign, spent, exhausted and expired alike. */
export function unknownRequest(): CountersignError {
  return new CountersignError("not_found", "There is no such request.");
}

interface SurfaceAnswer {
  readonly status: number;
  readonly body: object;
}

function answerOf({ code, message, details }: CountersignError): SurfaceAnswer {
  if (details.fields !== undefined) {
    return listed(
      422,
      "Invalid Attribute",
      details.fields.map(({ field, problem }) => `${field} ${problem}`),
    );
  }
  switch (code) {
    case "invalid_request":
    case "invalid_json":
      return listed(400, "Bad Request", [message]);
    case "body_too_large":
      return listed(413, "Payload Too Large", [message]);
    case "unsupported_media_type":
      return listed(415, "Unsupported Media Type", [message]);
    case "idempotency_conflict":
      return listed(422, "Invalid Attribute", [`Idempotency-Key was used before with a different request`]);
    case "unauthenticated":
      return plain(401, "Unauthorized");
    case "not_found":
      return plain(404, "Not Found");
    case "rate_limited":
      return plain(429, "Too Many Requests");
    case "overloaded":
    case "storage_unavailable":
      return plain(503, "Service Unavailable");
    default:
      return plain(500, "Internal Server Error");
  }
}

function plain(status: number, error: string): SurfaceAnswer {
  return { status, body: { error } };
}

function listed(status: number, title: string, details: readonly string[]): SurfaceAnswer {
  const code = String(status);
  return { status, body: { errors: details.map((detail) => ({ detail, status: code, title, code })) } };
}
