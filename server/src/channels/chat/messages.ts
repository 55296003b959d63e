import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { type Input, type Reply, type Turn, wishes } from "../../dialogue/model.ts";
import { plainText } from "../../dialogue/phrases/plain.ts";
import { parseAddress } from "../../engine/policy/sending-source.ts";
import { matches } from "../../json/matches.ts";
import { ChannelRejected } from "../channel.ts";
import { keysHeard, localeOf, numberOf, speechHeard } from "../heard.ts";
import { conversationNamed } from "../turns.ts";
import type { ChatSettings } from "./settings.ts";

const closed = { additionalProperties: false };
const text = Type.String({ maxLength: 1_000 });

const InputSchema = Type.Union([
  text,
  Type.Object({ keys: Type.String({ maxLength: 100 }) }, closed),
  Type.Object({ speech: text, confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })) }, closed),
  Type.Object({ wish: Type.Enum([...wishes]) }, closed),
  Type.Object({ event: Type.Enum(["silence", "no_match", "hangup"]) }, closed),
]);

/** What a bot sends for one turn. Without `input` it begins. */
const Message = Type.Object(
  {
    conversation: Type.String(),
    step: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999 })),
    input: Type.Optional(InputSchema),
    locale: Type.Optional(Type.String({ maxLength: 64 })),
    subject: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    caller: Type.Optional(Type.String({ maxLength: 64 })),
    called: Type.Optional(Type.String({ maxLength: 64 })),
    source: Type.Optional(Type.String({ maxLength: 64 })),
    variables: Type.Optional(Type.Record(Type.String(), text, { maxProperties: 100 })),
  },
  closed,
);

/** @throws ChannelRejected 400 naming the first field that is wrong, and no value. */
export function turnOf(body: unknown, settings: Pick<ChatSettings, "minConfidence">): Turn {
  if (!matches(Message, body)) throw new ChannelRejected(400, problemOf(body));
  const { step, input, locale, subject, caller, called, source, variables } = body;
  const conversation = conversationNamed(body.conversation);
  if (conversation === undefined) throw new ChannelRejected(400, "conversation: is empty.");
  if (source !== undefined && parseAddress(source) === undefined) {
    throw new ChannelRejected(400, "source: is not an IP address.");
  }
  return {
    conversation,
    step,
    input: inputOf(input, settings),
    locale: localeOf(locale),
    subject,
    caller: numberOf(caller),
    called: numberOf(called),
    source,
    variables,
  };
}

function problemOf(body: unknown): string {
  const known = Object.keys(Message.properties);
  const unknown = Object.keys(body ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) return "The body has a field that is not known.";
  const [first] = Value.Errors(Message, body);
  const field = first?.instancePath.split("/")[1];
  return field === undefined || field === "" ? "conversation: is required." : `${field}: is not valid.`;
}

function inputOf(
  input: Static<typeof InputSchema> | undefined,
  { minConfidence: least }: Pick<ChatSettings, "minConfidence">,
): Input {
  if (input === undefined) return { kind: "start" };
  if (typeof input === "string")
    return input.trim() === "" ? { kind: "silence" } : { kind: "text", text: input };
  if ("keys" in input) return keysHeard(input.keys);
  if ("speech" in input) return speechHeard(input.speech, { confidence: input.confidence, least });
  if ("wish" in input) return { kind: "wish", wish: input.wish };
  return { kind: input.event };
}

/** What the bot gets: what to say, what may be answered, and at the end what came of it. */
export function messageOf(reply: Reply, turn: Turn): unknown {
  const { step, locale, say, expect, done } = reply;
  return {
    conversation: turn.conversation,
    step,
    say: plainText(say, "read"),
    locale,
    expect,
    ...(done !== undefined && { done }),
  };
}
