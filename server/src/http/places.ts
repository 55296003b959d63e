import { Socket } from "node:net";
import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { Timers } from "../engine/tools.ts";
import type { Admission, AdmissionRefusal, Importance } from "./admission.ts";
import type { Metrics } from "./metrics.ts";
import type { Party } from "./parties.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** For whom the request is counted as in flight; undefined: it is not. */
    admittedFor: Party | undefined;
    /** It is in flight, and its body is not there yet. */
    awaitsBody: boolean;
  }
}

/** A request at a hook. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly done: HookHandlerDoneFunction;
}

/** Goes on when the request has a place, at once or after waiting for one; ends in `overloaded` when it gets none. */
export type Enter = (
  party: Party,
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => void;

/** Requests and the places that they hold. */
export interface Places {
  /** The way in for one kind of request. What it needs of a request comes singly: where there is room nothing is made. */
  wayIn(importance: Importance): Enter;
  /**
   * The request is being refused for want of room: its connection is not read for a while after the answer. Clients that ask again
   * at once, whatever `Retry-After` says, would otherwise keep the server busy with nothing but refusals.
   */
  rest(request: FastifyRequest, reply: FastifyReply): void;
  /** The body of the request is there. */
  arrived(request: FastifyRequest): void;
  /** The work is done; nothing for a request that holds no place. */
  leave(request: FastifyRequest): void;
}

// Made once: a refusal under load has to be cheap.
const overloaded = new CountersignError("overloaded", "Overloaded", { retryAfterSeconds: 1 });

/** As long as others wait for a place. Short, since a proxy may carry somebody else's request over the same connection. */
const restMs = 100;

export interface PlacesParts {
  readonly admission: Admission;
  readonly metrics: Pick<Metrics, "requestAdmitted" | "requestShed">;
  readonly timers: Pick<Timers, "after">;
}

export function createPlaces({ admission, metrics, timers }: PlacesParts): Places {
  function begin(request: FastifyRequest, party: Party): void {
    request.admittedFor = party;
    request.awaitsBody = true;
  }

  function rest({ raw: { socket } }: FastifyRequest, reply: FastifyReply): void {
    // A request that no connection carried has none to rest.
    if (!(socket instanceof Socket)) return;
    const pause = () => {
      socket.pause();
      timers.after(restMs, () => socket.resume());
    };
    // What is left of this request is read first; that would go on reading.
    reply.raw.once("close", () => setImmediate(pause));
  }

  function shed(reason: AdmissionRefusal, { request, reply, done }: Visit): void {
    metrics.requestShed(reason);
    rest(request, reply);
    done(overloaded);
  }

  function wait(party: Party, importance: Importance, visit: Visit): void {
    const { request, reply, done } = visit;
    const waiting = { stop: () => {}, gone: () => waiting.stop() };
    // Before it waits: it may be decided at once.
    reply.raw.once("close", waiting.gone);
    waiting.stop = admission.wait(party, importance, (refusal) => {
      reply.raw.removeListener("close", waiting.gone);
      if (refusal !== undefined) {
        shed(refusal, visit);
        return;
      }
      metrics.requestAdmitted("after_waiting");
      begin(request, party);
      done();
    });
  }

  return {
    rest,
    wayIn: (importance) => (party, request, reply, done) => {
      const verdict = admission.enter(party, importance);
      if (verdict === "late") {
        shed("late", { request, reply, done });
      } else if (verdict === "full") {
        wait(party, importance, { request, reply, done });
      } else {
        metrics.requestAdmitted("at_once");
        begin(request, party);
        done();
      }
    },
    arrived(request) {
      const party = request.admittedFor;
      if (party === undefined || !request.awaitsBody) return;
      request.awaitsBody = false;
      admission.arrived(party);
    },
    leave(request) {
      const party = request.admittedFor;
      if (party === undefined) return;
      request.admittedFor = undefined;
      const body = request.awaitsBody ? "missing" : "arrived";
      request.awaitsBody = false;
      admission.leave(party, body);
    },
  };
}
