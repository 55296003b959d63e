import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import {
  type AnswerReader,
  callReference,
  failuresOf,
  priceFrom,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import { callerOf } from "../number-forms.ts";
import type {
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  ReportRequest,
} from "../provider.ts";
import { demandProof, hmacOf, isFresh, isSameText, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, ask, at, handOver } from "../requests.ts";
import {
  apiSettings,
  baseUrl,
  callFrom,
  credential,
  eitherOf,
  problemsIn,
  ringSeconds,
  sender,
} from "../settings-members.ts";
import { plainWords } from "../voice/plain.ts";
import { sevenSsml } from "../voice/ssml.ts";

const vendor = "https://gateway.seven.io/api";

const settingsSchema = apiSettings({
  apiKey: credential("API key", "With the rights for SMS and, for calls, voice."),
  from: Type.Optional(sender("Where the template names none; without one, a number of seven.io.")),
  callFrom,
  ringSeconds,
  speech: eitherOf(
    "ssml",
    "plain",
    "Speech",
    "`ssml`: slowly, by a voice of the person's language; `plain`: words alone.",
  ),
  voice: eitherOf("female", "male", "Voice", "`female` or `male`."),
  signingKey: Type.Optional(credential("Signing key", "Checks the reports; without it none is believed.")),
  signedUrl: eitherOf(
    "complete",
    "path",
    "Signed URL",
    "What the signature of a report covers: the `complete` URL, or its `path` alone.",
  ),
  baseUrl: baseUrl(vendor),
});

export type SevenSettings = Static<typeof settingsSchema>;

/** seven.io: SMS and voice (docs.seven.io). A call that says a text cannot wait for a key. */
export const seven: DeliveryProvider<SevenSettings> = {
  id: "seven",
  title: "seven.io",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: (settings) => problemsIn(settings),
  async send(message, settings, tools) {
    const isCall = message.via === "voice";
    const body = isCall ? callOf(message, settings) : textOf(message, settings);
    const request = at(isCall ? "/voice" : "/sms", await accountOf(settings, tools), body);
    return handOver(request, message, readAnswer, tools);
  },
  /** The balance; a wrong key may be told with the status of a success. */
  async probe(settings, tools) {
    const request = at("/balance", await accountOf(settings, tools));
    const answer = await ask({ ...request, method: "GET" }, tools);
    const isAmount = Number.isFinite(Number(textAt(readJson(answer.body), "amount") ?? Number.NaN));
    return isAmount && answer.status === 200
      ? { ok: true, message: "The provider accepted the credential." }
      : { ok: false, message: "The provider refused the credential." };
  },
  async readReports(request, settings, tools) {
    const key = settings.signingKey && (await tools.secret(settings.signingKey));
    demandProof(key !== undefined && key !== "" && isSigned(request, key, settings, tools.now()));
    const said = jsonOf(request);
    const event = textAt(said, "webhook_event");
    if (event === "voice_status") return readCallReport(said);
    return event === "dlr" ? readTextReport(said) : [];
  },
};

async function accountOf(settings: SevenSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const headers = { "x-api-key": await tools.secret(settings.apiKey), sentwith: "countersign" };
  return { url: settings.baseUrl ?? vendor, headers, timeoutMs: settings.timeoutMs };
}

function textOf(message: OutboundMessage, settings: SevenSettings): object {
  const from = message.from ?? settings.from;
  return {
    to: message.to,
    text: message.text,
    ...(from !== undefined && { from }),
    // Whole minutes in which the code is certainly still good.
    ttl: Math.max(1, Math.floor(message.ttlSeconds / 60)),
    foreign_id: message.id,
  };
}

function callOf(message: OutboundMessage, settings: SevenSettings): object {
  const { speech, locale, text } = message;
  const { voice: gender = "female", ringSeconds: ringtime = 30 } = settings;
  const from = callerOf(settings);
  const spoken = settings.speech === "plain" ? speech && plainWords(speech.parts) : undefined;
  return {
    to: message.to,
    text: spoken ?? (speech ? sevenSsml(speech, { locale, gender }) : text),
    ...(from !== undefined && { from }),
    ringtime,
    foreign_id: message.id,
  };
}

/**
 * Success is `"100"` and a message that succeeded. A failure is a bare code instead of an object, whatever the status; the
 * code in `success`, or of the one message; or `code` or `error_code` of an object.
 */
const readAnswer: AnswerReader = (answer, message) => {
  const said = readJson(answer.body);
  const bare = /^\s*"?(\d{2,3})"?\s*$/.exec(answer.body)?.[1];
  const overall = bare ?? textAt(said, "success");
  const isTaken = textAt(said, "messages.0.success") !== "false";
  if (overall === "100" && bare === undefined && isTaken && answer.status < 300) {
    return acceptedAs(said, message);
  }
  const own = overall === "100" || overall === "101" ? textAt(said, "messages.0.error") : overall;
  const code = own ?? textAt(said, "code") ?? textAt(said, "error_code");
  // An object or number that says no is a no, also with the status of a success.
  const status = answer.status < 300 && code !== undefined ? 400 : answer.status;
  return refused({ ...answer, status }, code, failures, message);
};

function acceptedAs(said: unknown, message: OutboundMessage): DeliveryResult {
  const referenceOf = message.via === "voice" ? callReference : referenceFrom;
  const reference = referenceOf(textAt(said, "messages.0.id"));
  // Accounts are kept in euro.
  const price = priceFrom(textAt(said, "messages.0.price") ?? textAt(said, "total_price"), "EUR");
  return { ok: true, ...(reference !== undefined && { reference }), ...(price && { price }) };
}

/** docs.seven.io and the codes of its clients. 402: the same text to the same number a moment ago. */
const failures = failuresOf({
  configuration: "201 300 301 304 305 306 307 400 500 900 901 902 903",
  invalid_recipient: "202",
  rejected: "401",
  throttled: "402 403",
  temporary: "11 600 700 EXPIRED",
  unanswered: "no-answer busy",
});

/** HMAC-SHA-256 in hexadecimal over time, nonce, method, URL and the MD5 of the body, a line each. */
function isSigned(request: ReportRequest, key: string, settings: SevenSettings, now: number): boolean {
  const { method, headers, body } = request;
  const { "x-timestamp": time = "", "x-nonce": nonce = "", "x-signature": signature } = headers;
  const { pathname, search } = new URL(request.url);
  const url = settings.signedUrl === "path" ? `${pathname}${search}` : request.url;
  const digest = createHash("md5").update(body).digest("hex");
  const expected = hmacOf(key, [time, nonce, method, url, digest].join("\n")).toString("hex");
  return isSameText(expected, signature) && isFresh(time, now) && /^[A-Za-z0-9]{16,64}$/.test(nonce);
}

const readTextReport = reportReader({
  reference: "data.msg_id",
  status: "data.status",
  states: statesOf({
    accepted: "ACCEPTED BUFFERED TRANSMITTED",
    delivered: "DELIVERED",
    failed: "NOTDELIVERED EXPIRED REJECTED FAILED",
  }),
  code: "data.status",
  failures,
});

const readCallReport = reportReader({
  reference: (said) => callReference(textAt(said, "data.id")),
  status: "data.status",
  states: statesOf({
    accepted: "initiated ringing in-progress",
    delivered: "completed",
    failed: "no-answer busy canceled failed",
  }),
  code: "data.status",
  failures,
});
