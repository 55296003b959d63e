import { isCountersignError } from "../engine/errors.ts";
import { parseJsonBody } from "../json/parse.ts";
import { ChannelRejected, type ChannelRequest, type ChannelResponse } from "./channel.ts";

const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/** Who may ask and what is asked are found in the same body. */
const read = new WeakMap<ChannelRequest, Readonly<Record<string, unknown>>>();

/**
 * The JSON object in a request's body, as strictly as the API takes it (I-JSON).
 *
 * @throws ChannelRejected 400, or 415 for another media type.
 */
export function jsonBodyOf(request: ChannelRequest): Readonly<Record<string, unknown>> {
  const { headers, body } = request;
  const known = read.get(request);
  if (known !== undefined) return known;
  if (!jsonType.test(headers["content-type"] ?? "")) {
    throw new ChannelRejected(415, "The body must be application/json in UTF-8.");
  }
  try {
    const found = parseJsonBody(body);
    read.set(request, found);
    return found;
  } catch (error) {
    if (isCountersignError(error)) throw new ChannelRejected(400, error.message);
    throw error;
  }
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ChannelResponse {
  const type = { "content-type": "application/json; charset=utf-8" };
  return { status, headers: { ...headers, ...type }, body: JSON.stringify(body) };
}
