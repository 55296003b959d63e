import { path, type Send } from "./send.ts";
import type { AnswerOf, BodyOf, CallOptions, QueryOf } from "./types.ts";

/** Addresses of your own that are told of events (Standard Webhooks 1.0). */
export interface Webhooks {
  /** The signing secret stands in this answer only. */
  create(body: BodyOf<"webhooks.create">, options?: CallOptions): Promise<AnswerOf<"webhooks.create">>;
  list(query?: QueryOf<"webhooks.list">, options?: CallOptions): Promise<AnswerOf<"webhooks.list">>;
  get(id: string, options?: CallOptions): Promise<AnswerOf<"webhooks.get">>;
  /** Fields not given stay as they are; null empties one. */
  update(
    id: string,
    body: BodyOf<"webhooks.update">,
    options?: CallOptions,
  ): Promise<AnswerOf<"webhooks.update">>;
  delete(id: string, options?: CallOptions): Promise<void>;
  /** A new secret, in this answer only; the one before signs as well until the overlap ends. */
  rotate(
    id: string,
    body: BodyOf<"webhooks.rotate">,
    options?: CallOptions,
  ): Promise<AnswerOf<"webhooks.rotate">>;
  /** Sends one event of type `webhook.tested`, at once and once. */
  test(id: string, options?: CallOptions): Promise<AnswerOf<"webhooks.test">>;
  /** Sends one event again, or everything since a time. */
  replay(
    id: string,
    body: BodyOf<"webhooks.replay">,
    options?: CallOptions,
  ): Promise<AnswerOf<"webhooks.replay">>;
  /** What it was told, newest event first; `next` is the `before` of the following page. */
  notices(
    id: string,
    query?: QueryOf<"webhooks.notices">,
    options?: CallOptions,
  ): Promise<AnswerOf<"webhooks.notices">>;
}

const at = "/v1/webhooks";

export function webhooks(send: Send): Webhooks {
  return {
    create: (body, options) => send({ method: "POST", path: at, body, ...options }),
    list: (query, options) => send({ method: "GET", path: at, query, ...options }),
    get: (id, options) => send({ method: "GET", path: path`/v1/webhooks/${id}`, ...options }),
    update: (id, body, options) =>
      send({ method: "PATCH", path: path`/v1/webhooks/${id}`, body, ...options }),
    delete: (id, options) => send({ method: "DELETE", path: path`/v1/webhooks/${id}`, ...options }),
    rotate: (id, body, options) =>
      send({ method: "POST", path: path`/v1/webhooks/${id}/secret`, body, ...options }),
    test: (id, options) => send({ method: "POST", path: path`/v1/webhooks/${id}/test`, ...options }),
    replay: (id, body, options) =>
      send({ method: "POST", path: path`/v1/webhooks/${id}/replay`, body, ...options }),
    notices: (id, query, options) =>
      send({ method: "GET", path: path`/v1/webhooks/${id}/notices`, query, ...options }),
  };
}
