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
import { jsonOf, type ReportWords, reportFrom, statesOf } from "./reports.ts";
import { type ApiAccount, ask, at, handOver, probeWith } from "./requests.ts";
import { type SwmlOptions, swmlDocument } from "./voice/swml.ts";

const messages = "/api/messaging/messages";

/** A text message by SignalWire's current Messaging API (signalwire.com/docs/apis). The account is the space. */
export function postText(
  message: OutboundMessage,
  from: string,
  account: ApiAccount,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const body = {
    to: message.to,
    from,
    body: message.text,
    custom_variables: { delivery: message.id },
    ...(message.reportUrl && { status_callback: message.reportUrl }),
  };
  return handOver(at(messages, account, body), message, readAnswer, tools);
}

export interface DialOptions extends Omit<SwmlOptions, "locale"> {
  readonly from: string;
  readonly ringSeconds: number;
}

/** A call by its Calling API, whose words stand in the request itself. */
export async function dial(
  message: OutboundMessage,
  { from, ringSeconds, ...spoken }: DialOptions,
  account: ApiAccount,
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
  return handOver(request, message, readAnswer, tools);
}

/** An empty body takes the place of the text, once the message is in its last state. */
export async function wipeText(
  reference: string,
  account: ApiAccount,
  tools: DeliveryTools,
): Promise<boolean> {
  if (isCallReference(reference)) return false;
  const request = at(`${messages}/${encodeURIComponent(reference)}`, account, { body: "" });
  return isYes(await ask({ ...request, method: "PATCH" }, tools));
}

/** Lists one message, and sends nothing. */
export function probeMessaging(account: ApiAccount, tools: DeliveryTools): Promise<ProbeResult> {
  return probeWith(at(`${messages}?page_size=1`, account), tools);
}

const readAnswer: AnswerReader = (answer, message) => {
  const said = readJson(answer.body);
  const referenceOf = message.via === "voice" ? callReference : referenceFrom;
  if (isYes(answer)) return accepted(referenceOf(textAt(said, "id")));
  const code = textAt(said, "errors.0.code");
  const result = refused(answer, code, failures, message);
  // The field that was refused says more than the many codes for it.
  const field = answer.status === 422 ? textAt(said, "errors.0.attribute") : undefined;
  return field === "to" ? { ...result, ok: false, reason: "invalid_recipient" } : result;
};

/** signalwire.com/docs/apis/error-codes; others by their status. */
const failures = failuresOf({
  configuration: "invalid_from_number insufficient_balance missing_required_parameter invalid_parameter",
  invalid_recipient: "invalid_to_number 30005 30006",
  rejected: "30004 30007",
  temporary: "30003 30008",
  unanswered: "busy noAnswer decline",
});

const messageWords: ReportWords = {
  states: statesOf({
    accepted: "queued initiated sent",
    delivered: "delivered read",
    failed: "undelivered failed",
  }),
  failures,
};

/** By how a call ended, once it has; before that, by its state. */
const callWords: ReportWords = {
  states: statesOf({
    accepted: "created ringing answered ending",
    delivered: "hangup",
    failed: "busy noAnswer decline cancel error",
  }),
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
