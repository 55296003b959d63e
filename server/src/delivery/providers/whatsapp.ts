import { type Static, Type } from "typebox";
import { chooseLocale } from "../../languages/negotiate.ts";
import { answerReader, failuresOf, listAt, textAt } from "../answers.ts";
import { digitsOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryReport, DeliveryTools } from "../provider.ts";
import { demandProof, hmacOf, isSameText, jsonOf, reportReader, statesOf } from "../reports.ts";
import { type ApiAccount, at, handOver, probeWith } from "../requests.ts";
import { apiSettings, baseUrl, credential, matching, problemsIn } from "../settings-members.ts";

const vendor = "https://graph.facebook.com";
const defaultVersion = "v24.0";

const settingsSchema = apiSettings({
  phoneNumberId: matching(
    "^[0-9]{1,40}$",
    "Phone number id",
    "Of the business number that sends: Meta's id, not the number.",
  ),
  accessToken: credential("Access token", "A system user's token with `whatsapp_business_messaging`."),
  template: matching(
    "^[a-z0-9_]{1,512}$",
    "Template",
    "Name of an approved authentication template with a copy-code button.",
  ),
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
      default: defaultVersion,
      title: "API version",
      description: "Of the Graph API.",
    }),
  ),
  baseUrl: baseUrl(vendor),
});

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
  validate: (settings) => problemsIn(settings),
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
    return handOver(at("/messages", await accountOf(settings, tools), body), message, readAnswer, tools);
  },
  async probe(settings, tools) {
    return probeWith(at("?fields=id", await accountOf(settings, tools)), tools);
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

async function accountOf(settings: WhatsappSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const { apiVersion = defaultVersion, phoneNumberId } = settings;
  const url = `${settings.baseUrl ?? vendor}/${apiVersion}/${phoneNumberId}`;
  const authorization = `Bearer ${await tools.secret(settings.accessToken)}`;
  return { url, headers: { authorization }, timeoutMs: settings.timeoutMs };
}

/** …/whatsapp/support/error-codes. "Not on WhatsApp" (131026) is no invalid recipient: an SMS still reaches the number. */
const failures = failuresOf({
  configuration:
    "0 3 10 33 190 368 131005 131008 131030 131031 131042 131045 " +
    "132000 132001 132005 132007 132012 132015 132016 133010",
  rejected: "100 130472 131009 131021 131026 131049",
  throttled: "4 80007 130429 131048 131056",
  temporary: "1 2 131000 131016 131057 133004",
});

const readAnswer = answerReader({ reference: "messages.0.id", code: "error.code", failures });

const readReport = reportReader({
  reference: "id",
  status: "status",
  states: statesOf({ accepted: "sent", delivered: "delivered read", failed: "failed" }),
  code: "errors.0.code",
  failures,
});

/** One web-hook tells of many messages, and of other numbers of the same app. */
function reportsIn(body: unknown, { phoneNumberId }: WhatsappSettings): readonly DeliveryReport[] {
  return listAt(body, "entry")
    .flatMap((entry) => listAt(entry, "changes"))
    .filter((change) => textAt(change, "value.metadata.phone_number_id") === phoneNumberId)
    .flatMap((change) => listAt(change, "value.statuses"))
    .flatMap(readReport);
}
