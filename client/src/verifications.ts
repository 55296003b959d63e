import { path, type Send } from "./send.ts";
import type { AnswerOf, BodyOf, CallOptions, CheckResult, OnceOptions, Verification } from "./types.ts";

/** Ask someone to prove who they are, and check the answer. */
export interface Verifications {
  /** Sends a code, or asks for one the person already has. A second start for the same authenticator, purpose and app is a resend. */
  start(body: BodyOf<"verifications.start">, options?: OnceOptions): Promise<Verification>;
  get(id: string, options?: CallOptions): Promise<Verification>;
  /** Counts the attempt, then compares. A wrong answer is no error: `approved` is false. A right one gets a receipt, once. */
  check(id: string, body: BodyOf<"verifications.check">, options?: OnceOptions): Promise<CheckResult>;
  /** By the same or another way. Earlier codes stop being valid; attempts and failures go on counting. */
  resend(id: string, body?: BodyOf<"verifications.resend">, options?: OnceOptions): Promise<Verification>;
  cancel(id: string, options?: CallOptions): Promise<Verification>;
}

/** The signed proofs of approved verifications. */
export interface Receipts {
  /** For a protected action: the first caller gets the claims, everybody after it is refused with `receipt_invalid`. */
  consume(body: BodyOf<"receipts.consume">, options?: CallOptions): Promise<AnswerOf<"receipts.consume">>;
}

export function verifications(send: Send): Verifications {
  const at = "/v1/verifications";
  return {
    start: (body, options) => send({ method: "POST", path: at, body, ...options }),
    get: (id, options) => send({ method: "GET", path: path`/v1/verifications/${id}`, ...options }),
    check: (id, body, options) =>
      send({ method: "POST", path: path`/v1/verifications/${id}/check`, body, ...options }),
    resend: (id, body = {}, options = {}) =>
      send({ method: "POST", path: path`/v1/verifications/${id}/resend`, body, ...options }),
    cancel: (id, options) => send({ method: "POST", path: path`/v1/verifications/${id}/cancel`, ...options }),
  };
}

export function receipts(send: Send): Receipts {
  return {
    consume: (body, options) => send({ method: "POST", path: "/v1/receipts/consume", body, ...options }),
  };
}
