import { type Static, Type } from "typebox";
import { isSignedForm } from "../../signatures/telephony.ts";
import {
  postCall,
  postMessage,
  probeAccount,
  readKey,
  readStatus,
  wipeMessage,
} from "../compatibility-api.ts";
import { callerOf } from "../number-forms.ts";
import type { DeliveryProvider, DeliveryTools, ReportRequest } from "../provider.ts";
import { demandProof } from "../reports.ts";
import { type ApiAccount, basicLogin } from "../requests.ts";
import {
  apiSettings,
  baseUrl,
  callMembers,
  callPlanOf,
  credential,
  matching,
  problemsIn,
  redact,
  sender,
} from "../settings-members.ts";

const vendor = "https://api.twilio.com";

const sid = (prefix: string, title: string, description: string) =>
  matching(`^${prefix}[0-9a-fA-F]{32}$`, title, description);

const settingsSchema = apiSettings({
  accountSid: sid("AC", "Account SID", "`AC…`, from the console's start page."),
  authToken: credential("Auth token", "Checks the reports and, where no API key is named, logs in."),
  apiKeySid: Type.Optional(sid("SK", "API key", "`SK…`: logs in instead of the auth token.")),
  apiKeySecret: Type.Optional(credential("API key secret", "The secret that belongs to the API key.")),
  from: Type.Optional(
    sender("Where the template names none: a number of the account, or a name of up to 11 characters."),
  ),
  messagingServiceSid: Type.Optional(
    sid("MG", "Messaging service", "`MG…`; it chooses the sender where nothing else names one."),
  ),
  ...callMembers,
  redact,
  baseUrl: baseUrl(vendor),
});

export type TwilioSettings = Static<typeof settingsSchema>;

/** Twilio: Programmable Messaging and Voice (twilio.com/docs/messaging/api, twilio.com/docs/voice/api). */
export const twilio: DeliveryProvider<TwilioSettings> = {
  id: "twilio",
  title: "Twilio",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: ({ apiKeySid, apiKeySecret, messagingServiceSid, ...settings }) =>
    problemsIn(settings, [
      [
        (apiKeySid === undefined) === (apiKeySecret === undefined),
        "An API key and its secret belong together.",
      ],
      [(settings.from ?? messagingServiceSid) !== undefined, "A sender or a messaging service is needed."],
    ]),
  async send(message, settings, tools) {
    const account = await accountOf(settings, tools);
    if (message.via === "sms") {
      const from = message.from ?? settings.from;
      const named =
        from === undefined ? { MessagingServiceSid: settings.messagingServiceSid } : { From: from };
      return postMessage(message, named, account, tools);
    }
    const from = callerOf(settings);
    if (from === undefined) return { ok: false, reason: "configuration", providerCode: "no_caller" };
    const plan = { ...callPlanOf(settings), from, longestSeconds: 120, inline: "possible" } as const;
    return postCall(message, plan, account, tools);
  },
  probe: async (settings, tools) => probeAccount(await accountOf(settings, tools), tools),
  async readReports(request, settings, tools) {
    await demandSigned(request, settings, tools);
    return readStatus(request, settings);
  },
  async readCall(request, settings, tools) {
    await demandSigned(request, settings, tools);
    return readKey(request);
  },
  redact: async (reference, settings, tools) =>
    wipeMessage(reference, await accountOf(settings, tools), tools),
};

async function accountOf(settings: TwilioSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const { accountSid, apiKeySid = accountSid, apiKeySecret = settings.authToken } = settings;
  return {
    url: `${settings.baseUrl ?? vendor}/2010-04-01/Accounts/${accountSid}`,
    headers: { authorization: basicLogin(apiKeySid, await tools.secret(apiKeySecret)) },
    timeoutMs: settings.timeoutMs,
  };
}

/** Twilio signs with the auth token also where an API key logs in. */
async function demandSigned(
  request: ReportRequest,
  settings: TwilioSettings,
  tools: Pick<DeliveryTools, "secret">,
): Promise<void> {
  const key = await tools.secret(settings.authToken);
  demandProof(isSignedForm(request, key, request.headers["x-twilio-signature"]));
}
