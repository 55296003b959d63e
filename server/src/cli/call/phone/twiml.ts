import { childrenNamed, type Element, elementsOf, parseMarkup, textOf } from "./markup.ts";
import {
  type Act,
  type Calling,
  type Ended,
  fetching,
  listeningTo,
  playing,
  Refused,
  upTo,
  type WebAnswer,
  type WebRequest,
  withoutEnd,
} from "./model.ts";
import { signedByTwilio } from "./signing.ts";
import { soundsIn } from "./speech.ts";
import { formRequest } from "./web.ts";

/** A call on Twilio, or on a platform that took over its documents. */
export interface TwimlCall {
  /** Where the number's web-hook points. */
  readonly url: string;
  /** Where the platform says that the call is over. */
  readonly statusUrl?: string | undefined;
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
  /** Given, every request is signed with it. */
  readonly authToken?: string | undefined;
}

/** What one verb leads to: another document, or the end. Undefined: the next verb. */
type Next = { readonly request: WebRequest } | { readonly ended: Ended } | undefined;

/** Far more documents than any dialogue has. */
const mostDocuments = 500;

export function* twimlCall(call: TwimlCall): Calling {
  let request = webHook(call.url, "POST", {}, call);
  for (let documents = 0; documents < mostDocuments; documents += 1) {
    const answer = yield* fetching(request);
    const next = yield* runDocument(answer, call);
    if ("ended" in next) return next.ended;
    if (!isOurs(next.request.url, call)) return wentOn(next.request.url);
    request = next.request;
  }
  throw new Refused("The documents go round in a circle.");
}

function* runDocument(answer: WebAnswer, call: TwimlCall): Calling<Exclude<Next, undefined>> {
  if (answer.status !== 200) throw new Refused(`The web-hook answered with status ${answer.status}.`);
  if (!["text/xml", "application/xml"].includes(answer.type)) {
    throw new Refused(`"${answer.type}" is no media type of TwiML.`);
  }
  const root = parseMarkup(answer.body);
  if (root.name !== "Response") throw new Refused("The document has no <Response>.");
  for (const verb of elementsOf(root)) {
    const next = yield* runVerb(verb, answer.url, call);
    if (next !== undefined) return next;
  }
  return { ended: { how: "hung_up", values: {} } };
}

function* runVerb(verb: Element, base: string, call: TwimlCall): Calling<Next> {
  switch (verb.name) {
    case "Say":
    case "Pause":
    case "Play":
      return yield* play(verb);
    case "Gather":
      return yield* gather(verb, base, call);
    case "Redirect":
      return { request: webHook(new URL(textOf(verb).trim(), base).href, methodOf(verb), {}, call) };
    case "Dial":
      return { ended: { how: "put_through", values: {}, to: dialled(verb) } };
    case "Hangup":
      return { ended: { how: "hung_up", values: {} } };
    default:
      throw new Refused(`<${verb.name}> is no verb that this telephone knows.`);
  }
}

function* play(verb: Element): Calling<undefined> {
  switch (verb.name) {
    case "Pause":
      yield* playing([{ kind: "pause", ms: Number(verb.attributes["length"] ?? 1) * 1_000 }]);
      return undefined;
    case "Play":
      yield* playing([{ kind: "audio", url: textOf(verb).trim() }]);
      return undefined;
    case "Say":
      yield* playing([...soundsIn(verb.children), { kind: "pause", ms: 200 }]);
      return undefined;
    default:
      throw new Refused(`<${verb.name}> cannot stand in <Gather>.`);
  }
}

function* gather(verb: Element, base: string, call: TwimlCall): Calling<Next> {
  const { attributes } = verb;
  for (const inner of elementsOf(verb)) yield* play(inner);
  const { hearsKeys, hearsWords } = inputsOf(attributes["input"] ?? "dtmf");
  const end = attributes["finishOnKey"] ?? "#";
  const most = Number(attributes["numDigits"] ?? Number.POSITIVE_INFINITY);
  const timeoutMs = Number(attributes["timeout"] ?? 5) * 1_000;
  const act = yield* listeningTo({ timeoutMs, enough: upTo(most, end), hearsWords });
  if (act.kind === "hangup") return yield* over(call);
  const given = givenBy(act, { end, hearsKeys, hearsWords });
  if (given === undefined && attributes["actionOnEmptyResult"] !== "true") return undefined;
  // Without an action the same document is asked for again.
  const action = new URL(attributes["action"] ?? call.url, base).href;
  return { request: webHook(action, methodOf(verb), given ?? { Digits: "" }, call) };
}

function inputsOf(input: string) {
  const words = input.split(/\s+/);
  return { hearsKeys: words.includes("dtmf"), hearsWords: words.includes("speech") };
}

interface Gathering {
  readonly end: string;
  readonly hearsKeys: boolean;
  readonly hearsWords: boolean;
}

function givenBy(
  act: Act,
  { end, hearsKeys, hearsWords }: Gathering,
): Readonly<Record<string, string>> | undefined {
  if (act.kind === "keys" && hearsKeys) {
    const digits = withoutEnd(act.keys, end);
    return digits === "" ? undefined : { Digits: digits };
  }
  if (act.kind === "words" && hearsWords) return { SpeechResult: act.text, Confidence: "0.95" };
  return undefined;
}

/** The caller is gone: the platform says so to its status callback. */
function* over(call: TwimlCall): Calling<Next> {
  if (call.statusUrl !== undefined) {
    yield* fetching(webHook(call.statusUrl, "POST", { CallStatus: "completed", CallDuration: "1" }, call));
  }
  return { ended: { how: "hung_up", values: {} } };
}

function methodOf({ attributes }: Element): "GET" | "POST" {
  return attributes["method"]?.toUpperCase() === "GET" ? "GET" : "POST";
}

function webHook(
  url: string,
  method: "GET" | "POST",
  more: Readonly<Record<string, string>>,
  { callSid, from, to, authToken }: TwimlCall,
): WebRequest {
  const values = {
    CallSid: callSid,
    AccountSid: `AC${"0".repeat(32)}`,
    From: from,
    To: to,
    CallStatus: "in-progress",
    ApiVersion: "2010-04-01",
    Direction: "inbound",
    ...more,
  };
  const request = formRequest(url, method, values);
  return authToken === undefined ? request : signedByTwilio(request, authToken);
}

function isOurs(url: string, call: TwimlCall): boolean {
  return new URL(url).origin === new URL(call.url).origin;
}

/** The call goes on at an address of the calling system: nobody follows it there, and what it carries is the result. */
function wentOn(url: string): Ended {
  const target = new URL(url);
  const values = Object.fromEntries(target.searchParams);
  return { how: "went_on", values, to: `${target.origin}${target.pathname}` };
}

function dialled(verb: Element): string {
  const [inner] = [...childrenNamed(verb, "Sip"), ...childrenNamed(verb, "Number")];
  const to = textOf(inner ?? verb).trim();
  if (to === "") throw new Refused("<Dial> names nobody.");
  return to;
}
