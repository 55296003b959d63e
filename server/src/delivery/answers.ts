import { failureOfError, failureOfStatus } from "./failure.ts";
import type {
  DeliveryFailure,
  DeliveryResult,
  DeliveryTools,
  OutboundMessage,
  OutboundRequest,
  OutboundResponse,
  Price,
  ProbeResult,
} from "./provider.ts";

/** One request to a provider's HTTP API. */
export interface ProviderRequest {
  readonly method?: OutboundRequest["method"];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  readonly timeoutMs?: number | undefined;
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
  tools: DeliveryTools,
  read: (answer: OutboundResponse) => DeliveryResult,
): Promise<DeliveryResult> {
  try {
    return read(await ask(request, tools));
  } catch (error) {
    return { ok: false, reason: failureOfError(error) };
  }
}

/** A yes. Without the message's id nobody can tell what was accepted. */
export function accepted(reference: string | undefined, price?: Price): DeliveryResult {
  return reference === undefined
    ? { ok: false, reason: "ambiguous" }
    : { ok: true, reference, ...(price && { price }) };
}

/** What a provider's codes mean. */
export type FailureTable = Readonly<Record<string, DeliveryFailure>>;

/** A no: the provider's own code says why, or else the status. */
export function refused(
  answer: OutboundResponse,
  code: string | undefined,
  table: FailureTable,
  message: OutboundMessage,
): DeliveryResult {
  return {
    ok: false,
    reason: meaningOf(code, table) ?? failureOfStatus(answer.status),
    providerCode: plainCode(code, message) ?? `${answer.status}`,
  };
}

export function meaningOf(code: string | undefined, table: FailureTable): DeliveryFailure | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
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
  const { status } = await ask({ method: "GET", ...request }, tools);
  if ((status >= 200 && status < 300) || knownBy.includes(status)) {
    return { ok: true, message: "The provider accepted the credential." };
  }
  const isOurs = failureOfStatus(status) === "configuration";
  return {
    ok: false,
    message: isOurs ? "The provider refused the credential." : `The provider answered ${status}.`,
  };
}

/**
 * A provider's own code, if it is short and plain and says nothing of the message: a digit sequence of a code or number
 * in the wrong field is not kept.
 */
export function plainCode(code: string | undefined, message?: OutboundMessage): string | undefined {
  if (code === undefined || !/^[A-Za-z0-9._-]{1,40}$/.test(code)) {
    return undefined;
  }
  const digits = digitsOf(code);
  const said = message === undefined ? "" : `${digitsOf(message.to)} ${digitsOf(message.text)}`;
  const isTelling =
    digits.length > 6 ||
    (digits.length > 3 && said.includes(digits)) ||
    (message?.code !== undefined && code.toUpperCase().includes(message.code.toUpperCase()));
  return isTelling ? undefined : code;
}

/** `+49 151…` → `49151…`. */
export function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** The value of a JSON text; undefined when it is none. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What stands at a path of keys and indexes (`messages.0.status`). */
export function valueAt(value: unknown, path: string): unknown {
  let inner = value;
  for (const key of path.split(".")) {
    if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) {
      return undefined;
    }
    inner = (inner as Readonly<Record<string, unknown>>)[key];
  }
  return inner;
}

/** The string, number or boolean at a path, as text. */
export function textAt(value: unknown, path: string): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" || typeof found === "number" || typeof found === "boolean"
    ? `${found}`
    : undefined;
}

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A provider's message id in one spelling, for the hand-over and for reports; undefined for what can be none. */
export function referenceFrom(text: string | undefined): string | undefined {
  if (text === undefined || !/^[\x21-\x7e]{1,200}$/.test(text)) {
    return undefined;
  }
  return uuid.test(text) ? text.toLowerCase() : text;
}

/** A price that is one: an amount that is not negative, and a currency. */
export function priceFrom(amount: string | undefined, currency: string | undefined): Price | undefined {
  const value = Number(amount || Number.NaN);
  return Number.isFinite(value) && value >= 0 && /^[A-Z]{3}$/.test(currency ?? "")
    ? { amount: value, currency: currency ?? "" }
    : undefined;
}
