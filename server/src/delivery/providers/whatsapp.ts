import { type Static, Type } from "typebox";
import { chooseLocale } from "../../languages/negotiate.ts";
import {
  accepted,
  digitsOf,
  type FailureTable,
  handOver,
  listAt,
  type ProviderRequest,
  probeWith,
  readJson,
  referenceFrom,
  refused,
  textAt,
} from "../answers.ts";
import type { DeliveryProvider, DeliveryReport, DeliveryTools } from "../provider.ts";
import { demandProof, hmacOf, isSameText, jsonOf, type ReportWords, reportFrom } from "../reports.ts";
import { baseUrl, baseUrlProblems, credential, timeoutMs } from "../settings-members.ts";

const vendor = "https://graph.facebook.com";

const settingsSchema = Type.Object(
  {
    phoneNumberId: Type.String({
      pattern: "^[0-9]{1,40}$",
      title: "Phone number id",
      description: "Of the business number that sends: Meta's id, not the number.",
    }),
    accessToken: credential("Access token", "A system user's token with `whatsapp_business_messaging`."),
    template: Type.String({
      pattern: "^[a-z0-9_]{1,512}$",
      title: "Template",
      description: "Name of an approved authentication template with a copy-code button.",
    }),
    languages: Type.Array(Type.String({ pattern: "^[a-z]{2,3}(?:_[A-Za-z]{2,4})?$" }), {
      minItems: 1,
      maxItems: 80,
      title: "Languages",
      description: "In which the template is approved (`en_US`, `de`); the first one serves all others.",
    }),
    appSecret: Type.Optional(
      credential("App secret", "What Meta signs its web-hooks with; without it no report is believed."),
    ),
    verifyToken: Type.Optional(
      credential(
        "Verify token",
        "The word that Meta must know to register the web-hook; the same is entered there.",
      ),
    ),
    apiVersion: Type.Optional(
      Type.String({
        pattern: "^v[0-9]{1,3}\\.[0-9]$",
        default: "v24.0",
        title: "API version",
        description: "Of the Graph API.",
      }),
    ),
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type WhatsappSettings = Static<typeof settingsSchema>;

/**
 * WhatsApp: Meta's Cloud API (developers.facebook.com/documentation/business-messaging/whatsapp). The words are Meta's: a code may go
 * out in an approved authentication template only, so the templates of this server do not apply.
 */
export const whatsapp: DeliveryProvider<WhatsappSettings> = {
  id: "whatsapp",
  title: "WhatsApp",
  vias: ["sms"],
  settings: settingsSchema,
  validate: (settings) => baseUrlProblems(settings.baseUrl),
  async send(message, settings, tools) {
    const { code } = message;
    if (code === undefined) {
      return { ok: false, reason: "configuration" };
    }
    const [first = "en_US"] = settings.languages;
    const parameters = [{ type: "text", text: code }];
    const body = {
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: digitsOf(message.to),
      type: "template",
      template: {
        name: settings.template,
        language: { code: chooseLocale([message.locale], settings.languages, first) },
        components: [
          { type: "body", parameters },
          { type: "button", sub_type: "url", index: "0", parameters },
        ],
      },
      biz_opaque_callback_data: message.id,
    };
    const request = { ...(await requestTo("/messages", settings, tools)), body };
    return handOver(request, tools, (answer) => {
      const said = readJson(answer.body);
      return answer.status >= 200 && answer.status < 300
        ? accepted(referenceFrom(textAt(said, "messages.0.id")))
        : refused(answer, textAt(said, "error.code"), failures, message);
    });
  },
  async probe(settings, tools) {
    return probeWith(await requestTo("?fields=id", settings, tools), tools);
  },
  async readReports(request, settings, tools) {
    const secret = settings.appSecret && (await tools.secret(settings.appSecret));
    const expected = secret && `sha256=${hmacOf(secret, request.body).toString("hex")}`;
    demandProof(Boolean(expected) && isSameText(expected ?? "", request.headers["x-hub-signature-256"]));
    return reportsIn(jsonOf(request), settings);
  },
  /** Meta asks once, when the web-hook is registered (…/webhooks, "verification requests"). */
  async answerHandshake({ method, url }, settings, tools) {
    const query = new URL(url).searchParams;
    if (method !== "GET" || query.get("hub.mode") !== "subscribe") {
      return undefined;
    }
    const token = settings.verifyToken && (await tools.secret(settings.verifyToken));
    demandProof(Boolean(token) && isSameText(token ?? "", query.get("hub.verify_token") ?? undefined));
    const challenge = query.get("hub.challenge") ?? "";
    return /^[\w-]{1,200}$/.test(challenge) ? challenge : undefined;
  },
};

async function requestTo(
  path: string,
  settings: WhatsappSettings,
  tools: DeliveryTools,
): Promise<ProviderRequest> {
  const authorization = `Bearer ${await tools.secret(settings.accessToken)}`;
  const { apiVersion = "v24.0", phoneNumberId } = settings;
  const url = `${settings.baseUrl ?? vendor}/${apiVersion}/${phoneNumberId}${path}`;
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/** One web-hook tells of many messages, and of other numbers of the same app. */
function reportsIn(body: unknown, { phoneNumberId }: WhatsappSettings): readonly DeliveryReport[] {
  return listAt(body, "entry")
    .flatMap((entry) => listAt(entry, "changes"))
    .filter((change) => textAt(change, "value.metadata.phone_number_id") === phoneNumberId)
    .flatMap((change) => listAt(change, "value.statuses"))
    .flatMap((one) =>
      reportFrom(
        {
          reference: textAt(one, "id"),
          status: textAt(one, "status"),
          code: textAt(one, "errors.0.code"),
        },
        words,
      ),
    );
}

/**
 * …/whatsapp/support/error-codes. "Not on WhatsApp" (131026) is no invalid recipient: an SMS still reaches the number.
 */
const failures: FailureTable = {
  "0": "configuration",
  "1": "temporary",
  "2": "temporary",
  "3": "configuration",
  "4": "throttled",
  "10": "configuration",
  "33": "configuration",
  "100": "rejected",
  "190": "configuration",
  "368": "configuration",
  "80007": "throttled",
  "130429": "throttled",
  "130472": "rejected",
  "131000": "temporary",
  "131005": "configuration",
  "131008": "configuration",
  "131009": "rejected",
  "131016": "temporary",
  "131021": "rejected",
  "131026": "rejected",
  "131030": "configuration",
  "131031": "configuration",
  "131042": "configuration",
  "131045": "configuration",
  "131048": "throttled",
  "131049": "rejected",
  "131056": "throttled",
  "131057": "temporary",
  "132000": "configuration",
  "132001": "configuration",
  "132005": "configuration",
  "132007": "configuration",
  "132012": "configuration",
  "132015": "configuration",
  "132016": "configuration",
  "133004": "temporary",
  "133010": "configuration",
};

const words: ReportWords = {
  states: { sent: "accepted", delivered: "delivered", read: "delivered", failed: "failed" },
  failures,
};
