import { type AnswerReader, isYes } from "./answers.ts";
import { failureOfError, failureOfStatus } from "./failure.ts";
import type {
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundRequest,
  OutboundResponse,
  ProbeResult,
} from "./provider.ts";

/** A provider's HTTP API, and how we log in there. */
export interface ApiAccount {
  /** Where all paths begin, without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
}

/** One request to it. */
export interface ProviderRequest extends ApiAccount {
  readonly method?: OutboundRequest["method"];
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

/** A request to a path of the API, with a query where it has one. */
export function at(path: string, account: ApiAccount, body?: unknown): ProviderRequest {
  return { ...account, url: `${account.url}${path}`, ...(body !== undefined && { body }) };
}

const defaultTimeoutMs = 5_000;

/** Asks once. Throws `OutboundError`. */
export function ask(
  request: ProviderRequest,
  tools: Pick<DeliveryTools, "fetch" | "signal">,
): Promise<OutboundResponse> {
  const { body, headers } = request;
  const json = {
    accept: "application/json",
    ...(body !== undefined && { "content-type": "application/json" }),
  };
  return tools.fetch(request.url, {
    method: request.method ?? "POST",
    headers: { ...json, ...headers },
    body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
    signal: tools.signal,
  });
}

/** The value of an `Authorization` header (RFC 7617). */
export function basicLogin(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Hands a message over: asks once, and what goes wrong on the way becomes a failure. */
export async function handOver(
  request: ProviderRequest,
  message: OutboundMessage,
  read: AnswerReader,
  tools: DeliveryTools,
): Promise<DeliveryResult> {
  try {
    return read(await ask(request, tools), message);
  } catch (error) {
    return { ok: false, reason: failureOfError(error) };
  }
}

/**
 * A question that sends nothing: any yes is enough, and so is a no of `knownBy`, with which the provider says that it knows
 * the login and does not let it ask.
 */
export async function probeWith(
  request: ProviderRequest,
  tools: DeliveryTools,
  knownBy: readonly number[] = [],
): Promise<ProbeResult> {
  const answer = await ask({ method: "GET", ...request }, tools);
  const { status } = answer;
  if (isYes(answer) || knownBy.includes(status)) {
    return { ok: true, message: "The provider accepted the credential." };
  }
  const isOurs = failureOfStatus(status) === "configuration";
  return {
    ok: false,
    message: isOurs ? "The provider refused the credential." : `The provider answered ${status}.`,
  };
}
