import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import {
  accepted,
  basicLogin,
  digitsOf,
  type FailureTable,
  handOver,
  type ProviderRequest,
  priceFrom,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryReport, DeliveryTools } from "../provider.ts";
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
  bareSender,
  baseUrl,
  baseUrlProblems,
  credential,
  pathName,
  sender,
  senderProblems,
  timeoutMs,
} from "../settings-members.ts";

const vendor = "https://api.nexmo.com";

const settingsSchema = Type.Object(
  {
    apiKey: pathName("API key", "The account's key, from the dashboard's API settings."),
    apiSecret: credential("API secret", "The secret that belongs to the key."),
    from: sender("Where the template names none: a number of the account, or a name of up to 11 characters."),
    signatureSecret: Type.Optional(
      credential(
        "Signature secret",
        "What Vonage signs its web-hooks with; without it no report is asked for.",
      ),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type VonageSettings = Static<typeof settingsSchema>;

/**
 * Vonage: Messages API v1 with Basic authentication (developer.vonage.com/en/api/messages). Chosen over the older SMS API because its
 * errors are codes (RFC 7807) and its status web-hooks prove their content.
 */
export const vonage: DeliveryProvider<VonageSettings> = {
  id: "vonage",
  title: "Vonage",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) => [...baseUrlProblems(settings.baseUrl), ...senderProblems(settings.from)],
  async send(message, settings, tools) {
    const webhook = settings.signatureSecret !== undefined && message.reportUrl !== undefined;
    const body = {
      message_type: "text",
      channel: "sms",
      to: digitsOf(message.to),
      from: bareSender(message.from ?? settings.from),
      text: message.text,
      client_ref: message.id,
      ttl: message.ttlSeconds,
      sms: { encoding_type: "auto" },
      ...(webhook && { webhook_url: message.reportUrl, webhook_version: "v1" }),
    };
    const request = { ...(await requestTo("/v1/messages", settings, tools)), body };
    return handOver(request, tools, (answer) => {
      const said = readJson(answer.body);
      return answer.status >= 200 && answer.status < 300
        ? accepted(referenceFrom(textAt(said, "message_uuid")))
        : refused(answer, fragmentOf(textAt(said, "type")), failures, message);
    });
  },
  /** The ids of the account's secrets, not the secrets (Account API). */
  async probe(settings, tools) {
    return probeWith(await requestTo(`/accounts/${settings.apiKey}/secrets`, settings, tools), tools);
  },
  async readReports(request, settings, tools) {
    const secret = settings.signatureSecret && (await tools.secret(settings.signatureSecret));
    const claims = secret ? claimsOf(request.headers["authorization"], secret) : undefined;
    const digest = createHash("sha256").update(request.body).digest("hex");
    demandProof(
      isSameText(digest, textAt(claims, "payload_hash")) &&
        isSameText(settings.apiKey, textAt(claims, "api_key")) &&
        isFresh(textAt(claims, "iat"), tools.now()),
    );
    return reportsIn(jsonOf(request));
  },
};

async function requestTo(
  path: string,
  settings: VonageSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = basicLogin(settings.apiKey, await tools.secret(settings.apiSecret));
  const url = `${settings.baseUrl ?? vendor}${path}`;
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/** By the fragment of the error's type (developer.vonage.com/en/api-errors/messages); other errors by their status. */
const failures: FailureTable = {
  "1000": "throttled",
  "1010": "configuration",
  "1020": "rejected",
  "1030": "temporary",
  "1040": "rejected",
  "1050": "rejected",
  "1060": "configuration",
  "1070": "configuration",
  "1080": "configuration",
  "1100": "temporary",
  "1120": "configuration",
  "1130": "configuration",
  "1140": "configuration",
  // Not on the list of numbers that a trial account may write to.
  "1160": "configuration",
  "1170": "invalid_recipient",
  "1420": "configuration",
  "1430": "invalid_recipient",
  "low-balance": "configuration",
};

function fragmentOf(type: string | undefined): string | undefined {
  return type?.split("#")[1];
}

/** The claims of a web-hook's token (HS256, RFC 7515); undefined for one that is not signed with this secret. */
function claimsOf(authorization: string | undefined, secret: string): unknown {
  const token = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? "");
  const [, head = "", payload = "", signature = ""] = token ?? [];
  const isSigned = isSameText(hmacOf(secret, `${head}.${payload}`).toString("base64url"), signature);
  const algorithm = textAt(readJson(Buffer.from(head, "base64url").toString()), "alg");
  return isSigned && algorithm === "HS256"
    ? readJson(Buffer.from(payload, "base64url").toString())
    : undefined;
}

/** developer.vonage.com/en/messages/concepts/messages-status-callbacks; one message a web-hook. */
const words: ReportWords = {
  states: {
    submitted: "accepted",
    delivered: "delivered",
    read: "delivered",
    rejected: "failed",
    undeliverable: "failed",
  },
  failures,
};

function reportsIn(body: unknown): readonly DeliveryReport[] {
  return reportFrom(
    {
      reference: textAt(body, "message_uuid"),
      status: textAt(body, "status"),
      code: fragmentOf(textAt(body, "error.type")),
      price: priceFrom(textAt(body, "usage.price"), textAt(body, "usage.currency")),
    },
    words,
  );
}
