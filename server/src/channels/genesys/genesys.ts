import { demandKey } from "../access.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type Published,
  type ServiceChannel,
} from "../channel.ts";
import { answerOf, type Said, type WebService, webServices } from "./answers.ts";
import { checkMethods } from "./check-methods.ts";
import type { Errand } from "./errand.ts";
import { readParameters } from "./request.ts";
import { sendCode } from "./send-code.ts";
import { type GenesysSettings, genesysSettings, validateGenesys } from "./settings.ts";
import { verifyCode } from "./verify-code.ts";

/**
 * The three XML web services that the two-factor MicroApp of Genesys Intelligent Automation calls in its External mode. What
 * was handled is answered with 200 and a status; what could not be read with 400 and the status `error`.
 */
export const genesys: ServiceChannel<GenesysSettings> = {
  id: "genesys",
  title: "Genesys XML web services",
  settings: genesysSettings,
  validate: validateGenesys,
  authenticate: (request, publication, tools) =>
    demandKey(request, publication.settings.access, publication, tools),
  handle,
  fail: (_publication, request) => answerOf((request && serviceAt(request)) ?? "failed", { status: "error" }),
  refuse: ({ status, headers }) => ({
    status,
    headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    body: "",
  }),
};

const services: Readonly<Record<WebService, (errand: Errand) => Promise<Said>>> = {
  checkVerifiedContactMethods: checkMethods,
  sendAuthenticationCode: sendCode,
  codeAuthentication: verifyCode,
};

async function handle(
  request: ChannelRequest,
  publication: Published<GenesysSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const service = serviceAt(request);
  if (service === undefined) throw new ChannelRejected(404, "There is no such thing here.");
  try {
    demandMethod(request, publication.settings);
    const parameters = readParameters(request);
    return answerOf(service, await services[service]({ parameters, publication, tools }));
  } catch (error) {
    if (!(error instanceof ChannelRejected)) throw error;
    const answer = answerOf(service, { status: "error" });
    return { ...answer, status: error.status, headers: { ...answer.headers, ...error.headers } };
  }
}

function serviceAt({ path }: ChannelRequest): WebService | undefined {
  return webServices.find((name) => path === `/${name}`);
}

function demandMethod({ method }: ChannelRequest, { allowGet }: GenesysSettings): void {
  if (method === "POST" || (method === "GET" && allowGet)) return;
  throw new ChannelRejected(405, "Another method is needed.", { allow: allowGet ? "GET, POST" : "POST" });
}
