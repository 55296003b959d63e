import { type Static, Type } from "typebox";
import { vias } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { startVerification } from "../../../engine/verification/start.ts";
import { demandScope, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { idempotencyOf } from "../../idempotency.ts";
import type { Metrics } from "../../metrics.ts";
import { BindingView, VerificationView, viewVerification } from "../../views/verification.ts";
import { grantedOf } from "./answers.ts";
import { appFor, purposeOf, targetOf } from "./target.ts";

const StartBody = Type.Object(
  {
    user: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: "Id of the user; or give `to`." }),
    ),
    to: Type.Optional(
      Type.String({
        minLength: 3,
        maxLength: 320,
        description:
          "E.164 number or address, for a key that may name destinations (`verifications:start_to`).",
      }),
    ),
    via: Type.Enum([...vias], { description: "How it is answered." }),
    purpose: Type.Optional(
      Type.String({
        pattern: "^[a-z][a-z0-9_.:-]{0,63}$",
        description: "What it is for; `login` if not given.",
        examples: ["login"],
      }),
    ),
    binding: Type.Optional(BindingView),
    source: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 64,
        description:
          "IP address of the end user, where you know it: limits how many messages one address and network can ask for. Kept as keyed digests only.",
        examples: ["203.0.113.7"],
      }),
    ),
    locale: Type.Optional(
      Type.String({ maxLength: 35, description: "Language of the message, BCP 47.", examples: ["de-AT"] }),
    ),
    app: Type.Optional(Type.String({ maxLength: 64 })),
    publication: Type.Optional(Type.String({ maxLength: 64 })),
    authenticator: Type.Optional(
      Type.String({
        maxLength: 64,
        description: "One of the user's authenticators, when there are several.",
      }),
    ),
  },
  {
    additionalProperties: false,
    examples: [{ user: "019ab3c4-…", via: "sms", purpose: "login" }],
  },
);
export type StartBodyType = Static<typeof StartBody>;

/** `POST /v1/verifications` */
export function startRoute(app: App, services: EngineServices, metrics: Metrics): void {
  app.post(
    "/v1/verifications",
    {
      config: {
        access: requireScope("verifications:start"),
        importance: "start",
        idempotent: "in_step",
        problems: [
          "invalid_destination",
          "no_authenticator",
          "authenticator_disabled",
          "rate_limited",
          "send_refused",
        ],
      },
      schema: {
        operationId: "verifications.start",
        summary: "Start a verification",
        description:
          "Sends a code, or asks for one the person already has. A second start for the same authenticator, purpose and app is a resend.",
        tags: ["verifications"],
        body: StartBody,
        response: { 201: VerificationView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      if (body.to !== undefined) demandScope(principal, "verifications:start_to");
      const outcome = await startVerification(
        {
          organization: principal.organization,
          actor: principal.actor,
          idempotency: idempotencyOf(request, principal),
          via: body.via,
          purpose: purposeOf(body.purpose),
          target: await targetOf(body, principal, services),
          app: appFor(body.app, principal),
          publication: body.publication,
          channel: "api",
          binding: body.binding,
          source: body.source,
          locale: body.locale,
        },
        services,
      );
      if (outcome.kind === "refused") metrics.startRefused(body.via, outcome.rule ?? outcome.reason);
      else metrics.verificationStarted(body.via);
      return reply.code(201).send(viewVerification(grantedOf(outcome, principal), services.clock.now()));
    },
  );
}
