import { type Static, Type } from "typebox";
import { chooseLocale } from "../../languages/negotiate.ts";
import {
  accepted,
  digitsOf,
  type FailureTable,
  handOver,
  listAt,
  type ProviderRequest,
  priceFrom,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type {
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundResponse,
} from "../provider.ts";
import {
  demandProof,
  hasReportToken,
  jsonOf,
  type ReportSaid,
  type ReportWords,
  reportFrom,
  withReportToken,
} from "../reports.ts";
import {
  bareSender,
  baseUrl,
  baseUrlProblems,
  credential,
  sender,
  senderProblems,
  timeoutMs,
} from "../settings-members.ts";
import { plainWords } from "../voice/plain.ts";

const vendor = "https://api.infobip.com";

const settingsSchema = Type.Object(
  {
    apiKey: credential(
      "API key",
      "A key with the scopes `sms:message:send` and, for calls, `voice-message:message:send`.",
    ),
    from: Type.Optional(
      sender("Where the template names none: a number or name of the account. Calls need a number."),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type InfobipSettings = Static<typeof settingsSchema>;

/**
 * Infobip: SMS API v3 and text-to-speech calls (infobip.com/docs/api). It signs no reports of single messages, so every message has
 * a report URL that holds a proof of its own.
 */
export const infobip: DeliveryProvider<InfobipSettings> = {
  id: "infobip",
  title: "Infobip",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: (settings) => [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from)],
  async send(message, settings, tools) {
    const key = await tools.secret(settings.apiKey);
    const reportUrl = message.reportUrl && withReportToken(message.reportUrl, message.id, key);
    const from = message.from ?? settings.from;
    const planned = { message, reportUrl, from: from && bareSender(from) };
    const isCall = message.via === "voice";
    const request = await requestTo(isCall ? "/tts/3/advanced" : "/sms/3/messages", settings, tools);
    const body = { messages: [isCall ? callOf(planned) : textOf(planned)] };
    return handOver({ ...request, body }, tools, (answer) => readAnswer(answer, message));
  },
  /** The balance; a key that may only send is refused it with 403, a wrong one with 401. */
  async probe(settings, tools) {
    return probeWith(await requestTo("/account/1/balance", settings, tools), tools, [403]);
  },
  async readReports(request, settings, tools) {
    const results = listAt(jsonOf(request), "results");
    const key = await tools.secret(settings.apiKey);
    const isProved = results.map((one) => hasReportToken(request.url, textAt(one, "messageId"), key));
    demandProof(isProved.length > 0 && !isProved.includes(false));
    return results.flatMap((one) => reportFrom(saidIn(one), words));
  },
};

async function requestTo(
  path: string,
  settings: InfobipSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = `App ${await tools.secret(settings.apiKey)}`;
  return {
    url: `${settings.baseUrl ?? vendor}${path}`,
    headers: { authorization },
    timeoutMs: settings.timeoutMs,
  };
}

interface Planned {
  readonly message: OutboundMessage;
  readonly from: string | undefined;
  readonly reportUrl: string | undefined;
}

/** Our delivery id is the message's id there, so the same message is not taken twice. */
function textOf({ message, from, reportUrl }: Planned): unknown {
  return {
    ...(from && { sender: from }),
    destinations: [{ to: digitsOf(message.to), messageId: message.id }],
    content: { text: message.text },
    options: { validityPeriod: { amount: message.ttlSeconds, timeUnit: "SECONDS" } },
    ...(reportUrl && { webhooks: { delivery: { url: reportUrl }, contentType: "application/json" } }),
  };
}

/** One call that says the words. Infobip listens first and hangs up on an answering machine, so no code is left there. */
function callOf({ message, from, reportUrl }: Planned): unknown {
  return {
    ...(isNumber(from) && { from }),
    destinations: [{ to: digitsOf(message.to), messageId: message.id }],
    text: message.speech === undefined ? message.text : plainWords(message.speech.parts),
    language: chooseLocale([message.locale], languages, "en"),
    machineDetection: "hangup",
    validityPeriod: Math.max(1, Math.floor(message.ttlSeconds / 60)),
    ...(reportUrl && { notifyUrl: reportUrl, notifyContentType: "application/json" }),
  };
}

function isNumber(from: string | undefined): boolean {
  return /^[0-9]+$/.test(from ?? "");
}

/** Languages that are spoken (infobip.com/docs/api, voice, "language"). */
const languages = (
  "ar bn bg ca zh-cn zh-tw hr cs da nl en en-au en-gb en-ca en-in en-ie fi fr fr-ca fr-ch de de-at de-ch el gu he hi hu is id it " +
  "ja kn ko ms ml no pl pt-pt pt-br ro ru sk sl es es-ar es-mx sv ta te th tr uk vi"
).split(" ");

const groups: ReadonlySet<string | undefined> = new Set(["PENDING", "ACCEPTED", "DELIVERED"]);

function readAnswer(answer: OutboundResponse, message: OutboundMessage): DeliveryResult {
  const body = readJson(answer.body);
  if (answer.status >= 200 && answer.status < 300) {
    const group = textAt(body, "messages.0.status.groupName");
    return group === undefined || groups.has(group)
      ? accepted(group && referenceFrom(textAt(body, "messages.0.messageId")))
      : refused({ ...answer, status: 400 }, textAt(body, "messages.0.status.id"), failures, message);
  }
  const code = textAt(body, "errorCode") ?? textAt(body, "requestError.serviceException.messageId");
  return refused(answer, code, failures, message);
}

/** Ids of statuses (infobip.com/docs/essentials/api-essentials/response-status-and-error-codes, "General status codes"). */
const failures: FailureTable = {
  "8": "invalid_recipient",
  "11": "configuration",
  "12": "configuration",
  "13": "configuration",
  "17": "configuration",
  // A trial account may write to its own numbers only.
  "18": "configuration",
  "20": "throttled",
  "21": "temporary",
  // Taken before, under the same id.
  "23": "ambiguous",
  "51": "invalid_recipient",
  "52": "invalid_recipient",
  "83": "configuration",
  // Of a report's error: the subscriber is unknown, or the line takes no SMS.
  EC_UNKNOWN_SUBSCRIBER: "invalid_recipient",
  EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS: "invalid_recipient",
};

const words: ReportWords = {
  states: {
    ACCEPTED: "accepted",
    PENDING: "accepted",
    DELIVERED: "delivered",
    UNDELIVERABLE: "failed",
    EXPIRED: "failed",
    REJECTED: "failed",
  },
  failures,
};

/** `DELIVERED_TO_OPERATOR` (2) is on the way; only the handset's answer is the end. */
function saidIn(result: unknown): ReportSaid {
  const onTheWay = textAt(result, "status.id") === "2";
  const error = textAt(result, "error.name");
  const parts = Number(textAt(result, "messageCount") ?? 1);
  const each = priceFrom(textAt(result, "price.pricePerMessage"), textAt(result, "price.currency"));
  return {
    reference: textAt(result, "messageId"),
    status: onTheWay ? "PENDING" : textAt(result, "status.groupName"),
    code: error === undefined || error === "NO_ERROR" ? textAt(result, "status.id") : error,
    price: each && Number.isInteger(parts) ? { ...each, amount: rounded(each.amount * parts) } : each,
  };
}

function rounded(amount: number): number {
  return Number(amount.toFixed(6));
}
