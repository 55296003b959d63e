import type { FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { AnswerStore } from "../engine/answers.ts";
import { CountersignError } from "../engine/errors.ts";
import type { Idempotency } from "../engine/store.ts";
import type { Clock, Vault } from "../engine/tools.ts";
import { principalOf } from "./access.ts";
import { idempotencyOf } from "./idempotency.ts";

export interface KeptAnswersParts {
  readonly answers: AnswerStore;
  readonly vault: Pick<Vault, "seal" | "open">;
  readonly clock: Clock;
}

/** How long a key is remembered. */
const rememberedMs = 24 * 3600 * 1000;

interface Kept {
  readonly status: number;
  readonly body: string;
}

/** Stands where the answer will be. */
const begun: Kept = { status: 0, body: "" };

interface Open {
  readonly organization: string;
  readonly idempotency: Idempotency;
}

/**
 * `Idempotency-Key` for operations that make something: a note that the request has begun is durable before it runs, and its
 * answer, sealed, before it is sent. The same request again gets that answer. After a crash between the two nobody knows whether it
 * was done, and it is not done again: 409.
 */
export function keepAnswers(route: RouteOptions, parts: KeptAnswersParts): void {
  const { answers, vault, clock } = parts;
  const open = new WeakMap<FastifyRequest, Open>();
  const placeOf = ({ organization, idempotency }: Open) => ({
    organization,
    table: "idempotency",
    column: "outcome",
    row: idempotency.key,
  });
  const seal = (one: Open, kept: Kept) => vault.seal(placeOf(one), JSON.stringify(kept));

  const before = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const principal = principalOf(request);
    const idempotency = idempotencyOf(request, principal);
    if (idempotency === undefined) return undefined;
    const { organization } = principal;
    const one: Open = { organization, idempotency };
    const { key, fingerprint } = idempotency;
    const now = clock.now();
    const row = { organization, key, fingerprint, outcome: seal(one, begun), expiresAt: now + rememberedMs };
    const stored = await answers.begin(row, now);
    if (stored === undefined) {
      open.set(request, one);
      return undefined;
    }
    if (stored.fingerprint !== fingerprint) {
      throw new CountersignError(
        "idempotency_conflict",
        "This Idempotency-Key was used before with a different request.",
      );
    }
    const kept: Kept = JSON.parse(Buffer.from(vault.open(placeOf(one), stored.outcome)).toString());
    if (kept.status === begun.status) {
      throw new CountersignError(
        "conflict",
        "The first request with this Idempotency-Key is under way, or its outcome is not known: look before you ask again with a new key.",
      );
    }
    return reply.code(kept.status).type("application/json; charset=utf-8").send(kept.body);
  };

  const after = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const one = open.get(request);
    if (one === undefined) return payload;
    open.delete(request);
    const { organization, idempotency } = one;
    const { statusCode: status } = reply;
    if (status < 400) {
      const body = typeof payload === "string" ? payload : "";
      await answers.finish(organization, idempotency.key, seal(one, { status, body }), clock.now());
    } else if (status !== 500) {
      // Refused, so that nothing was done. After a fault nobody knows: the note stays, and so does the 409.
      await answers.release(organization, idempotency.key, clock.now()).catch(() => undefined);
    }
    return payload;
  };

  route.preHandler = [before, ...listOf(route.preHandler)];
  route.onSend = [...listOf(route.onSend), after];
}

function listOf<Hook>(hooks: Hook | Hook[] | undefined): Hook[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? hooks : [hooks];
}
