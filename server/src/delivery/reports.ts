import { createHmac } from "node:crypto";
import { equalBytes } from "../engine/code/digest.ts";
import {
  type FailureTable,
  type Finder,
  find,
  invert,
  meaningOf,
  plainCode,
  readJson,
  referenceFrom,
} from "./answers.ts";
import { type DeliveryReport, type Price, ReportRejected, type ReportRequest } from "./provider.ts";

/** A signed time may be this far from ours, either way: the vendors' own tolerance. */
const toleranceMs = 300_000;

/** Nothing of a report is read before this. */
export function demandProof(isProved: boolean): void {
  if (!isProved) {
    throw new ReportRejected(403, "The report does not prove that the provider sent it.");
  }
}

/** The JSON object of a report. */
export function jsonOf({ body }: Pick<ReportRequest, "body">): unknown {
  const value = readJson(Buffer.from(body).toString("utf8"));
  if (typeof value !== "object" || value === null) {
    throw new ReportRejected(400, "The report is not JSON.");
  }
  return value;
}

/** HMAC-SHA-256 over the parts, one after the other. */
export function hmacOf(key: string, ...parts: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac("sha256", key);
  for (const part of parts) {
    hmac.update(part);
  }
  return hmac.digest();
}

/** Constant time, and true only for the very same spelling. */
export function isSameText(expected: string, given: string | undefined): boolean {
  return equalBytes(Buffer.from(expected), Buffer.from(given ?? ""));
}

/** Whether a Unix time (seconds, as text) is now. */
export function isFresh(seconds: string | undefined, now: number): boolean {
  return /^\d{1,12}$/.test(seconds ?? "") && Math.abs(Number(seconds) * 1000 - now) <= toleranceMs;
}

/** A provider's words for what becomes of a message, and its codes for why not. */
export interface ReportWords {
  readonly states: Readonly<Record<string, DeliveryReport["state"]>>;
  readonly failures: FailureTable;
}

export interface ReportSaid {
  readonly reference: string | undefined;
  readonly status: string | undefined;
  readonly code?: string | undefined;
  readonly price?: Price | undefined;
}

/** One report, or none: of a state that is unknown, or of a message without an id. */
export function reportFrom(said: ReportSaid, { states, failures }: ReportWords): readonly DeliveryReport[] {
  const reference = referenceFrom(said.reference);
  const status = said.status ?? "";
  const state = Object.hasOwn(states, status) ? states[status] : undefined;
  if (reference === undefined || state === undefined) {
    return [];
  }
  const price = said.price && { price: said.price };
  if (state !== "failed") {
    return [{ reference, state, ...price }];
  }
  const providerCode = plainCode(said.code);
  const reason = meaningOf(said.code, failures) ?? "rejected";
  return [{ reference, state, reason, ...(providerCode && { providerCode }), ...price }];
}

/** From the provider's words for each state, with spaces between them. */
export function statesOf(
  words: Readonly<Partial<Record<DeliveryReport["state"], string>>>,
): ReportWords["states"] {
  return invert(words);
}

/** Where a report of one message says what. */
export interface ReportForm extends ReportWords {
  readonly reference: Finder;
  readonly status: Finder;
  readonly code?: Finder;
  readonly price?: (said: unknown) => Price | undefined;
}

export function reportReader(form: ReportForm): (said: unknown) => readonly DeliveryReport[] {
  return (said) =>
    reportFrom(
      {
        reference: find(said, form.reference),
        status: find(said, form.status),
        code: find(said, form.code),
        price: form.price?.(said),
      },
      form,
    );
}
