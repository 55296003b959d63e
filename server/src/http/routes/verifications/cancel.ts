import type { EngineServices } from "../../../engine/services.ts";
import { cancelVerification } from "../../../engine/verification/cancel.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { IdParameters, VerificationView, viewVerification } from "../../views/verification.ts";
import { refusal, unknownVerification } from "./answers.ts";

/** `POST /v1/verifications/:id/cancel` */
export function cancelRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/verifications/:id/cancel",
    {
      config: {
        access: requireScope("verifications:start"),
        importance: "status",
        problems: ["not_found", "already_closed"],
      },
      schema: {
        operationId: "verifications.cancel",
        summary: "Cancel a verification",
        tags: ["verifications"],
        params: IdParameters,
        response: { 200: VerificationView },
      },
    },
    async (request) => {
      const { organization, actor, app: onlyApp } = principalOf(request);
      const outcome = await cancelVerification(
        { organization, actor, onlyApp, id: request.params.id },
        services,
      );
      if (outcome.kind === "unknown") throw unknownVerification();
      if (outcome.kind === "closed") throw refusal("already_closed");
      return viewVerification(outcome.verification, services.clock.now());
    },
  );
}
