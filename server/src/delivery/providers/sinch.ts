import { type Static, Type } from "typebox";
import { answerReader, failuresOf, textAt } from "../answers.ts";
import { bareSender, digitsOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryTools, OutboundMessage, ReportRequest } from "../provider.ts";
import { hasReportToken, withReportToken } from "../report-token.ts";
import { demandProof, hmacOf, isFresh, isSameText, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, handOver, probeWith } from "../requests.ts";
import { apiSettings, baseUrl, credential, pathName, problemsIn, sender } from "../settings-members.ts";

const vendor = "https://us.sms.api.sinch.com";

const settingsSchema = apiSettings({
  servicePlanId: pathName("Service plan id", "Of the service plan that pays."),
  apiToken: credential("API token", "The token of that service plan."),
  from: Type.Optional(
    sender("Where the template names none; may be left out where the service plan has a default originator."),
  ),
  callbackSecret: Type.Optional(
    credential(
      "Callback secret",
      "Where HMAC is set up for the callbacks of the service plan; then only reports signed with it are believed.",
    ),
  ),
  baseUrl: baseUrl(vendor),
});

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
  validate: (settings) => problemsIn(settings),
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
    return handOver(at("/batches", await accountOf(settings, tools), body), message, readAnswer, tools);
  },
  /** The groups of the service plan: a list that holds no messages. */
  async probe(settings, tools) {
    return probeWith(at("/groups?page_size=1", await accountOf(settings, tools)), tools);
  },
  async readReports(request, settings, tools) {
    const { callbackSecret: hmac } = settings;
    demandProof(hmac === undefined || isSigned(request, await tools.secret(hmac), tools.now()));
    const body = jsonOf(request);
    const message = textAt(body, "client_reference");
    demandProof(
      hmac !== undefined || hasReportToken(request.url, message, await tools.secret(settings.apiToken)),
    );
    return textAt(body, "type") === "recipient_delivery_report_sms" ? readReport(body) : [];
  },
};

async function accountOf(settings: SinchSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const url = `${settings.baseUrl ?? vendor}/xms/v1/${settings.servicePlanId}`;
  const authorization = `Bearer ${await tools.secret(settings.apiToken)}`;
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

/**
 * Codes of a refused request (…/api-reference/status-codes), and numbers of delivery reports ("Delivery report error codes").
 * syntax_invalid_parameter_format: some field is malformed, and it does not say which. 413: the account is blocked, or has no credit.
 */
const failures = failuresOf({
  configuration:
    "syntax_invalid_json syntax_constraint_violation unknown_campaign missing_callback_url 405 410 411 412 413",
  rejected: "syntax_invalid_parameter_format",
  temporary: "403 404",
});

const readAnswer = answerReader({ reference: "id", code: "code", failures });

/** A message of this server is a batch of its own, so its recipient need not be looked at. */
const readReport = reportReader({
  reference: "batch_id",
  status: (said) => textAt(said, "status")?.toLowerCase(),
  states: statesOf({
    accepted: "queued dispatched",
    delivered: "delivered",
    failed: "aborted cancelled rejected deleted failed expired",
  }),
  code: "code",
  failures,
});
