import { type Static, Type } from "typebox";
import {
  accepted,
  digitsOf,
  type FailureTable,
  handOver,
  type ProviderRequest,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryTools, OutboundMessage, ReportRequest } from "../provider.ts";
import {
  demandProof,
  hasReportToken,
  hmacOf,
  isFresh,
  isSameText,
  jsonOf,
  type ReportWords,
  reportFrom,
  withReportToken,
} from "../reports.ts";
import {
  bareSender,
  baseUrl,
  baseUrlProblems,
  credential,
  pathName,
  sender,
  senderProblems,
  timeoutMs,
} from "../settings-members.ts";

const vendor = "https://us.sms.api.sinch.com";

const settingsSchema = Type.Object(
  {
    servicePlanId: pathName("Service plan id", "Of the service plan that pays."),
    apiToken: credential("API token", "The token of that service plan."),
    from: Type.Optional(
      sender(
        "Where the template names none; may be left out where the service plan has a default originator.",
      ),
    ),
    callbackSecret: Type.Optional(
      credential(
        "Callback secret",
        "Where HMAC is set up for the callbacks of the service plan; then only reports signed with it are believed.",
      ),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type SinchSettings = Static<typeof settingsSchema>;

/**
 * Sinch: SMS REST API, one batch of one message (developers.sinch.com/docs/sms/api-reference). Callbacks are signed only where the
 * service plan is set up so; otherwise every message has a report URL that holds a proof of its own.
 */
export const sinch: DeliveryProvider<SinchSettings> = {
  id: "sinch",
  title: "Sinch",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) => [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from)],
  async send(message, settings, tools) {
    const from = message.from ?? settings.from;
    const callback = await callbackOf(message, settings, tools);
    const body = {
      to: [digitsOf(message.to)],
      ...(from && { from: bareSender(from) }),
      body: message.text,
      type: "mt_text",
      client_reference: message.id,
      expire_at: new Date(tools.now() + message.ttlSeconds * 1000).toISOString(),
      delivery_report: callback === undefined ? "none" : "per_recipient",
      ...(callback && { callback_url: callback }),
    };
    const request = { ...(await requestTo("/batches", settings, tools)), body };
    return handOver(request, tools, (answer) => {
      const said = readJson(answer.body);
      return answer.status >= 200 && answer.status < 300
        ? accepted(referenceFrom(textAt(said, "id")))
        : refused(answer, textAt(said, "code"), failures, message);
    });
  },
  /** The groups of the service plan: a list that holds no messages. */
  async probe(settings, tools) {
    return probeWith(await requestTo("/groups?page_size=1", settings, tools), tools);
  },
  async readReports(request, settings, tools) {
    const { callbackSecret: hmac } = settings;
    demandProof(hmac === undefined || isSigned(request, await tools.secret(hmac), tools.now()));
    const body = jsonOf(request);
    const message = textAt(body, "client_reference");
    demandProof(
      hmac !== undefined || hasReportToken(request.url, message, await tools.secret(settings.apiToken)),
    );
    // A message of this server is a batch of its own, so its recipient need not be looked at.
    return textAt(body, "type") === "recipient_delivery_report_sms"
      ? reportFrom(
          {
            reference: textAt(body, "batch_id"),
            status: textAt(body, "status")?.toLowerCase(),
            code: textAt(body, "code"),
          },
          words,
        )
      : [];
  },
};

async function requestTo(
  path: string,
  settings: SinchSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = `Bearer ${await tools.secret(settings.apiToken)}`;
  const url = `${settings.baseUrl ?? vendor}/xms/v1/${settings.servicePlanId}${path}`;
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

async function callbackOf(
  { reportUrl, id }: OutboundMessage,
  settings: SinchSettings,
  tools: DeliveryTools,
): Promise<string | undefined> {
  return reportUrl === undefined || settings.callbackSecret !== undefined
    ? reportUrl
    : withReportToken(reportUrl, id, await tools.secret(settings.apiToken));
}

/** Base64(HMAC-SHA-256(secret, body . nonce . timestamp)), as Sinch signs callbacks (…/sms/webhooks/callbacks). */
function isSigned({ headers, body }: ReportRequest, secret: string, now: number): boolean {
  const timestamp = headers["x-sinch-webhook-signature-timestamp"];
  const nonce = headers["x-sinch-webhook-signature-nonce"] ?? "";
  const expected = hmacOf(secret, body, `.${nonce}.${timestamp ?? ""}`).toString("base64");
  return isSameText(expected, headers["x-sinch-webhook-signature"]) && isFresh(timestamp, now);
}

/** Codes of a refused request (…/api-reference/status-codes), and numbers of delivery reports ("Delivery report error codes"). */
const failures: FailureTable = {
  // Some field is malformed, and it does not say which.
  syntax_invalid_parameter_format: "rejected",
  syntax_invalid_json: "configuration",
  syntax_constraint_violation: "configuration",
  unknown_campaign: "configuration",
  missing_callback_url: "configuration",
  "403": "temporary",
  "404": "temporary",
  "405": "configuration",
  "410": "configuration",
  "411": "configuration",
  "412": "configuration",
  // The account is blocked, or has no credit.
  "413": "configuration",
};

const words: ReportWords = {
  states: {
    queued: "accepted",
    dispatched: "accepted",
    delivered: "delivered",
    aborted: "failed",
    cancelled: "failed",
    rejected: "failed",
    deleted: "failed",
    failed: "failed",
    expired: "failed",
  },
  failures,
};
