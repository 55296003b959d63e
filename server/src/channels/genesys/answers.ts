import { element, xmlDocument } from "../../xml/emit.ts";
import type { ChannelResponse } from "../channel.ts";

/** The three web services, each by the last part of its address, which is also the root of its answers. */
export const webServices = [
  "checkVerifiedContactMethods",
  "sendAuthenticationCode",
  "codeAuthentication",
] as const;
export type WebService = (typeof webServices)[number];

/** A method as the list names it. */
export const methodNames = ["email", "SMS", "authenticator"] as const;
export type MethodName = (typeof methodNames)[number];

export interface ListedMethod {
  readonly name: MethodName;
  readonly value?: string | undefined;
}

/** What a service says: `success`, `not found`, `incorrect code`, `error`, or the path to follow. */
export interface Said {
  readonly status: string;
  readonly methods?: readonly ListedMethod[] | undefined;
}

/** Elements and attributes as the MicroApp reads them. `failed` is the root where no service was asked for. */
export function answerOf(service: WebService | "failed", { status, methods }: Said): ChannelResponse {
  const listed = methods?.map(({ name, value }) => element("method", { name, value }));
  const children = [
    element("status", {}, [status]),
    ...(listed === undefined ? [] : [element("methods", {}, listed)]),
  ];
  return {
    status: 200,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: xmlDocument(element(service, {}, children)),
  };
}
