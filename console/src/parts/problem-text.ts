import { CountersignApiError, CountersignConnectionError } from "@countersign/client";
import type { Words } from "../words/words.ts";

/** A refusal or a failure in the words of the page: what happened, what to do, and what to quote. */
export interface ProblemText {
  readonly text: string;
  readonly after: string | undefined;
  readonly quote: string | undefined;
}

export function problemText(error: unknown, words: Words): ProblemText {
  const { errors } = words;
  if (error instanceof CountersignConnectionError) {
    return { text: errors[error.reason], after: undefined, quote: undefined };
  }
  if (!(error instanceof CountersignApiError)) {
    return { text: errors.broken, after: undefined, quote: undefined };
  }
  const { code, detail, retryAfterSeconds, instance } = error;
  return {
    text: code === "forbidden" ? `${errors.forbidden} ${detail}` : (errors.codes[code] ?? detail),
    after: retryAfterSeconds === undefined ? undefined : errors.after(retryAfterSeconds),
    quote: instance === undefined ? undefined : errors.quote(code, instance),
  };
}
