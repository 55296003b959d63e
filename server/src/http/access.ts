import type { FastifyRequest } from "fastify";
import { CountersignError, type ErrorCode } from "../engine/errors.ts";
import type { AppId, OrganizationId } from "../engine/model.ts";
import type { Scope } from "../engine/settings.ts";
import type { Importance } from "./admission.ts";
import type { Claim } from "./gate.ts";

/** Who may call a route: a key that holds the scope, or anyone for a stated reason. Every route declares it. */
export type Access =
  | { readonly kind: "scope"; readonly scope: Scope }
  | { readonly kind: "public"; readonly reason: string };

/** Who is calling, as the API key says. */
export interface Principal {
  readonly organization: OrganizationId;
  readonly apiKeyId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The key works for this app only. */
  readonly app?: AppId | undefined;
  /** As audit events name it: `api_key:<id>`. */
  readonly actor: string;
}

declare module "fastify" {
  interface FastifyContextConfig {
    readonly access?: Access;
    /** Which requests go first under load; default `settings`. */
    readonly importance?: Importance;
    /** For public routes: for whom a request says it comes, so that those who claim the same share their places. */
    readonly claim?: Claim;
    /** Problem codes worth naming in the documentation of this operation. */
    readonly problems?: readonly ErrorCode[];
    /**
     * The operation honours `Idempotency-Key`: `in_step`, its outcome is kept in the same step as the change; `by_answer`, its
     * answer is kept before it is sent.
     */
    readonly idempotent?: "in_step" | "by_answer";
    /** The route keeps its answer open: it does not count as a request in flight. */
    readonly stream?: boolean;
  }
  interface FastifyRequest {
    /** Set before the handler of every route with a scope runs. Read it with {@link principalOf}. */
    principal: Principal | undefined;
  }
}

/** For a route's `config.access`: the caller needs a key with this scope (or `admin`). */
export function requireScope(scope: Scope): Access {
  return { kind: "scope", scope };
}

/** For a route's `config.access`: no key is needed, because of `reason` (it authenticates differently, or is harmless). */
export function publicRoute(reason: string): Access {
  return { kind: "public", reason };
}

export function holdsScope(principal: Principal, scope: Scope): boolean {
  return principal.scopes.has(scope) || principal.scopes.has("admin");
}

/** @throws CountersignError `forbidden`. Call it before any look-up, so that the answer tells nothing about the data. */
export function demandScope(principal: Principal, scope: Scope): void {
  if (!holdsScope(principal, scope)) throw scopeMissing(scope);
}

export function scopeMissing(scope: Scope): CountersignError {
  return new CountersignError("forbidden", `This operation needs a key with the scope ${scope}.`);
}

/** The caller of a route that requires a scope. Throws on a public route: that is a bug, and fails closed. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === undefined) throw new Error("This route has no principal: it declares no scope.");
  return request.principal;
}
