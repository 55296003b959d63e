import { Type } from "typebox";
import { deliveryVias } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import { principalOf, requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { demandApp, found, Nothing } from "./entries.ts";
import { DestinationInput } from "./users/create.ts";
import { knownDestination } from "./verifications/target.ts";

const EnableBody = closed(
  {
    via: Type.Enum([...deliveryVias], { description: "`sms` and `voice` are counted together." }),
    to: { ...DestinationInput, description: "Number or address." },
    reason: Type.String({
      minLength: 1,
      maxLength: 200,
      description: "Why, for the audit record: no secrets, numbers or addresses.",
    }),
  },
  { examples: [{ via: "sms", to: "+12025550123", reason: "Called us and proved who they are" }] },
);

/** `POST /v1/destinations/enable`: the way out for a number or address on which too many failures were counted. */
export function destinationRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    app.post(
      "/v1/destinations/enable",
      {
        config: { access: requireScope("users:write"), problems: ["not_found", "invalid_destination"] },
        schema: {
          operationId: "destinations.enable",
          summary: "Forgive the failures of a number or address",
          description:
            "Of verifications by `to`, whose failures are counted per destination. Its waits end, and it is no longer disabled.",
          tags: ["verifications"],
          body: EnableBody,
          response: { 204: Nothing },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request);
        demandApp(principal);
        const { organization, actor } = principal;
        const { via, to, reason } = request.body;
        const { key, hint } = await knownDestination(organization, via, to, services);
        const context = { organization, actor, reason, now: services.clock.now() };
        const enabled = await services.store.enrollments.enableDestination(context, key, hint);
        found(enabled || undefined, "counted destination");
        return reply.code(204).send(null);
      },
    );
  };
}
