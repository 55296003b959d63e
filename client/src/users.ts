import { path, type Send } from "./send.ts";
import type { AnswerOf, Authenticator, BodyOf, CallOptions, Enrollment, QueryOf, User } from "./types.ts";

/** The people of the organization. */
export interface Users {
  create(body: BodyOf<"users.create">, options?: CallOptions): Promise<AnswerOf<"users.create">>;
  list(query?: QueryOf<"users.list">, options?: CallOptions): Promise<AnswerOf<"users.list">>;
  get(id: string, options?: CallOptions): Promise<User>;
  /** Fields not given stay as they are; null empties one. */
  update(id: string, body: BodyOf<"users.update">, options?: CallOptions): Promise<User>;
  /** With all authenticators; what is pending is canceled. */
  delete(id: string, options?: CallOptions): Promise<void>;
  /** Also what verifications, conversations, messages and audit events say of the person. */
  erase(id: string, options?: CallOptions): Promise<void>;
}

/** The authenticators of one user. */
export interface Authenticators {
  list(user: string, options?: CallOptions): Promise<AnswerOf<"authenticators.list">>;
  /** A number or address that you vouch for; active at once. */
  create(
    user: string,
    body: BodyOf<"authenticators.create">,
    options?: CallOptions,
  ): Promise<AnswerOf<"authenticators.create">>;
  revoke(user: string, authenticator: string, options?: CallOptions): Promise<void>;
  /** Clears the failures of one that was disabled. */
  enable(
    user: string,
    authenticator: string,
    body: BodyOf<"authenticators.enable">,
    options?: CallOptions,
  ): Promise<Authenticator>;
}

/** Numbers and addresses of verifications by `to`. */
export interface Destinations {
  /** Clears the failures that were counted on one. */
  enable(body: BodyOf<"destinations.enable">, options?: CallOptions): Promise<void>;
}

export function destinations(send: Send): Destinations {
  return {
    enable: (body, options) => send({ method: "POST", path: "/v1/destinations/enable", body, ...options }),
  };
}

/** Adding authenticators that the person confirms. */
export interface Enrollments {
  begin(user: string, body: BodyOf<"enrollments.begin">, options?: CallOptions): Promise<Enrollment>;
  confirm(
    user: string,
    enrollment: string,
    body: BodyOf<"enrollments.confirm">,
    options?: CallOptions,
  ): Promise<AnswerOf<"enrollments.confirm">>;
}

export function users(send: Send): Users {
  return {
    create: (body, options) => send({ method: "POST", path: "/v1/users", body, ...options }),
    list: (query, options) => send({ method: "GET", path: "/v1/users", query, ...options }),
    get: (id, options) => send({ method: "GET", path: path`/v1/users/${id}`, ...options }),
    update: (id, body, options) => send({ method: "PATCH", path: path`/v1/users/${id}`, body, ...options }),
    delete: (id, options) => send({ method: "DELETE", path: path`/v1/users/${id}`, ...options }),
    erase: (id, options) => send({ method: "POST", path: path`/v1/users/${id}/erase`, ...options }),
  };
}

export function authenticators(send: Send): Authenticators {
  return {
    list: (user, options) =>
      send({ method: "GET", path: path`/v1/users/${user}/authenticators`, ...options }),
    create: (user, body, options) =>
      send({ method: "POST", path: path`/v1/users/${user}/authenticators`, body, ...options }),
    revoke: (user, authenticator, options) =>
      send({
        method: "DELETE",
        path: path`/v1/users/${user}/authenticators/${authenticator}`,
        ...options,
      }),
    enable: (user, authenticator, body, options) =>
      send({
        method: "POST",
        path: path`/v1/users/${user}/authenticators/${authenticator}/enable`,
        body,
        ...options,
      }),
  };
}

export function enrollments(send: Send): Enrollments {
  return {
    begin: (user, body, options) =>
      send({ method: "POST", path: path`/v1/users/${user}/enrollments`, body, ...options }),
    confirm: (user, enrollment, body, options) =>
      send({
        method: "POST",
        path: path`/v1/users/${user}/enrollments/${enrollment}/confirm`,
        body,
        ...options,
      }),
  };
}
