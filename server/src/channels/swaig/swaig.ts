import { demandKey } from "../access.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type Published,
  type ServiceChannel,
} from "../channel.ts";
import { jsonAnswer } from "../json.ts";
import { hasSignature, isSignedBySignalwire } from "../signalwire-signature.ts";
import { fieldsIn, fieldsOf, readPlatformRequest, textOf } from "./call.ts";
import { addressWithLogin, definitionsOf } from "./definitions.ts";
import { agentDocument } from "./document.ts";
import { takeFunction } from "./functions.ts";
import { demandTicket, takeKeypad } from "./keypad.ts";
import { takePost } from "./post.ts";
import { type SwaigSettings, swaigSettings, validateSwaig } from "./settings.ts";
import { texts } from "./texts.ts";
import { toldAnswer } from "./told.ts";

/** A digital employee for SignalWire's AI gateway: the agent's document and the functions that it calls. */
export const swaig: ServiceChannel<SwaigSettings> = {
  id: "swaig",
  title: "SWAIG (SignalWire AI agent)",
  settings: swaigSettings,
  validate: validateSwaig,
  authenticate,
  handle,
  // Whatever went wrong, the platform reads a 200: it is the model that has to find words for it.
  fail: (publication) => toldAnswer({ text: texts.failed }, undefined, publication),
};

async function authenticate(
  request: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<void> {
  if (request.path === "/keypad") {
    await demandTicket(request, publication, tools);
    return;
  }
  const { access, signingKey } = publication.settings;
  await demandKey(request, access, publication, tools);
  if (signingKey === undefined) return;
  // Function calls are not signed; the document and the question for the functions are. One that is there must be right.
  if (!needsSignature(request) && !hasSignature(request)) return;
  const key = await tools.secretOf(publication.organization, signingKey);
  if (!isSignedBySignalwire(request, publication, key)) {
    throw new ChannelRejected(403, "The signature is missing or wrong.");
  }
}

function needsSignature(request: ChannelRequest): boolean {
  if (request.path !== "/swaig") return request.path !== "/post";
  return readPlatformRequest(request).kind === "signature";
}

async function handle(
  request: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  switch (request.path) {
    case "":
      demandMethod(request, ["GET", "POST"]);
      return answerDocument(request, publication, tools);
    case "/swaig":
      demandMethod(request, ["POST"]);
      return answerPlatform(request, publication, tools);
    case "/keypad":
      demandMethod(request, ["POST"]);
      return takeKeypad(request, publication, tools);
    case "/post":
      demandMethod(request, ["POST"]);
      return takePost(request, publication, tools);
    default:
      throw new ChannelRejected(404, "There is no such thing here.");
  }
}

function demandMethod({ method }: ChannelRequest, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  throw new ChannelRejected(405, `Only ${allowed.join(" and ")}.`, { allow: allowed.join(", ") });
}

async function answerDocument(
  request: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const subject = subjectOf(request) ?? subjectInParams(request);
  const functions = definitionsOf(publication, await addressWithLogin("/swaig", publication, subject, tools));
  const post = await addressWithLogin("/post", publication, undefined, tools);
  return jsonAnswer(200, agentDocument({ functions, post }, publication));
}

async function answerPlatform(
  request: ChannelRequest,
  publication: Published<SwaigSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  const asked = readPlatformRequest(request);
  const subject = subjectOf(request);
  switch (asked.kind) {
    case "unreadable":
      return toldAnswer({ text: texts.unclear }, undefined, publication);
    case "signature": {
      const all = definitionsOf(publication, await addressWithLogin("/swaig", publication, subject, tools));
      const wanted = asked.functions;
      return jsonAnswer(200, wanted.length === 0 ? all : all.filter((one) => wanted.includes(one.function)));
    }
    case "function":
      return takeFunction(asked, { subject, body: request.body }, publication, tools);
  }
}

/** Whom the calling system names in the address that it gave the platform: it chooses whom to ask, and proves nothing. */
function subjectOf({ query }: ChannelRequest): string | undefined {
  return checkedSubject(new URLSearchParams(query).get("subject") ?? undefined);
}

/** The same from the parameters of a document that transfers to this one. */
function subjectInParams({ body }: ChannelRequest): string | undefined {
  return checkedSubject(textOf(fieldsOf(fieldsIn(body)?.["params"])?.["subject"]));
}

function checkedSubject(given: string | undefined): string | undefined {
  if (given === undefined || given === "") return undefined;
  if (given.length <= 256) return given;
  throw new ChannelRejected(400, "The subject is too long.");
}
