import { formOf } from "../signatures/telephony.ts";
import {
  accepted,
  ask,
  type FailureTable,
  handOver,
  type ProviderRequest,
  probeWith,
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
  OutboundResponse,
  ProbeResult,
  ReportRequest,
} from "./provider.ts";
import { type ReportWords, reportFrom } from "./reports.ts";

/** The HTTP API of Twilio, version 2010-04-01, which SignalWire has too (Compatibility API). */
export interface CompatibilityAccount {
  /** `…/Accounts/<account>`. */
  readonly url: string;
  readonly authorization: string;
  readonly timeoutMs?: number | undefined;
}

/** Form fields; those that are undefined are left out. */
type Fields = Readonly<Record<string, string | undefined>>;

/** Seconds that the API takes as the life of a message that waits. */
const longestValidity = 14_400;

/** References of calls begin so: they are no messages whose text could be wiped. */
const callPrefix = "call:";

export function callReference(id: string | undefined): string | undefined {
  const reference = referenceFrom(id);
  return reference === undefined ? undefined : `${callPrefix}${reference}`;
}

export function isCallReference(reference: string): boolean {
  return reference.startsWith(callPrefix);
}

/** A text message that expires with its code. */
export function postMessage(
  message: OutboundMessage,
  sender: Fields,
  account: CompatibilityAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const fields = {
    To: message.to,
    ...sender,
    Body: message.text,
    ValidityPeriod: `${Math.min(Math.max(message.ttlSeconds, 1), longestValidity)}`,
    StatusCallback: message.reportUrl,
  };
  return handOver(post("/Messages.json", fields, account), tools, (answer) =>
    readAnswer(answer, message, referenceFrom),
  );
}

/** A call; `document` says where its words are: in the request, or at a URL. */
export function postCall(
  message: OutboundMessage,
  { from, ringSeconds }: { readonly from: string; readonly ringSeconds: number },
  document: { readonly Twiml: string } | { readonly Url: string; readonly Method: string },
  account: CompatibilityAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const fields = {
    To: message.to,
    From: from,
    ...document,
    Timeout: `${ringSeconds}`,
    ...(message.reportUrl && { StatusCallback: message.reportUrl, StatusCallbackMethod: "POST" }),
  };
  return handOver(post("/Calls.json", fields, account), tools, (answer) =>
    readAnswer(answer, message, callReference),
  );
}

/** An empty body takes the place of the text in the platform's records. */
export async function wipeMessage(
  reference: string,
  account: CompatibilityAccount,
  tools: DeliveryTools,
): Promise<boolean> {
  if (isCallReference(reference)) return false;
  const request = post(`/Messages/${encodeURIComponent(reference)}.json`, { Body: "" }, account);
  const { status } = await ask(request, tools);
  return status >= 200 && status < 300;
}

/** Reads the account, and sends nothing. */
export function probeAccount(account: CompatibilityAccount, tools: DeliveryTools): Promise<ProbeResult> {
  const { url, authorization, timeoutMs } = account;
  return probeWith({ url: `${url}.json`, headers: { authorization }, timeoutMs }, tools);
}

function post(path: string, fields: Fields, account: CompatibilityAccount): ProviderRequest {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return {
    url: `${account.url}${path}`,
    headers: {
      authorization: account.authorization,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(given).toString(),
    timeoutMs: account.timeoutMs,
  };
}

function readAnswer(
  answer: OutboundResponse,
  message: OutboundMessage,
  referenceOf: typeof referenceFrom,
): DeliveryResult {
  const said = readJson(answer.body);
  const isYes = answer.status >= 200 && answer.status < 300;
  const code = textAt(said, isYes ? "error_code" : "code") ?? textAt(said, "errors.0.code");
  if (!isYes) return refused(answer, code, failures, message);
  const status = textAt(said, "status") ?? "";
  // A message can be refused in the very answer that made it.
  if (messageWords.states[status] === "failed") {
    return refused({ ...answer, status: 400 }, code, failures, message);
  }
  return accepted(referenceOf(textAt(said, "sid")));
}

/**
 * By the code of the error (twilio.com/docs/api/errors); others by their status. A person who has written STOP is not
 * written to by another provider either.
 */
const failures: FailureTable = {
  "20003": "configuration",
  "20429": "throttled",
  "14107": "throttled",
  "21210": "configuration",
  "21211": "invalid_recipient",
  "21212": "configuration",
  "21214": "invalid_recipient",
  "21215": "rejected",
  "21216": "configuration",
  "21217": "invalid_recipient",
  "21219": "configuration",
  "21408": "rejected",
  "21601": "configuration",
  "21603": "configuration",
  "21606": "configuration",
  "21608": "configuration",
  "21609": "configuration",
  "21610": "invalid_recipient",
  "21611": "throttled",
  "21612": "rejected",
  "21614": "invalid_recipient",
  "21617": "rejected",
  "21659": "configuration",
  "21660": "configuration",
  "21701": "configuration",
  "21703": "configuration",
  "30001": "throttled",
  "30002": "configuration",
  "30003": "temporary",
  "30004": "rejected",
  "30005": "invalid_recipient",
  "30006": "invalid_recipient",
  "30007": "rejected",
  "30008": "temporary",
  "30022": "throttled",
  "30023": "throttled",
  "30034": "configuration",
  "63038": "throttled",
  busy: "unanswered",
  "no-answer": "unanswered",
  canceled: "rejected",
  failed: "rejected",
};

const messageWords: ReportWords = {
  states: {
    queued: "accepted",
    accepted: "accepted",
    scheduled: "accepted",
    sending: "accepted",
    sent: "accepted",
    delivered: "delivered",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
    canceled: "failed",
  },
  failures,
};

const callWords: ReportWords = {
  states: {
    queued: "accepted",
    initiated: "accepted",
    ringing: "accepted",
    "in-progress": "accepted",
    completed: "delivered",
    busy: "failed",
    failed: "failed",
    "no-answer": "failed",
    canceled: "failed",
  },
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
