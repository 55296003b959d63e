import { CountersignApiError, CountersignConnectionError } from "./errors.ts";
import type { OnceOptions, Problem } from "./types.ts";

/** Repeating a call by itself; off unless asked for. */
export interface RetryOptions {
  /** Repeats at most, after the first try. */
  readonly times: number;
  /** A longer wait than this is not made: the refusal is thrown instead. Default 10. */
  readonly maxWaitSeconds?: number;
}

export interface ClientOptions {
  /** Where the server is: `https://mfa.example.com`. */
  readonly baseUrl: string;
  /** An API key of the organization: `cs_…`. */
  readonly apiKey: string;
  /** Default: the platform's. */
  readonly fetch?: typeof globalThis.fetch;
  /** A call that has not been answered after this is given up. Default 10,000. */
  readonly timeoutMs?: number;
  /**
   * Default: no call is ever repeated. With it, reads and calls with an `idempotencyKey` are, when the server was not
   * reached or is overloaded; any other call only when the server says that it has not looked at it.
   */
  readonly retry?: RetryOptions;
  /** How time passes between two tries. Default: a timer. */
  readonly wait?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

/** One call, as HTTP. */
export interface Call extends OnceOptions {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Encoded, from the root of the server. */
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: unknown;
}

/** Makes a call and gives what it was answered with. Throws CountersignApiError and CountersignConnectionError. */
export type Send = <Answer>(call: Call) => Promise<Answer>;

/** What reading a stream needs besides: the answer itself, and time. */
export interface Connection {
  readonly send: Send;
  /** The answer once its head is here, still to be read. Throws like `send`; the time limit is for the head only. */
  readonly open: (call: Call, headers: Readonly<Record<string, string>>) => Promise<Response>;
  readonly wait: NonNullable<ClientOptions["wait"]>;
}

/** A path with its ids encoded: path`/v1/users/${id}`. */
export function path(parts: TemplateStringsArray, ...ids: readonly string[]): string {
  return String.raw({ raw: parts }, ...ids.map(encodeURIComponent));
}

export function connect(options: ClientOptions): Connection {
  const { wait = waitByTimer, timeoutMs = 10_000, retry } = options;
  const base = options.baseUrl.replace(/\/+$/u, "");
  const fetch: typeof globalThis.fetch =
    options.fetch ?? ((input, settings) => globalThis.fetch(input, settings));

  const ask = async (call: Call, headers: Readonly<Record<string, string>>, signal: AbortSignal) => {
    try {
      return await fetch(`${base}${call.path}${queryOf(call.query)}`, {
        method: call.method,
        headers: { ...headersOf(call, options.apiKey), ...headers },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        signal,
        cache: "no-store",
        credentials: "omit",
        // A key must not follow a redirect to somebody else.
        redirect: "error",
      });
    } catch (error) {
      throw failureOf(error, call.signal);
    }
  };

  const once = async <Answer>(call: Call): Promise<Answer> => {
    const limit = AbortSignal.timeout(timeoutMs);
    const response = await ask(call, {}, call.signal ? AbortSignal.any([call.signal, limit]) : limit);
    if (!response.ok) throw await refusalOf(response);
    if (response.status === 204) return undefined as Answer;
    try {
      return (await response.json()) as Answer;
    } catch (error) {
      throw failureOf(error, call.signal, "broken");
    }
  };

  const open: Connection["open"] = async (call, headers) => {
    const limit = new AbortController();
    const answered = new AbortController();
    wait(timeoutMs, answered.signal).then(
      () => limit.abort(new DOMException("", "TimeoutError")),
      () => undefined,
    );
    const signals = call.signal ? [call.signal, limit.signal] : [limit.signal];
    try {
      const response = await ask(call, headers, AbortSignal.any(signals));
      if (!response.ok) throw await refusalOf(response);
      return response;
    } finally {
      answered.abort();
    }
  };

  return { send: retry === undefined ? once : repeated(once, retry, wait), open, wait };
}

function repeated(once: Send, retry: RetryOptions, wait: Connection["wait"]): Send {
  const { times, maxWaitSeconds = 10 } = retry;
  return async <Answer>(call: Call): Promise<Answer> => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await once<Answer>(call);
      } catch (error) {
        const seconds = waitSeconds(error, tries);
        if (tries >= times || seconds > maxWaitSeconds || !mayRepeat(call, error)) throw error;
        await wait(seconds * 1_000, call.signal);
      }
    }
  };
}

/** A server that is overloaded has refused before looking, so nothing can happen twice. */
function mayRepeat(call: Call, error: unknown): boolean {
  if (error instanceof CountersignApiError && error.code === "overloaded") return true;
  if (call.method !== "GET" && call.idempotencyKey === undefined) return false;
  return (
    error instanceof CountersignConnectionError ||
    (error instanceof CountersignApiError && error.status === 503)
  );
}

function waitSeconds(error: unknown, tries: number): number {
  const told = error instanceof CountersignApiError ? error.retryAfterSeconds : undefined;
  return told ?? 0.25 * 2 ** tries;
}

function headersOf(call: Call, apiKey: string): Record<string, string> {
  return {
    accept: "application/json",
    authorization: `Bearer ${apiKey}`,
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    ...(call.idempotencyKey === undefined ? {} : { "idempotency-key": call.idempotencyKey }),
  };
}

function queryOf(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  if (given.length === 0) return "";
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** The caller's own abort passes as it is; anything else that ended the request is ours to name. */
export function failureOf(
  error: unknown,
  signal: AbortSignal | undefined,
  reason: "unreachable" | "broken" = "unreachable",
): unknown {
  if (signal?.aborted) return signal.reason;
  const late = error instanceof DOMException && error.name === "TimeoutError";
  return new CountersignConnectionError(late ? "timeout" : reason, error);
}

async function refusalOf(response: Response): Promise<CountersignApiError> {
  const after = Number(response.headers.get("retry-after") ?? "x");
  const told = Number.isFinite(after) ? after : undefined;
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) {
    await response.body?.cancel();
    return new CountersignApiError(response.status, {}, told);
  }
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new CountersignApiError(response.status, problem, told);
}

function waitByTimer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
