import { type Static, Type } from "typebox";
import { chooseLocale } from "../../languages/negotiate.ts";
import {
  type AnswerReader,
  accepted,
  failuresOf,
  isYes,
  listAt,
  priceFrom,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import { bareSender, digitsOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryTools, OutboundMessage, Price } from "../provider.ts";
import { hasReportToken, withReportToken } from "../report-token.ts";
import { demandProof, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, handOver, probeWith } from "../requests.ts";
import { apiSettings, baseUrl, credential, problemsIn, ringSeconds, sender } from "../settings-members.ts";
import { plainWords } from "../voice/plain.ts";

const vendor = "https://api.infobip.com";

const settingsSchema = apiSettings({
  apiKey: credential(
    "API key",
    "A key with the scopes `sms:message:send` and, for calls, `voice-message:message:send`.",
  ),
  from: Type.Optional(
    sender("Where the template names none: a number or name of the account. Calls need a number."),
  ),
  ringSeconds,
  baseUrl: baseUrl(vendor),
});

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
  validate: (settings) => problemsIn(settings),
  async send(message, settings, tools) {
    const key = await tools.secret(settings.apiKey);
    const reportUrl = message.reportUrl && withReportToken(message.reportUrl, message.id, key);
    const from = message.from ?? settings.from;
    const isCall = message.via === "voice";
    const path = isCall ? "/tts/3/advanced" : "/sms/3/messages";
    const bare = from && bareSender(from);
    const one = isCall
      ? { ...callOf(message, bare, reportUrl), ringTimeout: settings.ringSeconds ?? 30 }
      : textOf(message, bare, reportUrl);
    const request = at(path, await accountOf(settings, tools), { messages: [one] });
    return handOver(request, message, readAnswer, tools);
  },
  /** The balance; a key that may only send is refused it with 403, a wrong one with 401. */
  async probe(settings, tools) {
    return probeWith(at("/account/1/balance", await accountOf(settings, tools)), tools, [403]);
  },
  async readReports(request, settings, tools) {
    const results = listAt(jsonOf(request), "results");
    const key = await tools.secret(settings.apiKey);
    const isProved = results.map((one) => hasReportToken(request.url, textAt(one, "messageId"), key));
    demandProof(isProved.length > 0 && !isProved.includes(false));
    return results.flatMap(readReport);
  },
};

async function accountOf(settings: InfobipSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const authorization = `App ${await tools.secret(settings.apiKey)}`;
  return { url: settings.baseUrl ?? vendor, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/** Our delivery id is the message's id there, so the same message is not taken twice. */
function textOf(message: OutboundMessage, from?: string, reportUrl?: string): unknown {
  return {
    ...(from && { sender: from }),
    destinations: [{ to: digitsOf(message.to), messageId: message.id }],
    content: { text: message.text },
    options: { validityPeriod: { amount: message.ttlSeconds, timeUnit: "SECONDS" } },
    ...(reportUrl && { webhooks: { delivery: { url: reportUrl }, contentType: "application/json" } }),
  };
}

/** One call that says the words. Infobip listens first and hangs up on an answering machine, so no code is left there. */
function callOf(message: OutboundMessage, from?: string, reportUrl?: string): object {
  return {
    ...(/^[0-9]+$/.test(from ?? "") && { from }),
    destinations: [{ to: digitsOf(message.to), messageId: message.id }],
    text: message.speech === undefined ? message.text : plainWords(message.speech.parts),
    language: chooseLocale([message.locale], languages, "en"),
    machineDetection: "hangup",
    callTimeout: longestCallSeconds,
    validityPeriod: Math.max(1, Math.floor(message.ttlSeconds / 60)),
    ...(reportUrl && { notifyUrl: reportUrl, notifyContentType: "application/json" }),
  };
}

/** The words take less than a minute. */
const longestCallSeconds = 120;

/** Languages that are spoken (infobip.com/docs/api, voice, "language"). */
const languages = (
  "ar bn bg ca zh-cn zh-tw hr cs da nl en en-au en-gb en-ca en-in en-ie fi fr fr-ca fr-ch de de-at de-ch el gu he hi hu is id it " +
  "ja kn ko ms ml no pl pt-pt pt-br ro ru sk sl es es-ar es-mx sv ta te th tr uk vi"
).split(" ");

const groups: ReadonlySet<string | undefined> = new Set(["PENDING", "ACCEPTED", "DELIVERED"]);

const readAnswer: AnswerReader = (answer, message) => {
  const body = readJson(answer.body);
  if (isYes(answer)) {
    const group = textAt(body, "messages.0.status.groupName");
    return group === undefined || groups.has(group)
      ? accepted(group && referenceFrom(textAt(body, "messages.0.messageId")))
      : refused({ ...answer, status: 400 }, textAt(body, "messages.0.status.id"), failures, message);
  }
  const code = textAt(body, "errorCode") ?? textAt(body, "requestError.serviceException.messageId");
  return refused(answer, code, failures, message);
};

/**
 * Ids of statuses (infobip.com/docs/essentials/api-essentials/response-status-and-error-codes, "General status codes"). 18: a trial
 * account may write to its own numbers only. 23: taken before, under the same id. `EC_…` of a report's error: the subscriber is
 * unknown, or the line takes no SMS.
 */
const failures = failuresOf({
  configuration: "11 12 13 17 18 83",
  invalid_recipient: "8 51 52 EC_UNKNOWN_SUBSCRIBER EC_DEST_ADDRESS_UNABLE_TO_RECEIVE_SMS",
  throttled: "20",
  temporary: "21",
  ambiguous: "23",
});

const readReport = reportReader({
  reference: "messageId",
  /** `DELIVERED_TO_OPERATOR` (2) is on the way; only the handset's answer is the end. */
  status: (said) => (textAt(said, "status.id") === "2" ? "PENDING" : textAt(said, "status.groupName")),
  states: statesOf({
    accepted: "ACCEPTED PENDING",
    delivered: "DELIVERED",
    failed: "UNDELIVERABLE EXPIRED REJECTED",
  }),
  code(said) {
    const error = textAt(said, "error.name");
    return error === undefined || error === "NO_ERROR" ? textAt(said, "status.id") : error;
  },
  failures,
  price: costOf,
});

/** Of all parts of the message; to a millionth, because parts of a cent do not add up exactly. */
function costOf(said: unknown): Price | undefined {
  const parts = Number(textAt(said, "messageCount") ?? 1);
  const each = priceFrom(textAt(said, "price.pricePerMessage"), textAt(said, "price.currency"));
  return each && Number.isInteger(parts)
    ? { ...each, amount: Number((each.amount * parts).toFixed(6)) }
    : each;
}
