import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { Scope } from "../engine/settings.ts";
import { demandScope, type Principal } from "./access.ts";
import type { Principals } from "./principals.ts";

const bearer = "Bearer ";

/** A key where it would end up in logs and histories: by parameter name, or by its looks. */
const keyInQuery = /[?&](?:access_token|api[-_]?key|authorization|key|token)=|=cs[a-z]*_(?:live|test)_/iu;

type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

/**
 * The hook that stands before every route with a scope: who is calling, and may they? It runs before the body is read and
 * before anything is looked up; every reason for 401 gives the same answer.
 */
export function authenticateFor(scope: Scope, principals: Principals): RequestHook {
  return (request, _reply, done) => {
    const presented = presentedKey(request);
    const found = presented === undefined ? undefined : principals.find(presented);
    if (!(found instanceof Promise)) {
      admit(found, scope, request, done);
      return;
    }
    found.then((principal) => admit(principal, scope, request, done), done);
  };
}

/** The key of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when there is none or one in the address. */
export function presentedKey(request: Pick<FastifyRequest, "headers" | "url">): string | undefined {
  // RFC 6750 §2.3 lets a server take keys from the query; we refuse even a good header beside one.
  if (request.url.includes("?") && keyInQuery.test(request.url)) return undefined;
  const { authorization } = request.headers;
  return authorization?.startsWith(bearer) ? authorization.slice(bearer.length) : undefined;
}

function admit(
  principal: Principal | undefined,
  scope: Scope,
  request: FastifyRequest,
  done: HookHandlerDoneFunction,
): void {
  if (principal === undefined) {
    done(unauthenticated());
    return;
  }
  try {
    demandScope(principal, scope);
    request.principal = principal;
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

export function unauthenticated(): CountersignError {
  return new CountersignError("unauthenticated", "A valid API key is needed.");
}
