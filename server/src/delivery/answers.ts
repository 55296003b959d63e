import { failureOfStatus } from "./failure.ts";
import { digitsOf } from "./number-forms.ts";
import type {
  DeliveryFailure,
  DeliveryResult,
  OutboundMessage,
  OutboundResponse,
  Price,
} from "./provider.ts";

/** A yes. Without the message's id nobody can tell what was accepted. */
export function accepted(reference: string | undefined, price?: Price): DeliveryResult {
  return reference === undefined
    ? { ok: false, reason: "ambiguous" }
    : { ok: true, reference, ...(price && { price }) };
}

/** What a provider's codes mean. */
export type FailureTable = Readonly<Record<string, DeliveryFailure>>;

/** From the codes of each meaning, with spaces between them. */
export function failuresOf(meanings: Readonly<Partial<Record<DeliveryFailure, string>>>): FailureTable {
  return invert(meanings);
}

/** `{ good: "a b" }` → `{ a: "good", b: "good" }`. */
export function invert<Meaning extends string>(
  words: Readonly<Partial<Record<Meaning, string>>>,
): Readonly<Record<string, Meaning>> {
  const meanings = Object.entries(words) as [Meaning, string][];
  return Object.fromEntries(
    meanings.flatMap(([meaning, list]) => list.split(" ").map((word) => [word, meaning])),
  );
}

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

/** Where something stands in what a provider says: a path of `textAt`, or how it is found. */
export type Finder = string | ((said: unknown) => string | undefined);

export function find(said: unknown, finder: Finder | undefined): string | undefined {
  if (finder === undefined) return undefined;
  return typeof finder === "string" ? textAt(said, finder) : finder(said);
}

/** How a JSON answer to a hand-over is read: any 2xx is a yes, all else is a no. */
export interface AnswerForm {
  /** The message's id in a yes. */
  readonly reference: Finder;
  readonly price?: (said: unknown) => Price | undefined;
  /** The provider's own code in a no; absent: it has none, and the status decides. */
  readonly code?: Finder;
  readonly failures: FailureTable;
}

export type AnswerReader = (answer: OutboundResponse, message: OutboundMessage) => DeliveryResult;

export function answerReader({ reference, price, code, failures }: AnswerForm): AnswerReader {
  return (answer, message) => {
    const said = readJson(answer.body);
    return isYes(answer)
      ? accepted(referenceFrom(find(said, reference)), price?.(said))
      : refused(answer, find(said, code), failures, message);
  };
}

export function isYes({ status }: Pick<OutboundResponse, "status">): boolean {
  return status >= 200 && status < 300;
}

export function meaningOf(code: string | undefined, table: FailureTable): DeliveryFailure | undefined {
  return code !== undefined && Object.hasOwn(table, code) ? table[code] : undefined;
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

/** References of calls begin so: they are no messages whose text could be wiped. */
const callPrefix = "call:";

export function callReference(id: string | undefined): string | undefined {
  const reference = referenceFrom(id);
  return reference === undefined ? undefined : `${callPrefix}${reference}`;
}

export function isCallReference(reference: string): boolean {
  return reference.startsWith(callPrefix);
}

/** A price that is one: an amount that is not negative, and a currency. */
export function priceFrom(amount: string | undefined, currency: string | undefined): Price | undefined {
  const value = Number(amount || Number.NaN);
  return Number.isFinite(value) && value >= 0 && /^[A-Z]{3}$/.test(currency ?? "")
    ? { amount: value, currency: currency ?? "" }
    : undefined;
}
