import {
  type Act,
  type Calling,
  type Ended,
  fetching,
  listeningTo,
  playing,
  Refused,
  type WebAnswer,
} from "./model.ts";
import { jsonRequest } from "./web.ts";

/** A bot that hands on what a person types (docs/channels/chat.md). */
export interface ChatCall {
  readonly url: string;
  /** API key, or the publication's own. */
  readonly key: string;
  /** The bot's id of the conversation. */
  readonly id: string;
  readonly subject?: string | undefined;
  readonly caller?: string | undefined;
  readonly locale?: string | undefined;
}

interface Message {
  readonly step: number;
  readonly say: string;
  readonly expect: { readonly kind: string };
  readonly done?: Readonly<Record<string, unknown>>;
}

export function* chatCall(call: ChatCall): Calling {
  const { subject, caller, locale } = call;
  let message = yield* send({ subject, caller, locale }, call);
  for (;;) {
    yield* playing(message.say === "" ? [] : [{ kind: "words", text: message.say }]);
    if (message.done !== undefined) return endOf(message.done);
    if (message.expect.kind === "nothing") throw new Refused("Nothing is expected, and it is not over.");
    const act = yield* listeningTo({ timeoutMs: 60_000, enough: () => undefined, hearsWords: true });
    message = yield* send({ step: message.step, input: inputOf(act) }, call);
  }
}

function inputOf(act: Act): unknown {
  switch (act.kind) {
    case "keys":
      return act.keys;
    case "words":
      return act.text;
    default:
      return { event: act.kind };
  }
}

function* send(more: object, { url, key, id }: ChatCall): Calling<Message> {
  const headers = { authorization: `Bearer ${key}` };
  const answer = yield* fetching(jsonRequest(url, { conversation: id, ...more }, headers));
  return messageIn(answer);
}

function messageIn({ status, body }: WebAnswer): Message {
  if (status !== 200) throw new Refused(`The publication answered with status ${status}.`);
  return JSON.parse(body) as Message;
}

function endOf(done: Readonly<Record<string, unknown>>): Ended {
  const values = Object.entries(done).map(([name, value]) => [name, String(value)]);
  return { how: "returned", values: Object.fromEntries(values) };
}
