import { ChannelRejected, type ChannelRequest } from "./channel.ts";

/** More than any platform sends. */
const mostParameters = 100;

const formType = /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The parameters of query and form body together; where both name one, the body counts. A name that occurs twice in one
 * place is refused, since neither value can be preferred.
 *
 * @throws ChannelRejected 400, or 415 for a body that is no form in UTF-8.
 */
export function parametersOf(request: ChannelRequest): ReadonlyMap<string, string> {
  return new Map([...parametersIn(request.query), ...parametersIn(formText(request))]);
}

/**
 * The text of a form body; empty without one.
 *
 * @throws ChannelRejected 400, or 415 for a body that is no form in UTF-8.
 */
export function formText({ headers, body }: ChannelRequest): string {
  if (body.length === 0) return "";
  if (!formType.test(headers["content-type"] ?? "")) {
    throw new ChannelRejected(415, "The body must be application/x-www-form-urlencoded in UTF-8.");
  }
  return utf8(body);
}

/** @throws ChannelRejected 400 */
export function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ChannelRejected(400, "The body is not UTF-8.");
  }
}

/**
 * The parameters of a query or of a form.
 *
 * @throws ChannelRejected 400 for a name that occurs twice, or too many.
 */
export function parametersIn(text: string): ReadonlyMap<string, string> {
  const all = new URLSearchParams(text);
  if (all.size > mostParameters) throw new ChannelRejected(400, "There are too many parameters.");
  const found = new Map(all);
  if (found.size !== all.size) throw new ChannelRejected(400, "A parameter is given twice.");
  return found;
}
