import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import { CountersignError } from "../engine/errors.ts";
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
  /** The body of the request is there. */
  arrived(request: FastifyRequest): void;
  /** The work is done; nothing for a request that holds no place. */
  leave(request: FastifyRequest): void;
}

// Made once: a refusal under load has to be cheap.
const overloaded = new CountersignError("overloaded", "Overloaded", { retryAfterSeconds: 1 });

export function createPlaces(
  admission: Admission,
  metrics: Pick<Metrics, "requestAdmitted" | "requestShed">,
): Places {
  function begin(request: FastifyRequest, party: Party): void {
    request.admittedFor = party;
    request.awaitsBody = true;
  }

  function shed(reason: AdmissionRefusal, done: HookHandlerDoneFunction): void {
    metrics.requestShed(reason);
    done(overloaded);
  }

  function wait(party: Party, importance: Importance, { request, reply, done }: Visit): void {
    const waiting = { stop: () => {}, gone: () => waiting.stop() };
    // Before it waits: it may be decided at once.
    reply.raw.once("close", waiting.gone);
    waiting.stop = admission.wait(party, importance, (refusal) => {
      reply.raw.removeListener("close", waiting.gone);
      if (refusal !== undefined) {
        shed(refusal, done);
        return;
      }
      metrics.requestAdmitted("after_waiting");
      begin(request, party);
      done();
    });
  }

  return {
    wayIn: (importance) => (party, request, reply, done) => {
      const verdict = admission.enter(party, importance);
      if (verdict === "late") {
        shed("late", done);
      } else if (verdict === "full") {
        wait(party, importance, { request, reply, done });
      } else {
        metrics.requestAdmitted("at_once");
        begin(request, party);
        done();
      }
    },
    arrived(request) {
      if (!request.awaitsBody) return;
      request.awaitsBody = false;
      admission.arrived();
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
