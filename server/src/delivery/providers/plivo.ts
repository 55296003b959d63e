import { type Static, Type } from "typebox";
import { isSignedByPlivo } from "../../signatures/plivo.ts";
import { formOf } from "../../signatures/telephony.ts";
import { type AnswerReader, answerReader, failuresOf, isYes, listAt, readJson } from "../answers.ts";
import { bareSender, digitsOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryTools } from "../provider.ts";
import { demandProof, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, basicLogin, handOver, probeWith } from "../requests.ts";
import { apiSettings, baseUrl, credential, pathName, problemsIn, sender } from "../settings-members.ts";

const vendor = "https://api.plivo.com/v1";

const settingsSchema = apiSettings({
  authId: pathName("Auth ID", "Of the account or subaccount."),
  authToken: credential("Auth token", "It also checks the reports."),
  from: Type.Optional(
    sender("Where the template names none: a number of the account, or a name that Plivo enabled."),
  ),
  powerpackId: Type.Optional(
    pathName("Powerpack", "Its UUID; it chooses the sender where nothing else names one."),
  ),
  baseUrl: baseUrl(vendor),
});

export type PlivoSettings = Static<typeof settingsSchema>;

/** Plivo: Message API (docs.plivo.com/docs/messaging/api/message/send-a-message). The text is never kept there: `log` is off. */
export const plivo: DeliveryProvider<PlivoSettings> = {
  id: "plivo",
  title: "Plivo",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) =>
    problemsIn(settings, [
      [(settings.from ?? settings.powerpackId) !== undefined, "A sender or a powerpack is needed."],
    ]),
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
    return handOver(at("/Message/", await accountOf(settings, tools), body), message, readAnswer, tools);
  },
  async probe(settings, tools) {
    return probeWith(at("/", await accountOf(settings, tools)), tools);
  },
  async readReports(request, settings, tools) {
    demandProof(isSignedByPlivo(request, await tools.secret(settings.authToken)));
    return readReport(Object.fromEntries(formOf(request)));
  },
};

async function accountOf(settings: PlivoSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const url = `${settings.baseUrl ?? vendor}/Account/${settings.authId}`;
  const authorization = basicLogin(settings.authId, await tools.secret(settings.authToken));
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/** Codes of reports (plivo.com/docs/messaging/troubleshooting/error-codes); a refused request has words only. */
const failures = failuresOf({ configuration: "40 900", invalid_recipient: "50", temporary: "20" });

const readPlainAnswer = answerReader({ reference: "message_uuid.0", failures });

/** An answer with the status of a yes may name the number as invalid, and no message. */
const readAnswer: AnswerReader = (answer, message) => {
  const result = readPlainAnswer(answer, message);
  const isInvalid = isYes(answer) && listAt(readJson(answer.body), "invalid_number").length > 0;
  return isInvalid && !result.ok ? { ok: false, reason: "invalid_recipient" } : result;
};

const readReport = reportReader({
  reference: "MessageUUID",
  status: "Status",
  states: statesOf({
    accepted: "queued sent",
    delivered: "delivered read",
    failed: "undelivered failed rejected",
  }),
  code: "ErrorCode",
  failures,
});
