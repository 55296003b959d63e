import type { FieldProblem, Problem, ProblemCode } from "./types.ts";

/** The server refused. Decide by `code` and never by the texts. */
export class CountersignApiError extends Error {
  override readonly name = "CountersignApiError";
  /** HTTP status. */
  readonly status: number;
  /** `unknown` when something between here and the server answered in its place. */
  readonly code: ProblemCode | "unknown";
  /** The kind of refusal in a few words. */
  readonly title: string;
  /** This refusal in a sentence. */
  readonly detail: string;
  /** What was wrong with the request, field by field. */
  readonly fields: readonly FieldProblem[];
  /** Whole seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined;
  /** Id of the request in the server's log. */
  readonly instance: string | undefined;

  constructor(status: number, problem: Partial<Problem>, retryAfterSeconds?: number) {
    const { code = "unknown", title = "Refused", fields = [], instance } = problem;
    const detail = problem.detail ?? `The answer had the status ${status} and no explanation.`;
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.fields = fields;
    this.retryAfterSeconds = problem.retryAfterSeconds ?? retryAfterSeconds;
    this.instance = instance;
  }
}

/** No usable answer came: the server was not reached, or not in time. What was asked for may have happened. */
export class CountersignConnectionError extends Error {
  override readonly name = "CountersignConnectionError";
  readonly reason: "unreachable" | "timeout" | "broken";

  constructor(reason: "unreachable" | "timeout" | "broken", cause?: unknown) {
    super(sentences[reason], { cause });
    this.reason = reason;
  }
}

const sentences = {
  unreachable: "The server could not be reached.",
  timeout: "The server did not answer in time.",
  broken: "The connection broke, or the answer could not be read.",
} as const;
