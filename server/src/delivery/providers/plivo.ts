import { type Static, Type } from "typebox";
import { formOf } from "../../signatures/telephony.ts";
import {
  accepted,
  basicLogin,
  digitsOf,
  type FailureTable,
  handOver,
  listAt,
  type ProviderRequest,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryTools, ReportRequest } from "../provider.ts";
import { demandProof, hmacOf, isSameText, type ReportWords, reportFrom } from "../reports.ts";
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

const vendor = "https://api.plivo.com/v1";

const settingsSchema = Type.Object(
  {
    authId: pathName("Auth ID", "Of the account or subaccount."),
    authToken: credential("Auth token", "It also checks the reports."),
    from: Type.Optional(
      sender("Where the template names none: a number of the account, or a name that Plivo enabled."),
    ),
    powerpackId: Type.Optional(
      pathName("Powerpack", "Its UUID; it chooses the sender where nothing else names one."),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type PlivoSettings = Static<typeof settingsSchema>;

/** Plivo: Message API (docs.plivo.com/docs/messaging/api/message/send-a-message). The text is never kept there: `log` is off. */
export const plivo: DeliveryProvider<PlivoSettings> = {
  id: "plivo",
  title: "Plivo",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) => [
    ...baseUrlProblems(settings.baseUrl),
    ...senderProblems(settings.from),
    ...(settings.from === undefined && settings.powerpackId === undefined
      ? ["A sender or a powerpack is needed."]
      : []),
  ],
  async send(message, settings, tools) {
    const from = message.from ?? settings.from;
    const body = {
      ...(from === undefined ? { powerpack_uuid: settings.powerpackId } : { src: bareSender(from) }),
      dst: digitsOf(message.to),
      text: message.text,
      type: "sms",
      log: false,
      message_expiry: message.ttlSeconds,
      ...(message.reportUrl && { url: message.reportUrl, method: "POST" }),
    };
    const request = { ...(await requestTo("/Message/", settings, tools)), body };
    return handOver(request, tools, (answer) => {
      const said = readJson(answer.body);
      if (answer.status < 200 || answer.status >= 300) {
        return refused(answer, undefined, failures, message);
      }
      const reference = referenceFrom(textAt(said, "message_uuid.0"));
      return reference === undefined && listAt(said, "invalid_number").length > 0
        ? { ok: false, reason: "invalid_recipient" }
        : accepted(reference);
    });
  },
  async probe(settings, tools) {
    return probeWith(await requestTo("/", settings, tools), tools);
  },
  async readReports(request, settings, tools) {
    demandProof(isSigned(request, await tools.secret(settings.authToken)));
    const form = formOf(request);
    return reportFrom(
      {
        reference: form.get("MessageUUID") ?? undefined,
        status: form.get("Status") ?? undefined,
        code: form.get("ErrorCode") ?? undefined,
      },
      words,
    );
  },
};

async function requestTo(
  path: string,
  settings: PlivoSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = basicLogin(settings.authId, await tools.secret(settings.authToken));
  const url = `${settings.baseUrl ?? vendor}/Account/${settings.authId}${path}`;
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/**
 * Base64(HMAC-SHA-256(token, …)) in one of two forms. V3 covers the URL, the form and a nonce, and counts wherever it is sent. V2, the
 * one that Plivo documents for messages (docs.plivo.com/docs/messaging/concepts/signature-validation), covers the URL without its query
 * and a nonce. A subaccount's web-hook is also signed for its main account (`Ma`).
 */
function isSigned(request: ReportRequest, token: string): boolean {
  const { headers } = request;
  const named = (name: string) => (headers[`x-plivo-signature-${name}`] ?? "").split(",").slice(0, 4);
  const third = [...named("v3"), ...named("ma-v3")].filter((one) => one !== "");
  const isThird = third.length > 0 || headers["x-plivo-signature-v3-nonce"] !== undefined;
  const nonce = headers[`x-plivo-signature-${isThird ? "v3" : "v2"}-nonce`] ?? "";
  const signed = isThird ? `${contentOf(request)}.${nonce}` : `${placeOf(request)}${nonce}`;
  const expected = hmacOf(token, signed).toString("base64");
  const given = isThird ? third : [...named("v2"), ...named("ma-v2")];
  return nonce !== "" && given.map((one) => isSameText(expected, one.trim())).includes(true);
}

/** The URL without its query. */
function placeOf({ url }: ReportRequest): string {
  return url.split(/[?#]/, 1)[0] ?? "";
}

/** The URL with its query sorted, and the form sorted by name and value. */
function contentOf(request: ReportRequest): string {
  const query = sorted(new URL(request.url).searchParams).map(([name, value]) => `${name}=${value}`);
  const form = sorted(formOf(request)).map(([name, value]) => `${name}${value}`);
  const mark = query.length > 0 || form.length > 0 ? "?" : "";
  const between = query.length > 0 && form.length > 0 ? "." : "";
  return `${placeOf(request)}${mark}${query.join("&")}${between}${form.join("")}`;
}

function sorted(parameters: URLSearchParams): readonly (readonly [string, string])[] {
  const names = [...new Set(parameters.keys())].sort();
  return names.flatMap((name) =>
    parameters
      .getAll(name)
      .sort()
      .map((value) => [name, value] as const),
  );
}

/** Codes of reports (plivo.com/docs/messaging/troubleshooting/error-codes); a refused request has words only. */
const failures: FailureTable = {
  "20": "temporary",
  "40": "configuration",
  "50": "invalid_recipient",
  "900": "configuration",
};

const words: ReportWords = {
  states: {
    queued: "accepted",
    sent: "accepted",
    delivered: "delivered",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
    rejected: "failed",
  },
  failures,
};
