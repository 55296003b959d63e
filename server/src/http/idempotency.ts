import { hash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { CountersignError } from "../engine/errors.ts";
import type { Idempotency } from "../engine/store.ts";
import type { Principal } from "./access.ts";

const keyPattern = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/u;

/**
 * The caller's `Idempotency-Key` (1–255 printable ASCII characters), made unique per API key and route, with a fingerprint
 * of what was asked. Undefined when the header is absent.
 *
 * @throws CountersignError `invalid_request` for a key of another form.
 */
export function idempotencyOf(request: FastifyRequest, principal: Principal): Idempotency | undefined {
  const given = request.headers["idempotency-key"];
  if (given === undefined) return undefined;
  if (typeof given !== "string" || !keyPattern.test(given)) {
    throw new CountersignError("invalid_request", "The Idempotency-Key is not usable.", {
      fields: [{ field: "Idempotency-Key", problem: "must be 1 to 255 printable ASCII characters" }],
    });
  }
  const path = request.url.split("?", 1)[0] ?? "";
  const route = `${request.method} ${request.routeOptions.url ?? path}`;
  const body = request.body === undefined ? "" : JSON.stringify(request.body);
  return {
    key: `${principal.apiKeyId} ${route} ${given}`,
    fingerprint: hash("sha256", `${request.method}\n${path}\n${body}`),
  };
}
