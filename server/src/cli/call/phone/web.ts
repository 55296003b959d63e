import type { WebAnswer, WebRequest } from "./model.ts";

/** Asks an address; never throws. */
export type Web = (request: WebRequest) => Promise<WebAnswer>;

export interface WebParts {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** The addresses that documents name, and where they are reached from here. */
  readonly places?: readonly { readonly told: string; readonly reached: string }[] | undefined;
}

/** How long an answer is waited for. */
const timeoutMs = 30_000;
/** More than any document. */
const longestBody = 1_000_000;

/** The web as voice platforms use it: a login of the address becomes a header, and what may be kept is kept (RFC 9111). */
export function openWeb(parts: WebParts): Web {
  const kept = new Map<string, { readonly answer: WebAnswer; readonly until: number }>();
  return async (request) => {
    const known = request.method === "GET" ? kept.get(request.url) : undefined;
    if (known !== undefined && parts.now() < known.until) return known.answer;
    const { answer, freshMs } = await ask(request, parts);
    if (request.method === "GET" && answer.status === 200 && freshMs > 0) {
      kept.set(request.url, { answer, until: parts.now() + freshMs });
    }
    return answer;
  };
}

async function ask({ method, url, headers, body }: WebRequest, parts: WebParts) {
  const { target, login } = withoutLogin(reachedAt(url, parts));
  try {
    const answer = await parts.fetch(target, {
      method,
      headers: { ...headers, ...(login !== undefined && { authorization: login }) },
      // Addresses hold keys: they are shown to nobody else.
      redirect: "error",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body !== undefined && { body }),
    });
    const text = await answer.text();
    if (text.length > longestBody) return { answer: unanswered(url), freshMs: 0 };
    const type = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    const freshMs = freshnessOf(answer.headers.get("cache-control") ?? "");
    return { answer: { status: answer.status, type, body: text, url }, freshMs };
  } catch {
    return { answer: unanswered(url), freshMs: 0 };
  }
}

function unanswered(url: string): WebAnswer {
  return { status: 0, type: "", body: "", url };
}

function reachedAt(url: string, { places = [] }: WebParts): string {
  const place = places.find(({ told }) => hasOrigin(url, told));
  if (place === undefined) return url;
  const target = new URL(url);
  const { protocol, host } = new URL(place.reached);
  target.protocol = protocol;
  target.host = host;
  return target.href;
}

function hasOrigin(url: string, other: string): boolean {
  return URL.canParse(url) && new URL(url).origin === new URL(other).origin;
}

function withoutLogin(url: string): { readonly target: string; readonly login?: string } {
  const target = new URL(url);
  const { username, password } = target;
  if (username === "" && password === "") return { target: url };
  target.username = "";
  target.password = "";
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { target: target.href, login: `Basic ${Buffer.from(login).toString("base64")}` };
}

/** How long an answer may be given again without asking, in milliseconds. */
function freshnessOf(cacheControl: string): number {
  const directives = cacheControl
    .toLowerCase()
    .split(",")
    .map((one) => one.trim());
  if (directives.some((one) => ["no-store", "no-cache"].includes(one))) return 0;
  const age = directives.map((one) => /^max-age="?(\d+)"?$/.exec(one)?.[1]).find((one) => one !== undefined);
  return Number(age ?? 0) * 1_000;
}

/** A form body, as platforms post it. */
export function formRequest(
  url: string,
  method: WebRequest["method"],
  values: Readonly<Record<string, string>>,
): WebRequest {
  const form = `${new URLSearchParams(values)}`;
  if (method === "GET") {
    const target = new URL(url);
    for (const [name, value] of Object.entries(values)) target.searchParams.append(name, value);
    return { method, url: target.href, headers: {} };
  }
  return { method, url, headers: { "content-type": "application/x-www-form-urlencoded" }, body: form };
}

export function jsonRequest(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WebRequest {
  const sent = { "content-type": "application/json", ...headers };
  return { method: "POST", url, headers: sent, body: JSON.stringify(body) };
}
