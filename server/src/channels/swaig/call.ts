import { isDeepStrictEqual } from "node:util";
import { isCountersignError } from "../../engine/errors.ts";
import { parseJsonBody } from "../../json/parse.ts";
import type { ChannelRequest } from "../channel.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A function that the model calls, as the platform tells it. */
export interface FunctionCall {
  readonly kind: "function";
  readonly name: string;
  /** What the model gave; undefined where it cannot be told what it gave. */
  readonly arguments: Fields | undefined;
  /** The platform's id of the call, or of the chat; undefined: a tool that tells none. */
  readonly conversation: string | undefined;
  /** Number or address of the caller as the platform tells it; it proves nothing. */
  readonly caller: string | undefined;
  /** The mark that our last answer left in the meta data: with it, no two calls of a conversation have the same body. */
  readonly turn: string | undefined;
}

export type PlatformRequest =
  | FunctionCall
  /** The platform asks which functions there are; empty: all. */
  | { readonly kind: "signature"; readonly functions: readonly string[] }
  | { readonly kind: "unreadable" };

/** What the platform posts to `/swaig`; whatever its media type, the body is JSON. A function goes before an action. */
export function readPlatformRequest({ body }: Pick<ChannelRequest, "body">): PlatformRequest {
  const fields = fieldsIn(body);
  if (fields === undefined) return { kind: "unreadable" };
  const name = textOf(fields["function"]);
  if (name !== undefined) return functionCall(name, fields);
  if (fields["action"] !== "get_signature") return { kind: "unreadable" };
  const { functions } = fields;
  const wanted = Array.isArray(functions) ? functions.filter((one) => typeof one === "string") : [];
  return { kind: "signature", functions: wanted };
}

/** The JSON object in a body; undefined when there is none. */
export function fieldsIn(body: Uint8Array): Fields | undefined {
  try {
    return parseJsonBody(body);
  } catch (error) {
    if (isCountersignError(error)) return undefined;
    throw error;
  }
}

function functionCall(name: string, fields: Fields): FunctionCall {
  const id = fields["call_id"] ?? fields["ai_session_id"] ?? fields["conversation_id"];
  const mark = fieldsOf(fieldsOf(fields["meta_data"])?.["countersign"])?.["turn"];
  return {
    kind: "function",
    name,
    arguments: argumentsOf(fields["argument"]),
    conversation: idOf(id),
    caller: textOf(fields["caller_id_num"] ?? fields["caller_id_number"] ?? fields["caller_id"]),
    turn: textOf(mark),
  };
}

function idOf(given: unknown): string | undefined {
  const text = textOf(given);
  return text !== undefined && /^[\x21-\x7e]{1,128}$/.test(text) ? text : undefined;
}

/**
 * The platform sends `{parsed: [{…}], raw: "…"}`, test tools the parsed half of it or the plain object. Where the two halves
 * disagree, or there are two answers, nobody knows what the model meant.
 */
function argumentsOf(given: unknown): Fields | undefined {
  if (given === undefined || given === null) return {};
  const argument = fieldsOf(given);
  if (argument === undefined) return undefined;
  const { parsed, raw } = argument;
  const written = typeof raw === "string" ? fieldsIn(Buffer.from(raw)) : undefined;
  if (parsed !== undefined) {
    const [only, ...others] = Array.isArray(parsed) ? parsed : [parsed];
    const meant = fieldsOf(only);
    const isClear =
      others.length === 0 && (written === undefined || isDeepStrictEqual({ ...meant }, { ...written }));
    return isClear ? meant : undefined;
  }
  if (raw !== undefined) return written;
  return argument;
}

export function fieldsOf(given: unknown): Fields | undefined {
  return typeof given === "object" && given !== null && !Array.isArray(given) ? (given as Fields) : undefined;
}

export function textOf(given: unknown): string | undefined {
  return typeof given === "string" && given !== "" ? given : undefined;
}
