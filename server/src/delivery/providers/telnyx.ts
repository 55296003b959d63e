import { type Static, Type } from "typebox";
import { isSignedByTelnyx } from "../../signatures/telnyx.ts";
import { answerReader, failuresOf, priceFrom, textAt } from "../answers.ts";
import type { DeliveryProvider, DeliveryTools } from "../provider.ts";
import { demandProof, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, handOver, probeWith } from "../requests.ts";
import {
  apiSettings,
  baseUrl,
  credential,
  matching,
  pathName,
  problemsIn,
  sender,
} from "../settings-members.ts";

const vendor = "https://api.telnyx.com/v2";

const settingsSchema = apiSettings({
  apiKey: credential("API key", "A v2 API key."),
  from: Type.Optional(
    sender(
      "Where the template names none: a number with its +, or a name, which needs the messaging profile.",
    ),
  ),
  messagingProfileId: Type.Optional(
    pathName("Messaging profile", "Id of the profile whose numbers send, or that a name belongs to."),
  ),
  publicKey: Type.Optional(
    matching(
      "^[A-Za-z0-9+/]{43}=$",
      "Public key",
      "What web-hooks are checked with (Base64, from the portal); without it no report is asked for.",
    ),
  ),
  baseUrl: baseUrl(vendor),
});

export type TelnyxSettings = Static<typeof settingsSchema>;

/** Telnyx: API v2, messages (developers.telnyx.com/api-reference/messages/send-a-message). */
export const telnyx: DeliveryProvider<TelnyxSettings> = {
  id: "telnyx",
  title: "Telnyx",
  vias: ["sms"],
  settings: settingsSchema,
  validate(settings) {
    const { from, messagingProfileId: profile } = settings;
    return problemsIn(settings, [
      [(from ?? profile) !== undefined, "A sender or a messaging profile is needed."],
      [
        !/[A-Za-z]/.test(from ?? "") || profile !== undefined,
        "A name as sender needs the messaging profile.",
      ],
    ]);
  },
  async send(message, settings, tools) {
    const webhook = settings.publicKey === undefined ? undefined : message.reportUrl;
    const from = message.from ?? settings.from;
    const body = {
      ...(from && { from }),
      ...(settings.messagingProfileId && { messaging_profile_id: settings.messagingProfileId }),
      to: message.to,
      text: message.text,
      type: "SMS",
      ...(webhook && { webhook_url: webhook, use_profile_webhooks: false }),
    };
    return handOver(at("/messages", await accountOf(settings, tools), body), message, readAnswer, tools);
  },
  async probe(settings, tools) {
    return probeWith(at("/balance", await accountOf(settings, tools)), tools);
  },
  async readReports(request, settings, tools) {
    demandProof(isSignedByTelnyx(request, settings.publicKey ?? "", tools.now()));
    const event = jsonOf(request);
    return textAt(event, "data.payload.direction") === "outbound" ? readReport(event) : [];
  },
};

async function accountOf(settings: TelnyxSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const authorization = `Bearer ${await tools.secret(settings.apiKey)}`;
  return { url: settings.baseUrl ?? vendor, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/**
 * developers.telnyx.com/docs/messaging/messages/error-codes and /development/api-fundamentals/api-errors. 40001: a landline, or no
 * number that a text can be routed to. 40300: the person answered STOP to this sender; another one may still write.
 */
const failures = failuresOf({
  configuration: "10009 10010 20100 40003 40013 40305",
  invalid_recipient: "10002 10016 40001 40012 40310",
  rejected: "40002 40300",
  throttled: "10011 40011",
  temporary: "10007 40006",
});

const readAnswer = answerReader({
  reference: "data.id",
  price: (said) => costIn(said, "data.cost"),
  code: "errors.0.code",
  failures,
});

const readReport = reportReader({
  reference: "data.payload.id",
  status: "data.payload.to.0.status",
  states: statesOf({
    accepted: "queued sending sent",
    delivered: "delivered",
    failed: "sending_failed delivery_failed",
  }),
  code: "data.payload.errors.0.code",
  failures,
  price: (said) => costIn(said, "data.payload.cost"),
});

function costIn(said: unknown, path: string) {
  return priceFrom(textAt(said, `${path}.amount`), textAt(said, `${path}.currency`));
}
