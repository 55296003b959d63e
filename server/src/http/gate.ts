import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from "fastify";
import type { Scope } from "../engine/settings.ts";
import type { Principal } from "./access.ts";
import type { Importance } from "./admission.ts";
import { identify, presentedKey } from "./auth.ts";
import type { Parties } from "./parties.ts";
import type { Places, Visit } from "./places.ts";
import type { LookUp, Principals } from "./principals.ts";
import type { RequestRates } from "./request-rates.ts";

export type RequestHook = (
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
) => void;

/** Says, at once and without proof, for whom a request comes; undefined when it cannot be known at once. */
export type Claim = (request: FastifyRequest) => string | undefined;

/** What stands before the routes. Who is refused is so before the body is read. */
export interface Gate {
  /** For routes with a scope: whose key, its rate and its organization's, then a place. */
  forKeys(scope: Scope, importance: Importance): RequestHook;
  /** For routes that prove by themselves who calls: rate and place among those who claim the same, or a place among all unknown. */
  forClaims(claim: Claim | undefined, importance: Importance): RequestHook;
  /** The body of the request is there. */
  arrived(request: FastifyRequest): void;
  /** The work is done; nothing for a request that holds no place. */
  leave(request: FastifyRequest): void;
}

export interface GateParts {
  /** Organizations by their keys. */
  readonly holders: Parties;
  /** Whoever proves later who they are, if at all. */
  readonly claimants: Parties;
  readonly places: Places;
  readonly rates: RequestRates;
  readonly principals: Pick<Principals, "recall">;
}

/** Where everybody is counted who is not known. Names of organizations are never empty. */
const nobody = "";

export function createGate(parts: GateParts): Gate {
  const { claimants, rates, places } = parts;
  return {
    forKeys: (scope, importance) => keysHook({ scope, importance }, parts),
    forClaims(claim, importance) {
      const enter = places.wayIn(importance);
      return (request, reply, done) => {
        const claimed = claim?.(request);
        const party = claimants.of(claimed ?? nobody);
        // All who are unknown have no rate together: one of them could use up that of the others.
        const tooMany = claimed === undefined ? undefined : rates.take(party, undefined);
        if (tooMany === undefined) {
          enter(party, request, reply, done);
          return;
        }
        places.rest(request, reply);
        done(tooMany);
      };
    },
    arrived: places.arrived,
    leave: places.leave,
  };
}

interface Door {
  readonly scope: Scope;
  readonly importance: Importance;
}

function keysHook(
  { scope, importance }: Door,
  { holders, claimants, places, rates, principals }: GateParts,
): RequestHook {
  const enter = places.wayIn(importance);

  function enterAs(
    principal: Principal | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
    done: HookHandlerDoneFunction,
  ): void {
    const refusal = identify(principal, scope, request);
    if (refusal !== undefined || principal === undefined) {
      done(refusal);
      return;
    }
    const party = holders.of(principal.organization);
    const tooMany = rates.take(party, principal.apiKeyId);
    if (tooMany === undefined) {
      enter(party, request, reply, done);
      return;
    }
    places.rest(request, reply);
    done(tooMany);
  }

  /** Whoever makes keys up makes the store look for them: such work is nobody's. */
  function lookUp(look: LookUp, { request, reply, done }: Visit): void {
    enter(claimants.of(nobody), request, reply, (error) => {
      if (error !== undefined) {
        done(error);
        return;
      }
      look().then((principal) => {
        places.leave(request);
        enterAs(principal, request, reply, done);
      }, done);
    });
  }

  return (request, reply, done) => {
    const presented = presentedKey(request);
    const found = presented === undefined ? undefined : principals.recall(presented);
    if (typeof found === "function") lookUp(found, { request, reply, done });
    else enterAs(found, request, reply, done);
  };
}
