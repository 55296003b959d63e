import { Type } from "typebox";
import { CountersignError } from "../../../engine/errors.ts";
import { rehearsalBounds, rehearse, rehearsedDays } from "../../../engine/policy/rehearse.ts";
import { type SendingLayer, sendRuleNames } from "../../../engine/policy/sending.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed, Time } from "../../schemas.ts";
import { SettingsObject } from "../../views/settings.ts";
import { isoTime } from "../../views/verification.ts";
import { demandApp, policyLayerOf } from "../entries.ts";
import { withKeyedNumbers } from "../sending/lists.ts";

const RehearseBody = closed(
  {
    days: Type.Optional(
      Type.Integer({
        minimum: rehearsedDays.least,
        maximum: rehearsedDays.most,
        default: rehearsedDays.usual,
        description: "How far back to look.",
      }),
    ),
    policy: Type.Optional(
      closed(
        {
          sending: {
            ...SettingsObject,
            description:
              "Send rules as the organization might set them. Those not named stay as they are in force.",
          },
        },
        { description: "Absent: the rules in force, as when `enforce` is `monitor`." },
      ),
    ),
  },
  { examples: [{ days: 7, policy: { sending: { sendsPerPrefix: 5, smsCountries: ["DE", "AT"] } } }] },
);

const blocked = {
  blocked: Type.Integer({ description: "Messages that would not have gone." }),
  approvedLater: Type.Integer({ description: "Of these, whose verification was approved afterwards." }),
};
const Rule = Type.Enum([...sendRuleNames]);

const RehearsedView = Type.Object({
  from: Time,
  until: { ...Time, description: "Messages after it were not looked at; now, where `complete`." },
  complete: Type.Boolean({ description: "False when there was too much to look at: ask for fewer days." }),
  messages: Type.Integer({ description: "Messages to telephones that were sent." }),
  ...blocked,
  rules: Type.Array(Type.Object({ rule: Rule, ...blocked }), {
    description: "By the first rule that says no, in the order of the rules.",
  }),
  countries: Type.Array(Type.Object({ country: Type.String(), ...blocked }), {
    description: "Those with blocked messages, most first.",
  }),
  days: Type.Array(
    Type.Object({ day: Type.String({ examples: ["2026-11-23"] }), messages: Type.Integer(), ...blocked }),
    { description: "Days (UTC) with messages, oldest first." },
  ),
  forgotten: Type.Integer({
    description: "Messages of whose number nothing is known any more: taken for ones that would have gone.",
  }),
  notAsked: Type.Array(Type.Object({ rule: Rule, messages: Type.Integer() }), {
    description: "Rules in force that could not be asked, or not in full, of so many messages.",
  }),
});

/** `POST /v1/policy/rehearse`: the answer comes when the work is done. */
export function rehearseRoute(app: App, services: EngineServices): void {
  let running = false;
  app.post(
    "/v1/policy/rehearse",
    {
      config: {
        access: requireScope("settings:read"),
        problems: ["invalid_policy", "invalid_destination", "rate_limited"],
      },
      schema: {
        operationId: "policy.rehearse",
        summary: "Rehearse send rules",
        description: `Plays the messages of the last days once more, over other send rules: what would have been blocked, and how much of that was answered with the right code. Nothing is changed, sent or counted. One at a time on a server (\`rate_limited\`); it ends early after ${rehearsalBounds.messages.toLocaleString("en")} messages, or ${rehearsalBounds.rows.toLocaleString("en")} verifications of all organizations together.`,
        tags: ["settings"],
        body: RehearseBody,
        response: { 200: RehearsedView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { days = rehearsedDays.usual, policy } = request.body;
      const sending = await sendingOf(policy, organization, services);
      if (running) {
        throw new CountersignError("rate_limited", "Another rehearsal is under way.", {
          retryAfterSeconds: 10,
        });
      }
      running = true;
      try {
        const isWanted = () => !reply.raw.destroyed;
        const {
          from,
          until,
          rules,
          countries,
          days: byDay,
          notAsked,
          ...totals
        } = await rehearse({ organization, days, sending, isWanted }, services);
        return {
          ...totals,
          from: isoTime(from),
          until: isoTime(until),
          rules: [...rules],
          countries: [...countries],
          days: [...byDay],
          notAsked: [...notAsked],
        };
      } finally {
        running = false;
      }
    },
  );
}

async function sendingOf(
  policy: { readonly sending: object } | undefined,
  organization: string,
  services: EngineServices,
): Promise<SendingLayer> {
  if (policy === undefined) return {};
  const keyed = await withKeyedNumbers({ ...policy }, organization, services);
  return policyLayerOf(keyed.policy, "organization", keyed.problems)?.sending ?? {};
}
