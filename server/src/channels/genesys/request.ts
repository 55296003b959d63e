import { ChannelRejected, type ChannelRequest } from "../channel.ts";
import { formText, parametersIn } from "../parameters.ts";
import { conversationNamed } from "../turns.ts";
import { xmlParameters } from "./xml-body.ts";

/** What a request says, by the names of its parameters in any case. */
export interface Parameters {
  /** Undefined for one that is not there, or empty. */
  get(name: string): string | undefined;
  /** `SessionID`: what ties the requests of one call together, where the flow has it. */
  readonly session?: string | undefined;
}

const xmlType = /^(?:text|application)\/xml\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * The parameters of query and body (form or XML) together; where both name one, the body counts. A name that occurs twice in
 * one place is refused, since neither value can be preferred.
 *
 * @throws ChannelRejected 400, or 415 for a body of another type.
 */
export function readParameters(request: ChannelRequest): Parameters {
  const all = new Map([...byName(parametersIn(request.query)), ...byName(bodyOf(request))]);
  const get = (name: string) => all.get(name.toLowerCase()) || undefined;
  return { get, session: conversationNamed(get("SessionID")) };
}

function bodyOf(request: ChannelRequest): Iterable<readonly [string, string]> {
  if (!xmlType.test(request.headers["content-type"] ?? "")) return parametersIn(formText(request));
  return request.body.length === 0 ? [] : xmlParameters(request.body);
}

function byName(given: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of given) {
    const plain = name.toLowerCase();
    if (found.has(plain)) throw new ChannelRejected(400, "A parameter is given twice.");
    found.set(plain, value.trim());
  }
  return found;
}
