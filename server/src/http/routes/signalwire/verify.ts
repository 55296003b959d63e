import type { FastifyRequest } from "fastify";
import { CountersignError } from "../../../engine/errors.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { type CheckResult, checkToken } from "../../../engine/verification/check.ts";
import { idempotencyOf } from "../../idempotency.ts";
import type { Metrics } from "../../metrics.ts";
import type { SurfaceBody } from "./body.ts";
import { invalidFields, unknownRequest } from "./errors.ts";
import { callerOf, projectOf } from "./login.ts";
import type { Misses } from "./misses.ts";
import type { PublicIds } from "./public-ids.ts";

export interface VerifyTools {
  readonly services: EngineServices;
  readonly metrics: Metrics;
  readonly ids: PublicIds;
  readonly misses: Misses;
}

/**
 * `POST …/mfa/:id/verify`: true once, false while the request is alive, 404 from then on. Whatever the token is, it is one
 * attempt.
 */
export async function verifyToken(request: FastifyRequest, tools: VerifyTools) {
  const { services, metrics, ids, misses } = tools;
  const project = projectOf(request);
  const caller = callerOf(project);
  const answer = tokenOf(request.body as SurfaceBody | undefined);
  const { id: given } = request.params as { readonly id: string };
  const id = ids.internalOf(project.id, given);
  const result: CheckResult =
    id === undefined
      ? { kind: "unknown" }
      : await checkToken(
          {
            organization: project.organization,
            actor: caller.actor,
            onlyApp: project.app,
            idempotency: idempotencyOf(request, caller),
            id,
            answer,
          },
          services,
        );
  if (result.kind === "approved") metrics.verificationApproved(result.verification.via);
  if (result.kind === "refused") metrics.attemptRefused(result.verification.via, result.reason);
  const success = successOf(result);
  if (success !== undefined) return { success };
  const retryAfterSeconds = misses.note(project.id);
  throw retryAfterSeconds === undefined
    ? unknownRequest()
    : new CountersignError("rate_limited", "Too many unknown ids.", { retryAfterSeconds });
}

/** Undefined: as far as this surface tells, there is no such request. */
function successOf(result: CheckResult): boolean | undefined {
  if (result.kind === "approved") return true;
  if (result.kind !== "refused") return undefined;
  switch (result.reason) {
    case "wrong":
    case "replayed":
    // Too many wrong answers for this number lately: not looked at, and the request is alive.
    case "throttled":
      return false;
    default:
      return undefined;
  }
}

const longestToken = 256;

/**
 * The token as text. Agents that declare it as a number send one; a token that is all digits never begins with zero, so nothing
 * of it is lost.
 */
function tokenOf(body: SurfaceBody | undefined): string {
  const token = body?.values["token"];
  const text = Number.isSafeInteger(token) && Number(token) >= 0 ? String(token) : token;
  if (text === undefined || text === "") throw wrong("is required");
  if (typeof text !== "string") throw wrong("must be a string");
  if (text.length > longestToken) throw wrong(`must have at most ${longestToken} characters`);
  return text;
}

function wrong(problem: string): CountersignError {
  return invalidFields([{ field: "token", problem }]);
}
