import { formOf } from "../signatures/telephony.ts";
import {
  type AnswerReader,
  accepted,
  callReference,
  failuresOf,
  isCallReference,
  isYes,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "./answers.ts";
import type {
  DeliveryReport,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  ProbeResult,
  ReportRequest,
} from "./provider.ts";
import { type ReportWords, reportFrom, statesOf } from "./reports.ts";
import { type ApiAccount, ask, at, handOver, type ProviderRequest, probeWith } from "./requests.ts";
import { type CallDocumentOptions, callDocument } from "./voice/call-document.ts";

/** Form fields; those that are undefined are left out. */
type Fields = Readonly<Record<string, string | undefined>>;

/** Seconds that the API takes as the life of a message that waits. */
const longestValidity = 14_400;

/**
 * A text message, by the HTTP API of Twilio (2010-04-01) that SignalWire has too (Compatibility API). It expires with its code. The
 * account is `…/Accounts/<account>`.
 */
export function postMessage(
  message: OutboundMessage,
  sender: Fields,
  account: ApiAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const fields = {
    To: message.to,
    ...sender,
    Body: message.text,
    ValidityPeriod: `${Math.min(Math.max(message.ttlSeconds, 1), longestValidity)}`,
    StatusCallback: message.reportUrl,
  };
  return handOver(post("/Messages.json", fields, account), message, readAnswer, tools);
}

export interface CallPlan extends CallDocumentOptions {
  readonly from: string;
  readonly ringSeconds: number;
  /** After so many seconds the platform hangs up; absent: it cannot be told. */
  readonly longestSeconds?: number | undefined;
}

/** A call; its words are in the request, or at a URL. */
export async function postCall(
  message: OutboundMessage,
  plan: CallPlan,
  account: ApiAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const document = await callDocument(message, plan, tools);
  if ("ok" in document) return document;
  const fields = {
    To: message.to,
    From: plan.from,
    ...document,
    Timeout: `${plan.ringSeconds}`,
    ...(plan.longestSeconds && { TimeLimit: `${plan.longestSeconds}` }),
    ...(message.reportUrl && { StatusCallback: message.reportUrl, StatusCallbackMethod: "POST" }),
  };
  return handOver(post("/Calls.json", fields, account), message, readAnswer, tools);
}

/** An empty body takes the place of the text in the platform's records. */
export async function wipeMessage(
  reference: string,
  account: ApiAccount,
  tools: DeliveryTools,
): Promise<boolean> {
  if (isCallReference(reference)) return false;
  const request = post(`/Messages/${encodeURIComponent(reference)}.json`, { Body: "" }, account);
  return isYes(await ask(request, tools));
}

/** Reads the account, and sends nothing. */
export function probeAccount(account: ApiAccount, tools: DeliveryTools): Promise<ProbeResult> {
  return probeWith(at(".json", account), tools);
}

function post(path: string, fields: Fields, { headers, ...account }: ApiAccount): ProviderRequest {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
  return at(path, { ...account, headers: form }, new URLSearchParams(given).toString());
}

const readAnswer: AnswerReader = (answer, message) => {
  const said = readJson(answer.body);
  const code = textAt(said, isYes(answer) ? "error_code" : "code") ?? textAt(said, "errors.0.code");
  if (!isYes(answer)) return refused(answer, code, failures, message);
  const status = textAt(said, "status") ?? "";
  // A message can be refused in the very answer that made it.
  if (messageWords.states[status] === "failed") {
    return refused({ ...answer, status: 400 }, code, failures, message);
  }
  const referenceOf = message.via === "voice" ? callReference : referenceFrom;
  return accepted(referenceOf(textAt(said, "sid")));
};

/**
 * By the code of the error (twilio.com/docs/api/errors); others by their status. 21610: a person who has written STOP is not
 * written to by another provider either.
 */
const failures = failuresOf({
  configuration:
    "20003 21210 21212 21216 21219 21601 21603 21606 21608 21609 21659 21660 21701 21703 30002 30034",
  invalid_recipient: "21211 21214 21217 21610 21614 30005 30006",
  rejected: "21215 21408 21612 21617 30004 30007 canceled failed",
  throttled: "14107 20429 21611 30001 30022 30023 63038",
  temporary: "30003 30008",
  unanswered: "busy no-answer",
});

const messageWords: ReportWords = {
  states: statesOf({
    accepted: "queued accepted scheduled sending sent",
    delivered: "delivered read",
    failed: "undelivered failed canceled",
  }),
  failures,
};

const callWords: ReportWords = {
  states: statesOf({
    accepted: "queued initiated ringing in-progress",
    delivered: "completed",
    failed: "busy failed no-answer canceled",
  }),
  failures,
};

/** A call that was answered may have been answered by a machine, which pressed no key and heard no code. */
const invitedWords: ReportWords = {
  states: { ...callWords.states, completed: "accepted" },
  failures,
};

/** What a status callback says, once it has proved itself. */
export function readStatus(
  request: ReportRequest,
  { pressKeyFirst = true }: { readonly pressKeyFirst?: boolean | undefined },
): readonly DeliveryReport[] {
  const said = parametersOf(request);
  const call = said.get("CallSid");
  if (call !== null) {
    const status = said.get("CallStatus") ?? undefined;
    const words = pressKeyFirst ? invitedWords : callWords;
    return reportFrom({ reference: callReference(call), status, code: status }, words);
  }
  return reportFrom(
    {
      reference: said.get("MessageSid") ?? undefined,
      status: said.get("MessageStatus") ?? undefined,
      code: said.get("ErrorCode") ?? undefined,
    },
    messageWords,
  );
}

/** Whether the request for a call's script says that a key was pressed, once it has proved itself. */
export function readKey(request: ReportRequest): { readonly keyPressed: boolean } {
  return { keyPressed: /^[0-9*#]{1,32}$/.test(parametersOf(request).get("Digits") ?? "") };
}

/** Of a form, or of the query where a GET carries them. */
function parametersOf(request: ReportRequest): URLSearchParams {
  return request.method === "GET" ? new URL(request.url).searchParams : formOf(request);
}
