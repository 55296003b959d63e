import type { Send } from "./send.ts";
import type { AnswerOf, CallOptions, QueryOf } from "./types.ts";

/** The record of what happened. */
export interface Audit {
  /** Newest first; `next` is the `before` of the following page. */
  list(query?: QueryOf<"audit.list">, options?: CallOptions): Promise<AnswerOf<"audit.list">>;
}

/** The simulated phone and mailbox. */
export interface Inbox {
  /** Newest first. Refused with `not_found` where the organization does not send to it. */
  list(query?: QueryOf<"inbox.list">, options?: CallOptions): Promise<AnswerOf<"inbox.list">>;
}

/** Health and public keys; no key is needed. */
export interface Ops {
  health(options?: CallOptions): Promise<AnswerOf<"ops.health">>;
  ready(options?: CallOptions): Promise<AnswerOf<"ops.ready">>;
  /** The keys that receipts are signed with (RFC 7517), for checking them offline. */
  jwks(options?: CallOptions): Promise<AnswerOf<"ops.jwks">>;
}

export function audit(send: Send): Audit {
  return { list: (query, options) => send({ method: "GET", path: "/v1/audit", query, ...options }) };
}

export function inbox(send: Send): Inbox {
  return { list: (query, options) => send({ method: "GET", path: "/v1/inbox", query, ...options }) };
}

export function ops(send: Send): Ops {
  return {
    health: (options) => send({ method: "GET", path: "/healthz", ...options }),
    ready: (options) => send({ method: "GET", path: "/readyz", ...options }),
    jwks: (options) => send({ method: "GET", path: "/.well-known/jwks.json", ...options }),
  };
}
