import { parse } from "node:querystring";

/** More than any route knows: a request with more has an unknown one or a repeated one among the first. */
const maxParameters = 50;

/**
 * Query parameters as text. A name given twice stays a list, which no parameter's schema takes: the first or the last is
 * never chosen silently.
 */
export function parseQuery(text: string): Record<string, unknown> {
  return text === "" ? {} : parse(text, "&", "=", { maxKeys: maxParameters });
}
