import type { DeliveryVia, NumberFacts } from "../engine/model.ts";
import { parseEmail } from "./destination-email.ts";
import { parsePhone } from "./destination-phone.ts";

/** Where a message goes, read once at the door: everything behind it counts, compares and limits on `canonical` only. */
export interface Destination {
  /**
   * The one form used for keys. An E.164 number; or an address in lower case: no mail system in use tells `Ann@` from
   * `ann@`, so two spellings of one mailbox must not get two budgets.
   */
  readonly canonical: string;
  /**
   * What the provider is given. Equal to `canonical` for numbers; an address keeps the case of its local part, which
   * only the receiving host may interpret (RFC 5321 §2.4).
   */
  readonly sendTo: string;
  /** Safe to show and to log: `+49 *** **78`, `a***@example.com`. */
  readonly hint: string;
  /** Of a telephone number. Whether it may get a message is the send rules' to say. */
  readonly number?: NumberPlan;
}

/** Where a number belongs and what it is for, as its numbering plan says. */
export type NumberPlan = Pick<NumberFacts, "country" | "callingCode" | "type">;

export interface DestinationOptions {
  /** Country of numbers written without a country code, ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/**
 * Reads a number (`sms`, `voice`) or an address (`email`). Every spelling of one destination gives one canonical form.
 * Throws `CountersignError("invalid_destination")` with a sentence that never repeats the input.
 */
export function parseDestination(
  via: DeliveryVia,
  input: string,
  options: DestinationOptions = {},
): Destination {
  return via === "email" ? parseEmail(input) : parsePhone(input, options.country);
}
