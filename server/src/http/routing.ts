import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction, RouteOptions } from "fastify";
import { Type } from "typebox";
import { CountersignError } from "../engine/errors.ts";
import type { Access } from "./access.ts";
import type { Importance } from "./admission.ts";
import { authenticateFor } from "./auth.ts";
import type { RouteDurations } from "./durations.ts";
import type { Claim, Gate, RequestHook } from "./gate.ts";
import { type KeptAnswersParts, keepAnswers } from "./kept-answers.ts";
import type { Metrics } from "./metrics.ts";
import type { Principals } from "./principals.ts";
import { assertClosed } from "./validation.ts";

export interface RoutingParts {
  readonly gate: Gate;
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
 * Completes a route when it is registered, so that nothing has to be looked up per request: headers, then the gate, before the
 * body is read. Streams and health checks stay open or must answer under load: they pass beside the gate.
 *
 * @throws Error when the route does not say who may call it, or takes unknown fields.
 */
export function completeRoute(route: RouteOptions, parts: RoutingParts): void {
  const place = `${String(route.method)} ${route.url}`;
  const { access, importance = "settings", claim, stream = false, idempotent } = route.config ?? {};
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
  route.onRequest = [
    begin(parts.headers),
    ...(stream ? besideGate(access, parts) : [throughGate(access, { importance, claim }, parts.gate)]),
    ...asList(route.onRequest),
  ];
  route.onResponse = [...asList(route.onResponse), end(stream ? undefined : durations, parts.gate)];
  if (stream) return;
  route.preValidation = [arriveAt(parts.gate), ...asList(route.preValidation)];
  // The work is over when there is an answer, whether or not somebody is still there to take it.
  route.onSend = [...asList(route.onSend), leaveWith(parts.gate)];
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

function throughGate(
  access: Access,
  { importance, claim }: { readonly importance: Importance; readonly claim: Claim | undefined },
  gate: Gate,
): RequestHook {
  return access.kind === "scope" ? gate.forKeys(access.scope, importance) : gate.forClaims(claim, importance);
}

function besideGate(access: Access, { principals }: RoutingParts): readonly RequestHook[] {
  return access.kind === "scope" ? [authenticateFor(access.scope, principals)] : [];
}

function begin(headers: Readonly<Record<string, string>>): RequestHook {
  return (request, reply, done) => {
    reply.headers(headers).header("x-request-id", request.id);
    const { url } = request;
    if (url.length > maxUrlLength) {
      done(new CountersignError("invalid_request", "The address is too long."));
    } else if (url.includes("%00")) {
      done(new CountersignError("invalid_request", "The address holds U+0000."));
    } else {
      done();
    }
  };
}

function arriveAt(gate: Gate): RequestHook {
  return (request, _reply, done) => {
    gate.arrived(request);
    done();
  };
}

function leaveWith(gate: Gate) {
  return (
    request: FastifyRequest,
    _reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void => {
    gate.leave(request);
    done(null, payload);
  };
}

function end(durations: RouteDurations | undefined, gate: Gate): RequestHook {
  return (request, reply, done) => {
    // It has left already, unless something failed between the answer and here.
    gate.leave(request);
    durations?.observe(reply.statusCode, reply.elapsedTime);
    done();
  };
}
