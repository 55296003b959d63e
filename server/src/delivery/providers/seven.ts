import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import {
  ask,
  type FailureTable,
  handOver,
  type ProviderRequest,
  priceFrom,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import { callReference } from "../compatibility-api.ts";
import type {
  DeliveryProvider,
  DeliveryReport,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundResponse,
  ReportRequest,
} from "../provider.ts";
import {
  demandProof,
  hmacOf,
  isFresh,
  isSameText,
  jsonOf,
  type ReportWords,
  reportFrom,
} from "../reports.ts";
import {
  baseUrl,
  baseUrlProblems,
  callerOf,
  callFrom,
  credential,
  ringSeconds,
  sender,
  senderProblems,
  timeoutMs,
} from "../settings-members.ts";
import { plainWords } from "../voice/plain.ts";
import { sevenSsml } from "../voice/ssml.ts";

const vendor = "https://gateway.seven.io/api";

const settingsSchema = Type.Object(
  {
    apiKey: credential("API key", "With the rights for SMS and, for calls, voice."),
    from: Type.Optional(sender("Where the template names none; without one, a number of seven.io.")),
    callFrom,
    ringSeconds,
    speech: Type.Optional(
      Type.Union([Type.Literal("ssml"), Type.Literal("plain")], {
        default: "ssml",
        title: "Speech",
        description: "`ssml`: slowly, by a voice of the person's language; `plain`: words alone.",
      }),
    ),
    voice: Type.Optional(
      Type.Union([Type.Literal("female"), Type.Literal("male")], {
        default: "female",
        title: "Voice",
        description: "`female` or `male`.",
      }),
    ),
    signingKey: Type.Optional(credential("Signing key", "Checks the reports; without it none is believed.")),
    signedUrl: Type.Optional(
      Type.Union([Type.Literal("complete"), Type.Literal("path")], {
        default: "complete",
        title: "Signed URL",
        description: "What the signature of a report covers: the `complete` URL, or its `path` alone.",
      }),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type SevenSettings = Static<typeof settingsSchema>;

/** seven.io: SMS and voice (docs.seven.io). A call that says a text cannot wait for a key. */
export const seven: DeliveryProvider<SevenSettings> = {
  id: "seven",
  title: "seven.io",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: (settings) => [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from)],
  async send(message, settings, tools) {
    const path = message.via === "voice" ? "/voice" : "/sms";
    const body = message.via === "voice" ? callOf(message, settings) : textOf(message, settings);
    const request = { ...(await requestTo(path, settings, tools)), body };
    return handOver(request, tools, (answer) => readAnswer(answer, message));
  },
  /** The balance; a wrong key may be told with the status of a success. */
  async probe(settings, tools) {
    const answer = await ask({ ...(await requestTo("/balance", settings, tools)), method: "GET" }, tools);
    const isAmount = Number.isFinite(Number(textAt(readJson(answer.body), "amount") ?? Number.NaN));
    return isAmount && answer.status === 200
      ? { ok: true, message: "The provider accepted the credential." }
      : { ok: false, message: "The provider refused the credential." };
  },
  async readReports(request, settings, tools) {
    const key = settings.signingKey && (await tools.secret(settings.signingKey));
    demandProof(key !== undefined && key !== "" && isSigned(request, key, settings, tools.now()));
    return reportsIn(jsonOf(request));
  },
};

async function requestTo(
  path: string,
  settings: SevenSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const headers = { "x-api-key": await tools.secret(settings.apiKey), sentwith: "countersign" };
  return { url: `${settings.baseUrl ?? vendor}${path}`, headers, timeoutMs: settings.timeoutMs };
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
function readAnswer(answer: OutboundResponse, message: OutboundMessage): DeliveryResult {
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
}

function acceptedAs(said: unknown, message: OutboundMessage): DeliveryResult {
  const referenceOf = message.via === "voice" ? callReference : referenceFrom;
  const reference = referenceOf(textAt(said, "messages.0.id"));
  // Accounts are kept in euro.
  const price = priceFrom(textAt(said, "messages.0.price") ?? textAt(said, "total_price"), "EUR");
  return { ok: true, ...(reference !== undefined && { reference }), ...(price && { price }) };
}

/** docs.seven.io and the codes of its clients. 402: the same text to the same number a moment ago. */
const failures: FailureTable = {
  "11": "temporary",
  "201": "configuration",
  "202": "invalid_recipient",
  "300": "configuration",
  "301": "configuration",
  "304": "configuration",
  "305": "configuration",
  "306": "configuration",
  "307": "configuration",
  "400": "configuration",
  "401": "rejected",
  "402": "throttled",
  "403": "throttled",
  "500": "configuration",
  "600": "temporary",
  "700": "temporary",
  "900": "configuration",
  "901": "configuration",
  "902": "configuration",
  "903": "configuration",
  EXPIRED: "temporary",
  "no-answer": "unanswered",
  busy: "unanswered",
};

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

const textWords: ReportWords = {
  states: {
    ACCEPTED: "accepted",
    BUFFERED: "accepted",
    TRANSMITTED: "accepted",
    DELIVERED: "delivered",
    NOTDELIVERED: "failed",
    EXPIRED: "failed",
    REJECTED: "failed",
    FAILED: "failed",
  },
  failures,
};

const callWords: ReportWords = {
  states: {
    initiated: "accepted",
    ringing: "accepted",
    "in-progress": "accepted",
    completed: "delivered",
    "no-answer": "failed",
    busy: "failed",
    canceled: "failed",
    failed: "failed",
  },
  failures,
};

function reportsIn(said: unknown): readonly DeliveryReport[] {
  const status = textAt(said, "data.status");
  switch (textAt(said, "webhook_event")) {
    case "dlr":
      return reportFrom({ reference: textAt(said, "data.msg_id"), status, code: status }, textWords);
    case "voice_status":
      return reportFrom(
        { reference: callReference(textAt(said, "data.id")), status, code: status },
        callWords,
      );
    default:
      return [];
  }
}
