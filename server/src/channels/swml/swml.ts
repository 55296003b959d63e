import { createHmac } from "node:crypto";
import { type Static, Type } from "typebox";
import type { Input, Reply, Turn } from "../../dialogue/model.ts";
import { paced, plainText } from "../../dialogue/phrases/plain.ts";
import { validateDialogue } from "../../dialogue/validate.ts";
import { matches } from "../../json/matches.ts";
import { demandKey, isSameText, leastKeyLength } from "../access.ts";
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
import { jsonAnswer, jsonBodyOf } from "../json.ts";
import { isSignedBySignalwire } from "../signalwire-signature.ts";
import { regionalTag } from "../speech.ts";
import { conversationNamed } from "../turns.ts";
import { swmlDocument } from "./document.ts";
import { type SwmlSettings, swmlSettings } from "./settings.ts";

/** A SWML document for SignalWire, and the turns that it asks for during the call. */
export const swml: ConversationChannel<SwmlSettings> = {
  id: "swml",
  title: "SWML (SignalWire)",
  settings: swmlSettings,
  validate: validateDialogue,
  authenticate,
  receive: (request, publication, tools) =>
    request.path === "" ? answerDocument(request, publication, tools) : receiveTurn(request, publication),
  respond,
  fail: () => turnAnswer(over),
  // The document goes by what the answer says; a refusal must not leave it with the answer before.
  refuse: ({ status, headers }) => jsonAnswer(status, over, headers),
};

async function authenticate(
  request: ChannelRequest,
  publication: Published<SwmlSettings>,
  tools: ChannelTools,
): Promise<void> {
  const { access, signingKey } = publication.settings;
  const { headers, path } = request;
  if (path === "/turn") {
    const expected = await turnKeyOf(publication, tools);
    if (isSameText(headers["x-countersign-key"] ?? "", expected)) return;
    throw new ChannelRejected(401, "A valid key is needed.");
  }
  if (signingKey === undefined) return demandKey(request, access, publication, tools);
  const key = await tools.secretOf(publication.organization, signingKey);
  if (!isSignedBySignalwire(request, publication, key)) {
    throw new ChannelRejected(403, "The signature is missing or wrong.");
  }
}

/** Stands in the documents, so it is not the key itself: it opens the turns of this publication and nothing else. */
async function turnKeyOf(publication: Published<SwmlSettings>, tools: ChannelTools): Promise<string> {
  const key = await tools.secretOf(publication.organization, publication.settings.access);
  if (key.length < leastKeyLength) throw new ChannelRejected(401, "A valid key is needed.");
  return createHmac("sha256", key).update(`swml turns|${publication.id}`).digest("base64url");
}

async function answerDocument(
  request: ChannelRequest,
  publication: Published<SwmlSettings>,
  tools: ChannelTools,
): Promise<ChannelResponse> {
  if (request.method !== "GET" && request.method !== "POST") {
    throw new ChannelRejected(405, "Only GET and POST.", { allow: "GET, POST" });
  }
  const turnKey = await turnKeyOf(publication, tools);
  const asked = new URLSearchParams(request.query);
  const given = request.body.length === 0 ? {} : paramsOf(jsonBodyOf(request));
  return jsonAnswer(
    200,
    swmlDocument(
      {
        turnKey,
        subject: literal(given["subject"] ?? asked.get("subject")),
        locale: localeOf(literal(given["lang"] ?? asked.get("lang"))),
        variables: variablesOf(given),
      },
      publication,
    ),
  );
}

/** The parameters that an `execute` of the calling document gives. */
function paramsOf({ params }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof params === "object" && params !== null ? (params as Record<string, unknown>) : {};
}

const mostVariables = 20;

/** Every other text among the parameters is a variable of the calling flow. */
function variablesOf(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const texts = Object.entries(given).flatMap(([name, value]): [string, string][] => {
    const text = name === "subject" || name === "lang" ? undefined : literal(value);
    return text === undefined || literal(name) === undefined ? [] : [[name, text]];
  });
  if (texts.length > mostVariables) throw new ChannelRejected(400, "There are too many parameters.");
  return Object.fromEntries(texts);
}

