import type { Input, Turn } from "../../dialogue/model.ts";
import { validateDialogue } from "../../dialogue/validate.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type ConversationChannel,
  type Published,
  type Received,
} from "../channel.ts";
import { keysHeard, localeOf, mannerOf, numberOf, speechHeard, withStar } from "../heard.ts";
import { parametersOf } from "../parameters.ts";
import { plainRefusal } from "../refusal.ts";
import { conversationNamed, demandConversation, stepAt } from "../turns.ts";
import { errorDocument, replyDocument, starDocument } from "./documents.ts";
import { authenticate } from "./proof.ts";
import { type TwimlSettings, twimlSettings } from "./settings.ts";

/** TwiML documents for Twilio, SignalWire (cXML), Telnyx (TeXML) and the others that took the language over. */
export const twiml: ConversationChannel<TwimlSettings> = {
  id: "twiml",
  title: "TwiML (Twilio, SignalWire cXML, Telnyx TeXML)",
  settings: twimlSettings,
  validate: (settings) => [...ownProblems(settings), ...validateDialogue(settings)],
  authenticate,
  receive,
  respond: (reply, _turn, publication) => xmlAnswer(replyDocument(reply, publication)),
  fail: ({ settings }) => xmlAnswer(errorDocument(settings)),
  // The call goes on where the settings say, instead of ending in the platform's own words for a broken web-hook.
  refuse: (rejected, publication) =>
    publication !== undefined && rejected.status === 404
      ? xmlAnswer(errorDocument(publication.settings))
      : plainRefusal(rejected),
};

function ownProblems({ paths }: TwimlSettings): readonly string[] {
  return Object.entries(paths).flatMap(([path, exit]) => {
    const ways = Object.values(exit).filter((way) => way !== undefined).length;
    return ways === 1 ? [] : [`paths.${path}: give either dial or redirect.`];
  });
}

function receive(
  request: ChannelRequest,
  publication: Published<TwimlSettings>,
  tools: ChannelTools,
): Received | Promise<Received> {
  if (request.method !== "GET" && request.method !== "POST") {
    throw new ChannelRejected(405, "Only GET and POST.", { allow: "GET, POST" });
  }
  const given = parametersOf(request);
  const call = conversationNamed(given.get("CallSid"));
  if (call === undefined) throw new ChannelRejected(400, "CallSid is missing.");
  if (request.path === "") return startTurn(call, given, { request, publication });
  if (request.path === "/status") return statusTurn(call, given);
  return answer(call, given, { request, publication, tools });
}

/** What the account wrote into the URL: whom it concerns, and variables of the calling flow. */
const ownParameters = ["key", "subject", "lang"];

function startTurn(
  call: string,
  given: ReadonlyMap<string, string>,
  { request, publication }: Omit<Answered, "tools">,
): Turn {
  const asked = new URLSearchParams(request.query);
  const variables = [...asked].filter(([name]) => !ownParameters.includes(name));
  return {
    conversation: call,
    input: { kind: "start" },
    manner: mannerOf(publication.settings.input),
    subject: asked.get("subject") || undefined,
    locale: localeOf(asked.get("lang") ?? undefined),
    caller: numberOf(given.get("From")),
    called: numberOf(given.get("To")),
    variables: Object.fromEntries(variables),
  };
}

const ended = ["completed", "busy", "failed", "no-answer", "canceled"];

/** What the platform's status callback says of a call: only its end is of interest. */
function statusTurn(call: string, given: ReadonlyMap<string, string>): Received {
  if (ended.includes(given.get("CallStatus") ?? "")) return { conversation: call, input: { kind: "hangup" } };
  return { status: 204, headers: {}, body: "" };
}

interface Answered {
  readonly request: ChannelRequest;
  readonly publication: Published<TwimlSettings>;
  readonly tools: ChannelTools;
}

async function answer(
  call: string,
  given: ReadonlyMap<string, string>,
  { request, publication, tools }: Answered,
): Promise<Received> {
  const place = stepAt(request);
  const { id, externalId } = await demandConversation(place, publication, tools);
  // The address of one call is no way into another.
  if (externalId !== call) throw new ChannelRejected(403, "This address belongs to another call.");
  const step = place?.step ?? 0;
  const input = withStar(given.get("star"), inputOf(given, publication.settings));
  if (input === undefined) return xmlAnswer(starDocument({ conversation: id, step }, publication));
  return { conversation: call, step, input, manner: mannerOf(publication.settings.input) };
}

function inputOf(given: ReadonlyMap<string, string>, { minConfidence }: TwimlSettings): Input {
  const keys = given.get("Digits") ?? "";
  const speech = given.get("SpeechResult") ?? "";
  if (keys !== "" || speech === "") return keysHeard(keys);
  return speechHeard(speech, { confidence: given.get("Confidence"), least: minConfidence });
}

function xmlAnswer(body: string): ChannelResponse {
  return { status: 200, headers: { "content-type": "text/xml; charset=utf-8" }, body };
}
