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
import { callReference, isCallReference } from "./compatibility-api.ts";
import type {
  DeliveryReport,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundResponse,
  ProbeResult,
  ReportRequest,
} from "./provider.ts";
import { jsonOf, type ReportWords, reportFrom } from "./reports.ts";
import { type SwmlOptions, swmlDocument } from "./voice/swml.ts";

/** SignalWire's current APIs: Messaging and Calling (signalwire.com/docs/apis). */
export interface SignalwireAccount {
  /** The space, without a slash at its end. */
  readonly url: string;
  readonly headers: { readonly authorization: string };
  readonly timeoutMs?: number | undefined;
}

const messages = "/api/messaging/messages";

export function postText(
  message: OutboundMessage,
  from: string,
  account: SignalwireAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const body = {
    to: message.to,
    from,
    body: message.text,
    custom_variables: { delivery: message.id },
    ...(message.reportUrl && { status_callback: message.reportUrl }),
  };
  return handOver(at(messages, account, body), tools, (answer) => readAnswer(answer, message, referenceFrom));
}

export interface DialOptions extends Omit<SwmlOptions, "locale"> {
  readonly from: string;
  readonly ringSeconds: number;
}

/** A call whose words stand in the request itself. */
export async function dial(
  message: OutboundMessage,
  { from, ringSeconds, ...spoken }: DialOptions,
  account: SignalwireAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  if (message.speech === undefined) return { ok: false, reason: "rejected" };
  const params = {
    from,
    to: message.to,
    timeout: ringSeconds,
    swml: swmlDocument(message.speech, { ...spoken, locale: message.locale }),
    ...(message.reportUrl && { status_url: message.reportUrl, status_events: ["answered", "ended"] }),
  };
  const request = at("/api/calling/calls", account, { command: "dial", params });
  return handOver(request, tools, (answer) => readAnswer(answer, message, callReference));
}

/** An empty body takes the place of the text, once the message is in its last state. */
export async function wipeText(
  reference: string,
  account: SignalwireAccount,
  tools: DeliveryTools,
): Promise<boolean> {
  if (isCallReference(reference)) return false;
  const request = at(`${messages}/${encodeURIComponent(reference)}`, account, { body: "" });
  const { status } = await ask({ ...request, method: "PATCH" }, tools);
  return status >= 200 && status < 300;
}

/** Lists one message, and sends nothing. */
export function probeMessaging(account: SignalwireAccount, tools: DeliveryTools): Promise<ProbeResult> {
  return probeWith(at(`${messages}?page_size=1`, account), tools);
}

function at(path: string, { url, ...account }: SignalwireAccount, body?: object): ProviderRequest {
  return { ...account, url: `${url}${path}`, ...(body && { body }) };
}

function readAnswer(
  answer: OutboundResponse,
  message: OutboundMessage,
  referenceOf: typeof referenceFrom,
): DeliveryResult {
  const said = readJson(answer.body);
  if (answer.status >= 200 && answer.status < 300) return accepted(referenceOf(textAt(said, "id")));
  const code = textAt(said, "errors.0.code");
  const result = refused(answer, code, failures, message);
  // The field that was refused says more than the many codes for it.
  const field = answer.status === 422 ? textAt(said, "errors.0.attribute") : undefined;
  return field === "to" ? { ...result, ok: false, reason: "invalid_recipient" } : result;
}

/** signalwire.com/docs/apis/error-codes; others by their status. */
const failures: FailureTable = {
  invalid_to_number: "invalid_recipient",
  invalid_from_number: "configuration",
  insufficient_balance: "configuration",
  missing_required_parameter: "configuration",
  invalid_parameter: "configuration",
  "30003": "temporary",
  "30004": "rejected",
  "30005": "invalid_recipient",
  "30006": "invalid_recipient",
  "30007": "rejected",
  "30008": "temporary",
  busy: "unanswered",
  noAnswer: "unanswered",
  decline: "unanswered",
};

const messageWords: ReportWords = {
  states: {
    queued: "accepted",
    initiated: "accepted",
    sent: "accepted",
    delivered: "delivered",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
  },
  failures,
};

/** By how a call ended, once it has; before that, by its state. */
const callWords: ReportWords = {
  states: {
    created: "accepted",
    ringing: "accepted",
    answered: "accepted",
    ending: "accepted",
    hangup: "delivered",
    busy: "failed",
    noAnswer: "failed",
    decline: "failed",
    cancel: "failed",
    error: "failed",
  },
  failures,
};

/** A call that was answered may have been answered by a machine, which pressed no key and heard no code. */
const invitedWords: ReportWords = {
  states: { ...callWords.states, hangup: "accepted" },
  failures,
};

/** What a callback says, once it has proved itself: those of a message say `id` and `status`, those of a call `params.call_id`, `call_state` and `end_reason`. */
export function readCurrentStatus(
  request: ReportRequest,
  { pressKeyFirst = true }: { readonly pressKeyFirst?: boolean | undefined },
): readonly DeliveryReport[] {
  const said = jsonOf(request);
  const call = textAt(said, "params.call_id") ?? textAt(said, "call_id");
  if (call === undefined) {
    const status = textAt(said, "status");
    const code = textAt(said, "error_code");
    return reportFrom({ reference: textAt(said, "id"), status, code }, messageWords);
  }
  const state = textAt(said, "params.call_state") ?? textAt(said, "call_state");
  const end = textAt(said, "params.end_reason") ?? textAt(said, "end_reason");
  const status = state === "ended" ? end : state;
  const words = pressKeyFirst ? invitedWords : callWords;
  return reportFrom({ reference: callReference(call), status, code: status }, words);
}
