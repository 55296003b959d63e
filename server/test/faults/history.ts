import { authenticatorGuard } from "../../src/engine/policy/guards.ts";

/** One request as its client saw it. Times are of the test's own monotonic clock. */
export interface Operation {
  readonly op: "start" | "check" | "resend" | "cancel";
  /** Whose failures a wrong answer counts on. */
  readonly guard: string;
  /** Known for everything but a start. */
  readonly verification?: string;
  /** Time step of the code, for a check of an authenticator app's. */
  readonly step?: number;
  readonly begunAt: number;
  readonly endedAt: number;
  /** `unknown`: the connection broke, so it may or may not have been done. */
  readonly answer: Answer | "unknown";
}

export interface Answer {
  readonly status: number;
  readonly body: AnswerBody;
}

/** What the checker reads in answers. */
export interface AnswerBody {
  readonly id?: string;
  readonly code?: string;
  readonly approved?: boolean;
  readonly reason?: string;
  readonly attempts?: number;
  readonly receipt?: string;
  readonly sends?: number;
  readonly deliveries?: readonly { readonly id: string }[];
}

export function answered(operation: Operation): AnswerBody | undefined {
  if (operation.answer === "unknown" || operation.answer.status >= 300) return undefined;
  return operation.answer.body;
}

/** An answer that was looked at and found wrong: it must have been counted. */
export function isCountedRefusal(operation: Operation): boolean {
  const reason = answered(operation)?.reason;
  return operation.op === "check" && (reason === "wrong" || reason === "replayed");
}

export function mayHaveSucceeded(operation: Operation): boolean {
  return (
    operation.op === "check" && (operation.answer === "unknown" || answered(operation)?.approved === true)
  );
}

export function guardOf(user: string, authenticator: string): string {
  return authenticatorGuard(user, authenticator);
}
