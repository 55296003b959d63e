import type { EngineServices } from "../../../engine/services.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { IdParameters, VerificationView, viewVerification } from "../../views/verification.ts";
import { unknownVerification } from "./answers.ts";

/** `GET /v1/verifications/:id` */
export function getRoute(app: App, services: EngineServices): void {
  app.get(
    "/v1/verifications/:id",
    {
      config: { access: requireScope("verifications:read"), importance: "status" },
      schema: {
        operationId: "verifications.get",
        summary: "Read a verification",
        tags: ["verifications"],
        params: IdParameters,
        response: { 200: VerificationView },
      },
    },
    async (request) => {
      const { organization, app: onlyApp } = principalOf(request);
      const found = await services.store.verifications.find(organization, request.params.id);
      if (!found || (onlyApp !== undefined && found.app !== onlyApp)) throw unknownVerification();
      return viewVerification(found, services.clock.now());
    },
  );
}
