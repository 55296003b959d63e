import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type NumberType,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";
import { CountersignError } from "../engine/errors.ts";
import type { NumberType as KnownType } from "../engine/model.ts";
import type { Destination, NumberPlan } from "./destination.ts";

const longestInput = 64;

const types: Readonly<Record<NonNullable<NumberType>, KnownType>> = {
  MOBILE: "mobile",
  FIXED_LINE: "fixed_line",
  FIXED_LINE_OR_MOBILE: "fixed_line_or_mobile",
  VOIP: "voip",
  PREMIUM_RATE: "premium_rate",
  TOLL_FREE: "toll_free",
  SHARED_COST: "shared_cost",
  PERSONAL_NUMBER: "personal_number",
  PAGER: "pager",
  UAN: "uan",
  VOICEMAIL: "voicemail",
};

/** Reads one valid number of whatever type; see `parseDestination`. */
export function parsePhone(input: string, country?: string | undefined): Destination {
  const number = resolve(compact(input), homeCountry(country));
  if (!number.isValid()) refuse("This is not a valid telephone number.");
  return {
    canonical: number.number,
    sendTo: number.number,
    hint: maskPhone(number.number),
    number: planOf(number),
  };
}

/** Of a number that was saved in E.164 form; one that no plan knows any more is of unknown type. */
export function planOfSaved(e164: string): NumberPlan {
  const number = parsePhoneNumberFromString(e164);
  return number?.isValid()
    ? planOf(number)
    : { callingCode: number?.countryCallingCode ?? "", type: "unknown" };
}

function planOf(number: PhoneNumber): NumberPlan {
  const type = number.getType();
  return {
    ...(number.country !== undefined && { country: number.country }),
    callingCode: number.countryCallingCode,
    type: type === undefined ? "unknown" : types[type],
  };
}

/** Country code and last two digits of an E.164 number; the length stays hidden. */
export function maskPhone(e164: string): string {
  const callingCode = parsePhoneNumberFromString(e164)?.countryCallingCode;
  return `+${callingCode ?? "*"} *** **${e164.slice(-2)}`;
}

/**
 * Digits, with a `+` in front if one was written. Only separators are dropped; letters, lists and extensions are
 * refused, because the library would quietly skip them ("call +49… now").
 */
function compact(input: string): string {
  if (input.length > longestInput) refuse("This is too long for a telephone number.");
  if (/\p{Cc}/u.test(input)) refuse("A telephone number must not contain line breaks or control characters.");
  const text = asciiDigits(input.normalize("NFKC").replace(/\p{Cf}/gu, ""))
    .trim()
    .replace(/^tel:/i, "");
  if (/ext|[x#~]/i.test(text)) refuse("A number with an extension cannot be used.");
  if (/[,;]|\+.*\+/.test(text)) refuse("Give exactly one telephone number.");
  const bare = text.replace(/[\s()./\u00b7\u2010-\u2015\u2212-]/g, "");
  if (!/^\+?[0-9]{2,20}$/.test(bare)) {
    refuse("A telephone number holds digits, spaces, dashes and an optional leading + only.");
  }
  return bare;
}

/** Arabic-Indic, Persian and Devanagari digits; full-width ones are already ASCII after NFKC. */
function asciiDigits(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
    const point = digit.charCodeAt(0);
    const zero = [0x0966, 0x06f0, 0x0660].find((start) => point >= start) ?? point;
    return String(point - zero);
  });
}

function homeCountry(country: string | undefined): CountryCode | undefined {
  const upper = country?.toUpperCase();
  return upper !== undefined && isSupportedCountry(upper) ? upper : undefined;
}

function resolve(written: string, country: CountryCode | undefined): PhoneNumber {
  const international = fromInternational(written);
  if (written.startsWith("+")) return international ?? invalid();
  const national = country === undefined ? undefined : parsePhoneNumberFromString(written, country);
  if (country !== undefined && national?.isValid()) {
    refuseAmbiguous(written, country, national);
    return national;
  }
  // 00 is the international prefix of Recommendation ITU-T E.123; countries with another one were tried first.
  if (written.startsWith("00") && international?.isValid()) return international;
  if (country === undefined && !written.startsWith("00")) {
    refuse("Write the number with + and the country code.");
  }
  return invalid();
}

function fromInternational(written: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(`+${written.replace(/^\+|^00/, "")}`);
}

/** `4915123456789` at home in DE is a whole number without its + for people, and another valid number for the plan. */
function refuseAmbiguous(written: string, country: CountryCode, national: PhoneNumber): void {
  if (!written.startsWith(getCountryCallingCode(country))) return;
  const international = parsePhoneNumberFromString(`+${written}`);
  if (international?.isValid() && international.number !== national.number) {
    refuse("Write the number with + and the country code: without + it can be read in two ways.");
  }
}

function invalid(): never {
  return refuse("This is not a valid telephone number.");
}

function refuse(sentence: string): never {
  throw new CountersignError("invalid_destination", sentence);
}
