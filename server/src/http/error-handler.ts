import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { CountersignError, type ErrorCode, isCountersignError } from "../engine/errors.ts";
import { makeProblem, type Problem, problemHeaders, problemOf } from "./problem.ts";
import { fieldProblems } from "./validation.ts";

/** Answers a problem; the serializer is ours because a problem is no answer of the route's schema. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(problemHeaders(problem))
    .serializer((payload) => JSON.stringify(payload))
    .send(problem);
}

/** The one place where a thrown error becomes an answer. Bodies, query strings and headers are never logged. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toCountersignError(error);
  if (known === undefined || known.code === "internal_error") logBug(error, request);
  else if (known.code === "storage_unavailable")
    request.log.error({ request: request.id, problem: known.code }, "store failed");
  sendProblem(
    reply,
    problemOf(known ?? new CountersignError("internal_error", "Internal error"), String(request.id)),
  );
}

const frameworkCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["body_too_large", "The body has more than 64 KiB."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["unsupported_media_type", "The body must be application/json."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["invalid_request", "The body does not have the length announced."],
  FST_ERR_BAD_URL: ["invalid_request", "The address is not a valid one."],
  FST_ERR_MAX_PARAM_LENGTH: ["not_found", "There is no such thing here."],
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: ["unsupported_media_type", "The body must be application/json."],
};

/** Undefined: nothing we throw on purpose, thus a bug. */
export function toCountersignError(error: unknown): CountersignError | undefined {
  if (isCountersignError(error)) return error;
  if (!(error instanceof Error)) return undefined;
  const { code, validation, validationContext, statusCode } = error as Partial<FastifyError>;
  if (validation !== undefined) {
    const fields = fieldProblems(validation, validationContext);
    return new CountersignError("invalid_request", "The request does not fit the schema.", { fields });
  }
  const framework = frameworkCodes[code ?? ""];
  if (framework !== undefined) return new CountersignError(...framework);
  // What remains of Fastify's own 4xx: a request that broke off, or that it could not read.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new CountersignError("invalid_request", "The request could not be read.");
  }
  return undefined;
}

/** Anything in a message that could be a code, a number or an address is left out. */
export function redactText(text: string): string {
  return text
    .replaceAll(/\S+@\S+/gu, "[address]")
    .replaceAll(/\d{3,}/gu, "[number]")
    .slice(0, 500);
}

/** A bug by its name and place; nothing of the request. */
export function logBug(error: unknown, request: FastifyRequest): void {
  const place = { request: request.id, route: request.routeOptions.url };
  if (!(error instanceof Error)) {
    request.log.error(place, "something that is no error was thrown");
    return;
  }
  const frames = error.stack?.split("\n").filter((line) => /^\s+at /u.test(line));
  const { name, message } = error;
  request.log.error({ ...place, name, reason: redactText(message), frames }, "request failed");
}

/** 404, or 405 with `Allow` when the address has other methods (RFC 9110 §15.5.6). */
export function handleNotFound(
  request: FastifyRequest,
  reply: FastifyReply,
  methodsAt: (path: string) => readonly string[],
): void {
  const allowed = methodsAt(request.url.split("?", 1)[0] ?? "");
  const instance = String(request.id);
  if (allowed.length === 0) {
    sendProblem(reply, makeProblem("not_found", "There is no such thing here.", {}, instance));
    return;
  }
  reply.header("allow", allowed.join(", "));
  sendProblem(reply, makeProblem("method_not_allowed", `Allowed: ${allowed.join(", ")}.`, {}, instance));
}
