import { type Static, Type } from "typebox";
import { isSignedBody, isSignedForm } from "../../signatures/telephony.ts";
import {
  postCall,
  postMessage,
  probeAccount,
  readKey,
  readStatus,
  wipeMessage,
} from "../compatibility-api.ts";
import { callerOf } from "../number-forms.ts";
import type {
  DeliveryProvider,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  ReportRequest,
} from "../provider.ts";
import { demandProof } from "../reports.ts";
import { type ApiAccount, basicLogin } from "../requests.ts";
import {
  apiSettings,
  callMembers,
  callPlanOf,
  credential,
  eitherOf,
  pathName,
  problemsIn,
  redact,
  sender,
} from "../settings-members.ts";
import { dial, postText, probeMessaging, readCurrentStatus, wipeText } from "../signalwire-api.ts";

const settingsSchema = apiSettings({
  baseUrl: Type.String({
    minLength: 1,
    maxLength: 500,
    title: "Space",
    description: "`https://<space>.signalwire.com`, without a slash at the end.",
  }),
  projectId: pathName("Project", "The project's id."),
  token: credential("API token", "With the scopes Messaging and, for calls, Voice."),
  signingKey: Type.Optional(
    credential("Signing key", "`PSK…`: checks the reports; without it none is asked for."),
  ),
  api: eitherOf(
    "current",
    "compatibility",
    "API",
    "`current`, or `compatibility`: the one that resembles Twilio's.",
  ),
  from: sender("Where the template names none: a number of the project, or a short code."),
  ...callMembers,
  redact,
});

export type SignalwireSettings = Static<typeof settingsSchema>;

/** SignalWire: Messaging and Calling API (signalwire.com/docs/apis), or the Compatibility API. */
export const signalwire: DeliveryProvider<SignalwireSettings> = {
  id: "signalwire",
  title: "SignalWire",
  vias: ["sms", "voice"],
  settings: settingsSchema,
  validate: (settings) => problemsIn(settings),
  async send(given, settings, tools) {
    // Nothing that cannot be proved is asked for.
    const message = settings.signingKey === undefined ? { ...given, reportUrl: undefined } : given;
    // Names of templates are for providers that can show one.
    const number = callerOf({ from: message.from });
    const from = message.via === "sms" ? (number ?? settings.from) : callerOf(settings);
    if (from === undefined) return { ok: false, reason: "configuration", providerCode: "no_caller" };
    return settings.api === "compatibility"
      ? sendCompatibly(message, from, settings, tools)
      : sendCurrently(message, from, settings, tools);
  },
  probe: async (settings, tools) =>
    settings.api === "compatibility"
      ? probeAccount(await compatibilityOf(settings, tools), tools)
      : probeMessaging(await accountOf(settings, tools), tools),
  async readReports(request, settings, tools) {
    await demandSigned(request, settings, tools);
    return settings.api === "compatibility"
      ? readStatus(request, settings)
      : readCurrentStatus(request, settings);
  },
  async readCall(request, settings, tools) {
    await demandSigned(request, settings, tools);
    return readKey(request);
  },
  redact: async (reference, settings, tools) =>
    settings.api === "compatibility"
      ? wipeMessage(reference, await compatibilityOf(settings, tools), tools)
      : wipeText(reference, await accountOf(settings, tools), tools),
};

async function accountOf(settings: SignalwireSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const { baseUrl: url, projectId, timeoutMs: limit } = settings;
  const authorization = basicLogin(projectId, await tools.secret(settings.token));
  return { url, headers: { authorization }, timeoutMs: limit };
}

async function compatibilityOf(settings: SignalwireSettings, tools: DeliveryTools): Promise<ApiAccount> {
  const account = await accountOf(settings, tools);
  return { ...account, url: `${account.url}/api/laml/2010-04-01/Accounts/${settings.projectId}` };
}

/** A project's cXML web-hooks are signed as forms, all others as URL and body: one scheme per API. */
async function demandSigned(
  request: ReportRequest,
  settings: SignalwireSettings,
  tools: Pick<DeliveryTools, "secret">,
): Promise<void> {
  const key = settings.signingKey && (await tools.secret(settings.signingKey));
  demandProof(key !== undefined && key !== "" && isProved(request, key, settings));
}

function isProved(request: ReportRequest, key: string, { api }: SignalwireSettings): boolean {
  const { "x-signalwire-signature": sha1, "x-signalwire-sha256-signature": sha256 } = request.headers;
  if (api === "compatibility") {
    return isSignedForm(request, key, sha1 ?? request.headers["x-twilio-signature"]);
  }
  return sha1 === undefined ? isSignedBody(request, key, sha256, "sha256") : isSignedBody(request, key, sha1);
}

async function sendCompatibly(
  message: OutboundMessage,
  from: string,
  settings: SignalwireSettings,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const account = await compatibilityOf(settings, tools);
  if (message.via === "sms") return postMessage(message, { From: from }, account, tools);
  // A script is not kept when nobody could prove that he may ask for it.
  const { keepCallScript: _, ...unreachable } = tools;
  const plan = { ...callPlanOf(settings), from, inline: "impossible" } as const;
  return postCall(message, plan, account, settings.signingKey ? tools : unreachable);
}

async function sendCurrently(
  message: OutboundMessage,
  from: string,
  settings: SignalwireSettings,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  const account = await accountOf(settings, tools);
  if (message.via === "sms") return postText(message, from, account, tools);
  const { pressKeyFirst, ...plan } = callPlanOf(settings);
  return dial(message, { ...plan, from, opening: pressKeyFirst ? "invited" : "at_once" }, account, tools);
}
