import { type Static, Type } from "typebox";
import { CountersignError } from "../../../engine/errors.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { assuranceOf, methodReferences } from "../../../engine/verification/assurance.ts";
import { type CheckResult, checkVerification } from "../../../engine/verification/check.ts";
import { visibleStatus } from "../../../engine/verification/status.ts";
import { holdsScope, type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { idempotencyOf } from "../../idempotency.ts";
import type { Metrics } from "../../metrics.ts";
import { IdParameters } from "../../views/verification.ts";
import { unknownVerification } from "./answers.ts";

const CheckBody = Type.Object(
  {
    code: Type.String({
      minLength: 1,
      maxLength: 256,
      description: "What the person typed or said. Always a string: a number loses its leading zeros.",
      examples: ["042137"],
    }),
    locale: Type.Optional(Type.String({ maxLength: 35, description: "Language of a spoken answer." })),
  },
  { additionalProperties: false },
);

const CheckView = Type.Object({
  approved: Type.Boolean(),
  status: Type.Optional(
    Type.String({ description: "For keys holding `verifications:detail`, and on success." }),
  ),
  attempts: Type.Optional(Type.Integer()),
  reason: Type.Optional(Type.String({ description: "For keys holding `verifications:detail`." })),
  receipt: Type.Optional(
    Type.String({
      description: "Signed proof of the approval (JWT, EdDSA); keys at /.well-known/jwks.json.",
    }),
  ),
  assurance: Type.Optional(Type.String()),
  amr: Type.Optional(Type.Array(Type.String(), { description: "RFC 8176 method references." })),
});

/** `POST /v1/verifications/:id/check` */
export function checkRoute(app: App, services: EngineServices, metrics: Metrics): void {
  app.post(
    "/v1/verifications/:id/check",
    {
      config: {
        access: requireScope("verifications:check"),
        importance: "check",
        idempotent: "in_step",
        problems: ["not_found", "invalid_code_format"],
      },
      schema: {
        operationId: "verifications.check",
        summary: "Check a code",
        description:
          "Counts the attempt, then compares. Wrong, expired and spent look alike; a right answer gets a receipt, once.",
        tags: ["verifications"],
        params: IdParameters,
        body: CheckBody,
        response: { 200: CheckView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const result = await checkVerification(
        {
          organization: principal.organization,
          actor: principal.actor,
          onlyApp: principal.app,
          idempotency: idempotencyOf(request, principal),
          id: request.params.id,
          answer: request.body.code,
          locale: request.body.locale,
        },
        services,
      );
      countCheck(result, metrics);
      return viewCheck(result, principal, services.clock.now());
    },
  );
}

/** One answer for wrong, expired and spent; only a key that may know learns which. */
function viewCheck(result: CheckResult, principal: Principal, now: number): Static<typeof CheckView> {
  switch (result.kind) {
    case "malformed":
      throw new CountersignError("invalid_code_format", "This is not a code; it was not counted.", {
        fields: [{ field: "/code", problem: "has no form that a code can have" }],
      });
    case "unknown":
      throw unknownVerification();
    case "approved": {
      const { via, purpose, rules } = result.verification;
      return {
        approved: true,
        status: "approved",
        receipt: result.receipt,
        assurance: assuranceOf(via, purpose, rules.codeLength),
        amr: [...methodReferences(via)],
        ...(holdsScope(principal, "verifications:detail") && { attempts: result.verification.attempts }),
      };
    }
    case "refused":
      if (!holdsScope(principal, "verifications:detail")) return { approved: false };
      return {
        approved: false,
        status: visibleStatus(result.verification, now),
        attempts: result.verification.attempts,
        reason: result.reason,
      };
  }
}

function countCheck(result: CheckResult, metrics: Metrics): void {
  if (result.kind === "approved") metrics.verificationApproved(result.verification.via);
  if (result.kind === "refused") metrics.attemptRefused(result.verification.via, result.reason);
}
