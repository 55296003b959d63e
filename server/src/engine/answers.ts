import type { OrganizationId } from "./model.ts";
import type { Idempotency } from "./store.ts";

/** Answers to requests with an idempotency key that are no hot command. Outcomes are sealed text. */
export interface AnswerStore {
  /** Notes that a request has begun, for one caller. For the others: what the first one noted, or its outcome. */
  begin(
    request: AnsweredRequest,
    now: number,
  ): Promise<Pick<AnsweredRequest, "fingerprint" | "outcome"> | undefined>;
  finish(organization: OrganizationId, key: string, outcome: string, now: number): Promise<void>;
  /** Nothing was done: the key is free again. */
  release(organization: OrganizationId, key: string, now: number): Promise<void>;
}

export interface AnsweredRequest extends Pick<Idempotency, "key" | "fingerprint"> {
  readonly organization: OrganizationId;
  /** Sealed under table `idempotency`, column `outcome`, row = key. */
  readonly outcome: string;
  readonly expiresAt: number;
}
