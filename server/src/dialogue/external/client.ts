import type { OutboundFetch } from "../../delivery/provider.ts";
import type { WebServicesInForce } from "../settings.ts";
import { readServiceAnswer, type ServiceAnswer } from "./xml-answer.ts";

/** The three services by the member of `ws` that names their URLs, with the root element of their answers. */
const roots = {
  checkMethods: "checkVerifiedContactMethods",
  sendCode: "sendAuthenticationCode",
  verifyCode: "codeAuthentication",
} as const;
export type ServiceName = keyof typeof roots;

/** Who is asked about, and for which run. */
export interface Customer {
  /** Value of `ws.customerParam`. */
  readonly id?: string | undefined;
  /** Our id of the conversation: it ties the calls of one run together. */
  readonly session: string;
  readonly caller?: string | undefined;
  readonly called?: string | undefined;
}

export interface ServiceTools {
  readonly fetch: OutboundFetch;
  readonly settings: WebServicesInForce;
  readonly environment: "test" | "production";
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
}

/** What every failure means: no answer in time, another status than 2xx, a redirect, no XML, the wrong one. */
const failed: ServiceAnswer = { status: "error", methods: [] };

/**
 * Calls one of the customer's services, once, within `ws.timeoutMs`. Never throws. The status is told in lower case where it is
 * one of the words with a meaning, and as it was written otherwise.
 */
export async function callService(
  service: ServiceName,
  parameters: Readonly<Record<string, string>>,
  customer: Customer,
  tools: ServiceTools,
): Promise<ServiceAnswer> {
  const { settings, environment, authorization } = tools;
  const url = settings[service]?.[environment];
  if (url === undefined) return failed;
  const form = new URLSearchParams(allParameters(parameters, customer, settings)).toString();
  const isGet = settings.method === "GET";
  try {
    const answer = await tools.fetch(isGet ? withQuery(url, form) : url, {
      method: settings.method,
      headers: {
        accept: "text/xml, application/xml",
        ...(!isGet && { "content-type": "application/x-www-form-urlencoded; charset=utf-8" }),
        ...(authorization !== undefined && { authorization }),
      },
      body: isGet ? undefined : form,
      timeoutMs: settings.timeoutMs,
      ca: settings.ca,
    });
    if (answer.status < 200 || answer.status > 299) return failed;
    const read = readServiceAnswer(answer.body, roots[service]);
    return read === undefined ? failed : { ...read, status: knownStatus(read.status) };
  } catch {
    // Refused by the guard, unreachable, too slow, cut off, too long: to the caller they are all the same.
    return failed;
  }
}

function allParameters(
  own: Readonly<Record<string, string>>,
  { id, session, caller, called }: Customer,
  { customerParam, extraParams }: WebServicesInForce,
): Record<string, string> {
  return {
    ...extraParams,
    ...(id !== undefined && { [customerParam]: id }),
    SessionID: session,
    ...(caller !== undefined && { CLI: caller }),
    ...(called !== undefined && { DNIS: called }),
    ...own,
  };
}

function withQuery(url: string, query: string): string {
  const target = new URL(url);
  target.search = target.search === "" ? query : `${target.search}&${query}`;
  return target.href;
}

const knownStatuses = ["success", "not found", "incorrect code", "error"];

function knownStatus(status: string): string {
  const word = status.toLowerCase().replace(/\s+/g, " ");
  return knownStatuses.includes(word) ? word : status;
}
