import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Demo } from "../demo/seed.ts";
import { parseApiKey } from "../engine/code/api-key.ts";
import { CliError, type Exit, exits } from "./exit.ts";
import type { ServerOptions } from "./options.ts";
import { plain, remark } from "./output.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** A running server, asked over its HTTP API. */
export interface Api {
  readonly url: string;
  /** The answer's JSON; undefined when it has none. Throws `CliError` with the server's own sentence when it refuses. */
  request<Answer>(method: Method, path: string, body?: object): Promise<Answer>;
  /** An answer that stays open. `headers` beside those of every request. */
  open(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response>;
  /** Every row of a list, page by page. */
  all<Row>(path: string, member: string): Promise<readonly Row[]>;
}

/** Whom to ask and as whom, from options, environment or the demo of the data folder; nothing is sent yet. */
export function connectApi(options: ServerOptions, environment: Environment): Api {
  const { url, key } = accessOf(options, environment);
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...init.headers, authorization: `Bearer ${key}` };
    try {
      // Never followed: a redirect would take the key to another place.
      return await fetch(`${url}${path}`, { ...init, headers, redirect: "error" });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new CliError(
        exits.unavailable,
        `No Countersign server answers at ${url} (${causeOf(error)}). Start it, or name another with --url.`,
        "server_unavailable",
      );
    }
  };
  const request = async <Answer>(method: Method, path: string, body?: object): Promise<Answer> => {
    const init = {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    };
    const { ok, status, text } = await patiently(async () => {
      const response = await send(path, init);
      return { ok: response.ok, status: response.status, text: await response.text() };
    });
    if (!ok) throw refusal(status, text);
    return (text === "" ? undefined : readJson(text, url)) as Answer;
  };
  return {
    url,
    request,
    open: async (path, headers, signal) => {
      const response = await send(path, { method: "GET", headers, signal });
      if (!response.ok) throw refusal(response.status, await response.text());
      return response;
    },
    all: async <Row>(path: string, member: string) => {
      const rows: Row[] = [];
      let after: string | null = null;
      do {
        const query: string = after === null ? "limit=200" : `limit=200&after=${encodeURIComponent(after)}`;
        const page: Record<string, unknown> = await request("GET", `${path}?${query}`);
        rows.push(...((page[member] ?? []) as Row[]));
        after = (page["next"] ?? null) as string | null;
      } while (after !== null);
      return rows;
    },
  };
}

/** A path with its parts encoded: `path("v1", "users", id)`. */
export function path(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}

const defaultUrl = "http://127.0.0.1:8080";

/** Address and key of the server that a command asks. */
export function accessOf(options: ServerOptions, environment: Environment) {
  const named = options.url ?? environment["COUNTERSIGN_URL"];
  const given = keyGiven(options, environment);
  const demo = given === undefined || named === undefined ? readDemo(options, environment) : undefined;
  const url = (named ?? demo?.baseUrl ?? defaultUrl).replace(/\/+$/, "");
  checkUrl(url);
  // The demo's key opens the demo of this machine; it is not shown to a server elsewhere.
  const key = given ?? (named === undefined || isHere(url) ? demo?.apiKey : undefined);
  if (key === undefined) {
    throw new CliError(
      exits.configuration,
      "There is no API key. Name a file that holds one with --key-file, set COUNTERSIGN_API_KEY, or name the data folder of a demo with --data.",
      "key_missing",
    );
  }
  if (parseApiKey(key) === undefined) {
    throw new CliError(exits.configuration, "What was given as the API key is not one.", "key_malformed");
  }
  if (url.startsWith("http:") && !isHere(url)) {
    remark(`The API key goes to ${url} without encryption: use https where others share the network.`);
  }
  return { url, key };
}

function keyGiven({ keyFile }: ServerOptions, environment: Environment): string | undefined {
  if (keyFile === undefined) return environment["COUNTERSIGN_API_KEY"]?.trim() || undefined;
  let text: string;
  try {
    text = readFileSync(keyFile, "utf8").trim();
    if (process.platform !== "win32" && (statSync(keyFile).mode & 0o077) !== 0) {
      remark(`Others on this machine may read ${keyFile}. Run: chmod 600 ${keyFile}`);
    }
  } catch {
    throw new CliError(
      exits.configuration,
      `The file of the API key ${keyFile} cannot be read.`,
      "key_missing",
    );
  }
  return text;
}

/** The demo of the data folder; undefined where there is none. */
export function readDemo(options: ServerOptions, environment: Environment): Demo | undefined {
  const file = join(resolve(options.data ?? environment["COUNTERSIGN_DATA"] ?? "data"), "demo.json");
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Demo;
  } catch {
    throw new CliError(exits.configuration, `The demo's file ${file} cannot be read.`, "demo_unreadable");
  }
}

function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isWeb = parsed?.protocol === "http:" || parsed?.protocol === "https:";
  if (isWeb && parsed.username === "" && parsed.password === "") return;
  throw new CliError(
    exits.usage,
    "The URL of the server is http:// or https:// and holds no login.",
    "url_malformed",
  );
}

function isHere(url: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
}

/** The reason that `fetch` hides one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.message;
  return String(cause);
}

function readJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(
      exits.unavailable,
      `What answers at ${url} is not a Countersign server.`,
      "not_countersign",
    );
  }
}

interface Received {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

const mostTries = 8;
const longestWaitSeconds = 5;

/** A server that is overloaded says so before it looks at a request, so the request may be repeated, whatever it asks. */
async function patiently(ask: () => Promise<Received>): Promise<Received> {
  let received = await ask();
  for (let tries = 1; tries < mostTries && received.status === 503; tries += 1) {
    const { code, retryAfterSeconds = 1 } = problemOf(received.text);
    if (code !== "overloaded") break;
    await pause(Math.min(retryAfterSeconds, longestWaitSeconds) * 1000);
    received = await ask();
  }
  return received;
}

interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly fields?: readonly { readonly field: string; readonly problem: string }[];
  readonly retryAfterSeconds?: number;
}

function problemOf(text: string): Problem {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** RFC 9457 problem details as an exit code and a sentence. */
function refusal(status: number, text: string): CliError {
  const problem = problemOf(text);
  const wait =
    problem.retryAfterSeconds === undefined ? [] : [`Try again in ${problem.retryAfterSeconds} s.`];
  const detail = problem.detail ?? `The server answered with status ${status}.`;
  const fields = (problem.fields ?? []).map(({ field, problem: what }) =>
    what === detail ? field : `${field}: ${what}`,
  );
  const sentence = [detail, ...(fields.length > 0 ? [`(${fields.join("; ")})`] : []), ...wait].join(" ");
  return new CliError(exitOf(status, problem.code), plain(sentence), problem.code ?? `http_${status}`);
}

function exitOf(status: number, code: string | undefined): Exit {
  if (code === "overloaded") return exits.tryAgain;
  if (status === 401 || status === 403) return exits.notPermitted;
  if (status === 429) return exits.tryAgain;
  if (status >= 500) return exits.unavailable;
  return status === 400 || status === 415 ? exits.usage : exits.negative;
}
