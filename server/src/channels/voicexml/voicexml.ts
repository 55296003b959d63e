import type { Input, Turn } from "../../dialogue/model.ts";
import { validateDialogue } from "../../dialogue/validate.ts";
import { demandKeyOrConversation } from "../access.ts";
import {
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type ConversationChannel,
  type Published,
} from "../channel.ts";
import { keysHeard, localeOf, mannerOf, numberOf } from "../heard.ts";
import { parametersOf } from "../parameters.ts";
import { plainRefusal } from "../refusal.ts";
import { conversationNamed, demandConversation, freshConversation, stepAt } from "../turns.ts";
import { errorDocument, replyDocument } from "./documents.ts";
import { type VoicexmlSettings, voicexmlSettings } from "./settings.ts";

/** VoiceXML 2.1 documents for voice platforms that fetch them: Genesys, Cisco, Avaya and their kin. */
export const voicexml: ConversationChannel<VoicexmlSettings> = {
  id: "voicexml",
  title: "VoiceXML 2.1",
  settings: voicexmlSettings,
  validate: (settings) => [...ownProblems(settings), ...validateDialogue(settings)],
  authenticate: (request, publication, tools) =>
    demandKeyOrConversation(request, publication.settings.access, publication, tools),
  receive: (request, publication, tools) => {
    if (request.method !== "GET" && request.method !== "POST") {
      throw new ChannelRejected(405, "Only GET and POST.", { allow: "GET, POST" });
    }
    return request.path === ""
      ? startTurn(request, publication, tools)
      : answerTurn(request, publication, tools);
  },
  respond: (reply, _turn, publication) =>
    documentAnswer(replyDocument(reply, publication), publication.settings),
  fail: ({ settings }) => documentAnswer(errorDocument(settings), settings),
  refuse: refusal,
};

function ownProblems({ ending, returnUrl, resultVariable, returned }: VoicexmlSettings): readonly string[] {
  const names = [resultVariable, ...Object.values(returned)];
  return [
    ...(ending === "submit" && returnUrl === undefined
      ? ["ending: `submit` needs a returnUrl to go back to."]
      : []),
    ...(new Set(names).size < names.length ? ["returned: two values have the same variable."] : []),
  ];
}

/** Parameters of a start that are ours; every other one is a variable of the calling flow. */
const startParameters = ["key", "subject", "customer", "cli", "dnis", "lang", "session", "event"];

function startTurn(
  request: ChannelRequest,
  { settings }: Published<VoicexmlSettings>,
  { services }: ChannelTools,
): Turn {
  const given = parametersOf(request);
  const variables = [...given].filter(([name]) => !startParameters.includes(name));
  return {
    conversation: conversationNamed(given.get("session")) ?? freshConversation(services.random),
    input: { kind: "start" },
    manner: mannerOf(settings.input),
    subject: given.get("subject") || given.get("customer") || undefined,
    caller: numberOf(given.get("cli")),
    called: numberOf(given.get("dnis")),
    locale: localeOf(given.get("lang")),
    variables: Object.fromEntries(variables),
  };
}

async function answerTurn(
  request: ChannelRequest,
  publication: Published<VoicexmlSettings>,
  tools: ChannelTools,
): Promise<Turn> {
  const place = stepAt(request);
  const { externalId } = await demandConversation(place, publication, tools);
  const input = inputOf(parametersOf(request));
  return { conversation: externalId, step: place?.step, input, manner: mannerOf(publication.settings.input) };
}

function inputOf(given: ReadonlyMap<string, string>): Input {
  switch (given.get("event") ?? "input") {
    case "input":
      return keysHeard(given.get("answer"));
    case "hangup":
      return { kind: "hangup" };
    case "noinput":
      return { kind: "silence" };
    default:
      return { kind: "no_match" };
  }
}

function documentAnswer(body: string, { mediaType }: VoicexmlSettings): ChannelResponse {
  return { status: 200, headers: { "content-type": `${mediaType}; charset=utf-8` }, body };
}

/** A status other than 200 raises `error.badfetch` in the caller's document: of a run that is not there it hears a path. */
function refusal(
  rejected: ChannelRejected,
  publication: Published<VoicexmlSettings> | undefined,
): ChannelResponse {
  if (publication !== undefined && rejected.status === 404) {
    return documentAnswer(errorDocument(publication.settings), publication.settings);
  }
  return plainRefusal(rejected);
}
