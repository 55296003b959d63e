import { Type } from "typebox";
import { sendRuleNames } from "../../../engine/policy/sending.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { explainSend } from "../../../engine/verification/explain-send.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { problemKinds } from "../../problem.ts";
import { closed } from "../../schemas.ts";
import { DestinationInput } from "../users/create.ts";
import { appFor, knownDestination } from "../verifications/target.ts";

const ExplainBody = closed(
  {
    to: DestinationInput,
    via: Type.Enum(["sms", "voice"]),
    app: Type.Optional(Type.String({ maxLength: 64 })),
    publication: Type.Optional(Type.String({ maxLength: 64 })),
    source: Type.Optional(
      Type.String({ minLength: 2, maxLength: 64, description: "IP address of an end user." }),
    ),
  },
  { examples: [{ to: "+12025550123", via: "sms" }] },
);

const ExplainedView = Type.Object({
  allowed: Type.Boolean({
    description: "Whether it would go; with `enforce: monitor` also what the rules refuse.",
  }),
  enforce: Type.Enum(["block", "monitor"]),
  country: Type.Optional(Type.String()),
  callingCode: Type.Optional(Type.String()),
  type: Type.Optional(Type.String({ examples: ["mobile"] })),
  listed: Type.Optional(Type.Enum(["safe", "blocked"])),
  priceMicros: Type.Integer({ description: "What it is expected to cost; 0: no price is known." }),
  currency: Type.String(),
  refusals: Type.Array(
    Type.Object({
      rule: Type.Enum([...sendRuleNames]),
      help: Type.String(),
      retryAfterSeconds: Type.Optional(Type.Integer()),
    }),
    { description: "Every rule that says no; the first is what a caller would be told." },
  ),
});

/** `POST /v1/sending/explain`: a body, so that the number stands in no address and no log of a proxy. */
export function explainRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/sending/explain",
    {
      config: { access: requireScope("settings:read"), problems: ["invalid_destination", "not_found"] },
      schema: {
        operationId: "sending.explain",
        summary: "Explain whether a message would go",
        description:
          "Judges a message to a number that nobody has enrolled, by the rules and counters of this moment. Nothing is sent or counted, and limits per number and person are not looked at.",
        tags: ["settings"],
        body: ExplainBody,
        response: { 200: ExplainedView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { organization } = principal;
      const { to, via, publication, source } = request.body;
      const explained = await explainSend(
        {
          organization,
          app: appFor(request.body.app, principal),
          publication,
          via,
          destination: await knownDestination(organization, via, to, services),
          source,
        },
        services,
      );
      const { number, listed, enforce, refusals, priceMicros, currency } = explained;
      const never = refusals[0]?.rule === "number_type_blocked";
      return {
        allowed: refusals.length === 0 || (enforce === "monitor" && !never),
        enforce,
        ...(number?.country !== undefined && { country: number.country }),
        ...(number && { callingCode: `+${number.callingCode}`, type: number.type }),
        ...(listed && { listed }),
        priceMicros,
        currency,
        refusals: refusals.map((refusal) => ({ ...refusal, help: problemKinds[refusal.rule].help })),
      };
    },
  );
}
