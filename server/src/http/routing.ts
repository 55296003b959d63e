import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from "fastify";
import { Type } from "typebox";
import { CountersignError } from "../engine/errors.ts";
import type { Admission } from "./admission.ts";
import { authenticateFor } from "./auth.ts";
import type { RouteDurations } from "./durations.ts";
import { type KeptAnswersParts, keepAnswers } from "./kept-answers.ts";
import type { Metrics } from "./metrics.ts";
import type { Principals } from "./principals.ts";
import { assertClosed } from "./validation.ts";

export interface RoutingParts {
  readonly admission: Admission;
  readonly metrics: Metrics;
  readonly principals: Principals;
  /** For operations that keep their answers. */
  readonly keeping?: KeptAnswersParts | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const noQuery = Type.Object({}, { additionalProperties: false });

/** Longest address that is looked at; ids and cursors need a tenth of it. */
const maxUrlLength = 2_048;

/**
 * Completes a route when it is registered, so that nothing has to be looked up per request: gate and headers, then the key,
 * in this order and before the body is read.
 *
 * @throws Error when the route does not say who may call it, or takes unknown fields.
 */
export function completeRoute(route: RouteOptions, parts: RoutingParts): void {
  const place = `${String(route.method)} ${route.url}`;
  const { access, importance = "settings", stream = false, idempotent } = route.config ?? {};
  if (access === undefined) throw new Error(`${place}: config.access is missing.`);
  if (route.url.startsWith("/v1/")) closeRoute(route, place);
  if (idempotent === "by_answer") {
    if (parts.keeping === undefined) throw new Error(`${place}: there is nowhere to keep its answers.`);
    keepAnswers(route, parts.keeping);
  }
  const durations = parts.metrics.durationsOf(
    Array.isArray(route.method) ? "any" : String(route.method),
    route.url,
  );
  const first = [stream ? openStream(parts) : enter(importance, parts)];
  const hooks = access.kind === "scope" ? [...first, authenticateFor(access.scope, parts.principals)] : first;
  route.onRequest = [...hooks, ...asList(route.onRequest)];
  route.onResponse = [...asList(route.onResponse), leave(stream ? undefined : durations, parts)];
}

/** The native API ignores nothing: a body, a query or a field that it does not know is refused. */
function closeRoute(route: RouteOptions, place: string): void {
  const schema = route.schema ?? {};
  assertClosed(schema.body, `${place} body`);
  assertClosed(schema.querystring, `${place} querystring`);
  route.schema = { ...schema, querystring: schema.querystring ?? noQuery };
  if (schema.body === undefined) route.preValidation = [refuseBody, ...asList(route.preValidation)];
}

function refuseBody(request: FastifyRequest, _reply: FastifyReply, done: HookHandlerDoneFunction): void {
  const { body } = request;
  const empty = body === undefined || body === null || Object.keys(body).length === 0;
  done(empty ? undefined : new CountersignError("invalid_request", "This operation takes no body."));
}

function asList<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}

type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction) => void;

function enter(importance: Parameters<Admission["enter"]>[0], parts: RoutingParts): RequestHook {
  const { admission, metrics } = parts;
  return (request, reply, done) => {
    const problem = begin(request, reply, parts.headers);
    if (problem !== undefined) {
      done(problem);
    } else if (admission.enter(importance)) {
      request.admitted = true;
      done();
    } else {
      metrics.requestsShed();
      done(new CountersignError("overloaded", "Overloaded", { retryAfterSeconds: 1 }));
    }
  };
}

/** Streams and health checks stay open or must answer under load: they pass beside the gate. */
function openStream(parts: RoutingParts): RequestHook {
  return (request, reply, done) => done(begin(request, reply, parts.headers));
}

function begin(
  request: FastifyRequest,
  reply: FastifyReply,
  headers: Readonly<Record<string, string>>,
): CountersignError | undefined {
  reply.headers(headers).header("x-request-id", request.id);
  const { url } = request;
  if (url.length > maxUrlLength) return new CountersignError("invalid_request", "The address is too long.");
  if (url.includes("%00")) return new CountersignError("invalid_request", "The address holds U+0000.");
  return undefined;
}

function leave(durations: RouteDurations | undefined, parts: RoutingParts): RequestHook {
  return (request, reply, done) => {
    if (request.admitted) {
      request.admitted = false;
      parts.admission.leave();
    }
    durations?.observe(reply.statusCode, reply.elapsedTime);
    done();
  };
}
