import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import { answerReader, failuresOf, priceFrom, readJson, textAt } from "../answers.ts";
import { bareSender, digitsOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryTools } from "../provider.ts";
import { demandProof, hmacOf, isFresh, isSameText, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, basicLogin, handOver, probeWith } from "../requests.ts";
import { apiSettings, baseUrl, credential, pathName, problemsIn, sender } from "../settings-members.ts";

const vendor = "https://api.nexmo.com";

const settingsSchema = apiSettings({
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
});

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
  validate: (settings) => problemsIn(settings),
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
    return handOver(at("/v1/messages", await accountOf(settings, tools), body), message, readAnswer, tools);
  },
  /** The ids of the account's secrets, not the secrets (Account API). */
  async probe(settings, tools) {
    return probeWith(at(`/accounts/${settings.apiKey}/secrets`, await accountOf(settings, tools)), tools);
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
    return readReport(jsonOf(request));
  },
};

async function accountOf(settings: VonageSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const authorization = basicLogin(settings.apiKey, await tools.secret(settings.apiSecret));
  return { url: settings.baseUrl ?? vendor, headers: { authorization }, timeoutMs: settings.timeoutMs };
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

/**
 * By the fragment of the error's type (developer.vonage.com/en/api-errors/messages); other errors by their status. 1160: not on the
 * list of numbers that a trial account may write to.
 */
const failures = failuresOf({
  configuration: "1010 1060 1070 1080 1120 1130 1140 1160 1420 low-balance",
  invalid_recipient: "1170 1430",
  rejected: "1020 1040 1050",
  throttled: "1000",
  temporary: "1030 1100",
});

const readAnswer = answerReader({
  reference: "message_uuid",
  code: (said) => fragmentOf(textAt(said, "type")),
  failures,
});

/** developer.vonage.com/en/messages/concepts/messages-status-callbacks; one message a web-hook. */
const readReport = reportReader({
  reference: "message_uuid",
  status: "status",
  states: statesOf({ accepted: "submitted", delivered: "delivered read", failed: "rejected undeliverable" }),
  code: (said) => fragmentOf(textAt(said, "error.type")),
  failures,
  price: (said) => priceFrom(textAt(said, "usage.price"), textAt(said, "usage.currency")),
});

function fragmentOf(type: string | undefined): string | undefined {
  return type?.split("#")[1];
}
