import { Type } from "typebox";
import { CountersignError } from "../../engine/errors.ts";
import type { EngineServices } from "../../engine/services.ts";
import { purposePattern } from "../../engine/tools.ts";
import { consumeReceipt } from "../../engine/verification/consume.ts";
import { principalOf, requireScope } from "../access.ts";
import type { RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { BindingView } from "../views/verification.ts";

const ConsumeBody = closed({
  receipt: Type.String({ minLength: 1, maxLength: 8192, description: "As a check gave it." }),
  purpose: Type.Optional(
    Type.String({ pattern: purposePattern.source, description: "What it must be for." }),
  ),
  binding: Type.Optional({
    ...BindingView,
    description: "What it must be bound to: every member, and no other.",
  }),
});

const ConsumedView = Type.Object({
  consumed: Type.Literal(true),
  iss: Type.String(),
  aud: Type.String({ description: "The app, or the organization when no app was named." }),
  sub: Type.String({ description: "The user, or `destination:…` for a verification by `to`." }),
  org: Type.String(),
  jti: Type.String(),
  iat: Type.Integer(),
  exp: Type.Integer(),
  auth_time: Type.Integer(),
  verification: Type.String(),
  purpose: Type.String(),
  via: Type.String(),
  amr: Type.Array(Type.String()),
  acr: Type.String(),
  binding: Type.Optional(BindingView),
  binding_hash: Type.Optional(Type.String()),
});

/** `POST /v1/receipts/consume` */
export function receiptRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    app.post(
      "/v1/receipts/consume",
      {
        config: {
          access: requireScope("verifications:check"),
          importance: "check",
          problems: ["receipt_invalid"],
        },
        schema: {
          operationId: "receipts.consume",
          summary: "Take a receipt, once",
          description:
            "For a protected action: the first caller gets the claims, everybody after it the same answer as for a forged one.",
          tags: ["verifications"],
          body: ConsumeBody,
          response: { 200: ConsumedView },
        },
      },
      async (request) => {
        const { organization, actor, app: ownApp } = principalOf(request);
        const { receipt, purpose, binding } = request.body;
        const claims = await consumeReceipt(
          { organization, actor, app: ownApp, receipt, purpose, binding },
          services,
        );
        if (claims === undefined) {
          throw new CountersignError("receipt_invalid", "This receipt opens nothing.");
        }
        return { consumed: true as const, ...claims, amr: [...claims.amr] };
      },
    );
  };
}
