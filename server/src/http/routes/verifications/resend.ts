import { Type } from "typebox";
import { vias } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { resendVerification } from "../../../engine/verification/resend.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { idempotencyOf } from "../../idempotency.ts";
import { IdParameters, VerificationView, viewVerification } from "../../views/verification.ts";
import { grantedOf } from "./answers.ts";

const ResendBody = Type.Object(
  { via: Type.Optional(Type.Enum([...vias], { description: "Another way than before." })) },
  { additionalProperties: false },
);
/** `POST /v1/verifications/:id/resend` */
export function resendRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/verifications/:id/resend",
    {
      config: {
        access: requireScope("verifications:start"),
        importance: "start",
        idempotent: "in_step",
        problems: [
          "not_found",
          "already_closed",
          "too_many_sends",
          "resend_too_soon",
          "send_refused",
          "sent_outside",
        ],
      },
      schema: {
        operationId: "verifications.resend",
        summary: "Send another message",
        description:
          "By the same or another way. Earlier codes stop being valid; attempts and failures go on counting.",
        tags: ["verifications"],
        params: IdParameters,
        body: Type.Optional(ResendBody),
        response: { 200: VerificationView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const outcome = await resendVerification(
        {
          organization: principal.organization,
          actor: principal.actor,
          onlyApp: principal.app,
          idempotency: idempotencyOf(request, principal),
          id: request.params.id,
          via: request.body?.via,
        },
        services,
      );
      return viewVerification(grantedOf(outcome, principal), services.clock.now());
    },
  );
}
