import { type Static, Type } from "typebox";
import { isSignedForm } from "../../signatures/telephony.ts";
import { basicLogin } from "../answers.ts";
import {
  type CompatibilityAccount,
  postCall,
  postMessage,
  probeAccount,
  readKey,
  readStatus,
  wipeMessage,
} from "../compatibility-api.ts";
import type { DeliveryProvider, DeliveryTools, ReportRequest } from "../provider.ts";
import { demandProof } from "../reports.ts";
import {
  baseUrl,
  baseUrlProblems,
  callerOf,
  callFrom,
  credential,
  pressKeyFirst,
  redact,
  ringSeconds,
  sender,
  senderProblems,
  timeoutMs,
  voices,
} from "../settings-members.ts";
import { callDocument } from "../voice/call-document.ts";

const vendor = "https://api.twilio.com";

const sid = (prefix: string, title: string, description: string) =>
  Type.String({ pattern: `^${prefix}[0-9a-fA-F]{32}$`, title, description });

const settingsSchema = Type.Object(
  {
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
    callFrom,
    pressKeyFirst,
    ringSeconds,
    voices,
    redact,
    baseUrl: baseUrl(vendor),
    timeoutMs,
  },
  { additionalProperties: false },
);

export type TwilioSettings = Static<typeof settingsSchema>;

/** Twilio: Programmable Messaging and Voice (twilio.com/docs/messaging/api, twilio.com/docs/voice/api). */
export const twilio: DeliveryProvider<TwilioSettings> = {
  id: "twilio",
  title: "Twilio",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: (settings) => [
    ...baseUrlProblems(settings.baseUrl),
    ...senderProblems(settings.from),
    ...((settings.apiKeySid === undefined) === (settings.apiKeySecret === undefined)
      ? []
      : ["An API key and its secret belong together."]),
    ...(settings.from === undefined && settings.messagingServiceSid === undefined
      ? ["A sender or a messaging service is needed."]
      : []),
  ],
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
    const { pressKeyFirst: isInvited = true, ringSeconds: seconds = 30, voices: own } = settings;
    const options = { pressKeyFirst: isInvited, inline: "possible", voices: own } as const;
    const document = await callDocument(message, options, tools);
    return "ok" in document
      ? document
      : postCall(message, { from, ringSeconds: seconds }, document, account, tools);
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

async function accountOf(settings: TwilioSettings, tools: DeliveryTools): Promise<CompatibilityAccount> {
  const { accountSid, apiKeySid = accountSid, apiKeySecret = settings.authToken } = settings;
  return {
    url: `${settings.baseUrl ?? vendor}/2010-04-01/Accounts/${accountSid}`,
    authorization: basicLogin(apiKeySid, await tools.secret(apiKeySecret)),
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
