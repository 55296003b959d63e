import { type Static, Type } from "typebox";
import { isSignedByTelnyx } from "../../signatures/telnyx.ts";
import {
  accepted,
  type FailureTable,
  handOver,
  type ProviderRequest,
  priceFrom,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryTools } from "../provider.ts";
import { demandProof, jsonOf, type ReportWords, reportFrom } from "../reports.ts";
import {
  baseUrl,
  baseUrlProblems,
  credential,
  pathName,
  sender,
  senderProblems,
  timeoutMs,
} from "../settings-members.ts";

const vendor = "https://api.telnyx.com/v2";

const settingsSchema = Type.Object(
  {
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
      Type.String({
        pattern: "^[A-Za-z0-9+/]{43}=$",
        title: "Public key",
        description:
          "What web-hooks are checked with (Base64, from the portal); without it no report is asked for.",
      }),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type TelnyxSettings = Static<typeof settingsSchema>;

/** Telnyx: API v2, messages (developers.telnyx.com/api-reference/messages/send-a-message). */
export const telnyx: DeliveryProvider<TelnyxSettings> = {
  id: "telnyx",
  title: "Telnyx",
  vias: ["sms"],
  settings: settingsSchema,
  validate: validateSettings,
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
    const request = { ...(await requestTo("/messages", settings, tools)), body };
    return handOver(request, tools, (answer) => {
      const said = readJson(answer.body);
      return answer.status >= 200 && answer.status < 300
        ? accepted(referenceFrom(textAt(said, "data.id")), costIn(said, "data.cost"))
        : refused(answer, textAt(said, "errors.0.code"), failures, message);
    });
  },
  async probe(settings, tools) {
    return probeWith(await requestTo("/balance", settings, tools), tools);
  },
  async readReports(request, settings, tools) {
    demandProof(isSignedByTelnyx(request, settings.publicKey ?? "", tools.now()));
    const event = jsonOf(request);
    const payload = "data.payload";
    return textAt(event, `${payload}.direction`) === "outbound"
      ? reportFrom(
          {
            reference: textAt(event, `${payload}.id`),
            status: textAt(event, `${payload}.to.0.status`),
            code: textAt(event, `${payload}.errors.0.code`),
            price: costIn(event, `${payload}.cost`),
          },
          words,
        )
      : [];
  },
};

function validateSettings(settings: TelnyxSettings): readonly string[] {
  const { from, messagingProfileId } = settings;
  const isName = /[A-Za-z]/.test(from ?? "");
  return [
    ...baseUrlProblems(settings.baseUrl),
    ...senderProblems(from),
    ...(from === undefined && messagingProfileId === undefined
      ? ["A sender or a messaging profile is needed."]
      : []),
    ...(isName && messagingProfileId === undefined ? ["A name as sender needs the messaging profile."] : []),
  ];
}

async function requestTo(
  path: string,
  settings: TelnyxSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = `Bearer ${await tools.secret(settings.apiKey)}`;
  return {
    url: `${settings.baseUrl ?? vendor}${path}`,
    headers: { authorization },
    timeoutMs: settings.timeoutMs,
  };
}

function costIn(value: unknown, path: string) {
  return priceFrom(textAt(value, `${path}.amount`), textAt(value, `${path}.currency`));
}

/** developers.telnyx.com/docs/messaging/messages/error-codes and /development/api-fundamentals/api-errors. */
const failures: FailureTable = {
  "10002": "invalid_recipient",
  "10007": "temporary",
  "10009": "configuration",
  "10010": "configuration",
  "10011": "throttled",
  "10016": "invalid_recipient",
  "20100": "configuration",
  // A landline, or no number that a text can be routed to.
  "40001": "invalid_recipient",
  "40002": "rejected",
  "40003": "configuration",
  "40006": "temporary",
  "40011": "throttled",
  "40012": "invalid_recipient",
  "40013": "configuration",
  // The person answered STOP to this sender; another one may still write.
  "40300": "rejected",
  "40305": "configuration",
  "40310": "invalid_recipient",
};

const words: ReportWords = {
  states: {
    queued: "accepted",
    sending: "accepted",
    sent: "accepted",
    delivered: "delivered",
    sending_failed: "failed",
    delivery_failed: "failed",
  },
  failures,
};