/** A text that stands in the document as it is: nothing in it is a variable of the platform. */
function literal(given: unknown): string | undefined {
  if (typeof given !== "string" || given === "") return undefined;
  if (given.length <= 256 && !/[$%]\{/.test(given)) return given;
  throw new ChannelRejected(400, "A parameter cannot stand in a document.");
}

const optionalText = Type.Optional(Type.String({ maxLength: 1_000 }));
const TurnBody = Type.Object({
  call_id: Type.String(),
  event: Type.String({ maxLength: 64 }),
  step: optionalText,
  value: optionalText,
  confidence: optionalText,
  star: optionalText,
  from: optionalText,
  to: optionalText,
  subject: optionalText,
  lang: optionalText,
  variables: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 1_000 }))),
});

/**
 * A variable that stands alone in the document keeps its type when the platform fills it in: what came as a number comes back as
 * one, and what has no value may be null. An answer is always text; as a number it would have lost its zeros.
 */
function asFilled(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const numbers = ["step", "confidence"];
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      if (value === null) return [];
      return [[name, typeof value === "number" && numbers.includes(name) ? `${value}` : value]];
    }),
  );
}

function receiveTurn(request: ChannelRequest, { settings }: Published<SwmlSettings>): Received {
  if (request.path !== "/turn") throw new ChannelRejected(404, "There is no such thing here.");
  if (request.method !== "POST") throw new ChannelRejected(405, "Only POST.", { allow: "POST" });
  const body = asFilled(jsonBodyOf(request));
  if (!matches(TurnBody, body)) throw new ChannelRejected(400, "This is not a turn.");
  const conversation = conversationNamed(body.call_id);
  if (conversation === undefined) throw new ChannelRejected(400, "call_id is missing.");
  const manner = mannerOf(settings.input);
  if (body.event === "start") return { ...startTurn(conversation, body), manner };
  const step = /^[0-9]{1,6}$/.test(body.step ?? "") ? Number(body.step) : undefined;
  const input = withStar(body.star, inputOf(body, settings));
  if (input === undefined) return turnAnswer({ kind: "star", step: body.step });
  return { conversation, step, input, manner };
}

function startTurn(
  conversation: string,
  { subject, lang, from, to, variables }: Static<typeof TurnBody>,
): Turn {
  return {
    conversation,
    input: { kind: "start" },
    subject: subject || undefined,
    locale: localeOf(lang),
    caller: numberOf(from),
    called: numberOf(to),
    variables,
  };
}

/** The value may be an older one after silence: the event is looked at first. */
function inputOf(
  { event, value = "", confidence }: Static<typeof TurnBody>,
  { minConfidence }: SwmlSettings,
): Input {
  switch (event) {
    case "match_digits":
      return keysHeard(value);
    case "match_speech":
      return speechHeard(value, { confidence, least: minConfidence });
    case "no_input":
      return { kind: "silence" };
    case "hangup":
      return { kind: "hangup" };
    default:
      return { kind: "no_match" };
  }
}

/** What the document's `switch` and prompts use. */
interface TurnAnswer {
  readonly kind: "choice" | "code" | "star" | "done" | "silent_done";
  readonly step?: number | string | undefined;
  readonly say?: string;
  readonly language?: string;
  readonly max_digits?: number;
  readonly path?: string;
  readonly conversation?: string;
  readonly verification?: string;
  readonly receipt?: string;
}

function respond(reply: Reply): ChannelResponse {
  const { done, expect, conversation, step } = reply;
  const common = { step, conversation, say: wordsOf(reply), language: regionalTag(reply.locale) };
  if (done !== undefined) {
    const { path, verification = "", receipt = "" } = done;
    const kind = common.say === "" ? "silent_done" : "done";
    return turnAnswer({ ...common, kind, path, verification, receipt });
  }
  switch (expect.kind) {
    case "choice":
      return turnAnswer({ ...common, kind: "choice", max_digits: 1 });
    case "code":
      return turnAnswer({ ...common, kind: "code", max_digits: expect.maxDigits });
    case "nothing":
      return turnAnswer({ ...common, kind: "silent_done", path: "error" });
  }
}

/** Plain words; nothing in them is a variable of the platform. */
function wordsOf({ say, pace }: Reply): string {
  return plainText(paced(say, pace), "spoken").replaceAll(/[{}]/g, " ");
}

const over: TurnAnswer = { kind: "silent_done", path: "error" };

function turnAnswer(answer: TurnAnswer): ChannelResponse {
  return jsonAnswer(200, answer);
}
