import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { Scope } from "../engine/settings.ts";
import { holdsScope, type Principal, scopeMissing } from "./access.ts";
import type { Principals } from "./principals.ts";

const bearer = "Bearer ";

/** A key where it would end up in logs and histories: by parameter name, or by its looks. */
const keyInQuery = /[?&](?:access_token|api[-_]?key|authorization|key|token)=|=cs[a-z]*_(?:live|test)_/iu;

type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/**
 * Who is calling, and may they? It stands before streams, which take no place of a request in flight; before every other route
 * with a scope stands the gate. Both run before the body is read and before anything is looked up; every reason for 401 gives the same answer.
 */
export function authenticateFor(scope: Scope, principals: Principals): RequestHook {
  return (request, _reply, done) => {
    const presented = presentedKey(request);
    const found = presented === undefined ? undefined : principals.find(presented);
    if (!(found instanceof Promise)) {
      done(identify(found, scope, request));
      return;
    }
    found.then((principal) => done(identify(principal, scope, request)), done);
  };
}

/** The key of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when there is none or one in the address. */
export function presentedKey(request: Pick<FastifyRequest, "headers" | "url">): string | undefined {
  // RFC 6750 §2.3 lets a server take keys from the query; we refuse even a good header beside one.
  if (request.url.includes("?") && keyInQuery.test(request.url)) return undefined;
  const { authorization } = request.headers;
  return authorization?.startsWith(bearer) ? authorization.slice(bearer.length) : undefined;
}

/** Notes who is calling; the refusal when it is nobody, or they may not. */
export function identify(
  principal: Principal | undefined,
  scope: Scope,
  request: FastifyRequest,
): CountersignError | undefined {
  if (principal === undefined) return unauthenticated();
  if (!holdsScope(principal, scope)) return scopeMissing(scope);
  request.principal = principal;
  return undefined;
}

export function unauthenticated(): CountersignError {
  return new CountersignError("unauthenticated", "A valid API key is needed.");
}
