import type { FieldProblem } from "../errors.ts";
import { type NumberType, numberTypes } from "../model.ts";
import { isWhole } from "./bounds.ts";
import type { SendRules } from "./sending.ts";
import {
  conversionPercentBounds,
  listBounds,
  priceBounds,
  type SendLimit,
  sendingBounds,
} from "./sending-defaults.ts";
import type { PolicyLevel } from "./settle.ts";

interface Place {
  readonly level: PolicyLevel;
  /** JSON pointer of the object, e.g. `/policy/sending`. */
  readonly pointer: string;
}

/** What is wrong, with the part of the value that is meant (RFC 6901, or empty for the whole of it). */
interface Wrong {
  readonly part: string;
  readonly problem: string;
}
type Check = (value: unknown) => readonly Wrong[];

/** Set by the organization, for it alone is asked what a number or a message is worth to it. */
const organizationOnly: ReadonlySet<string> = new Set<keyof SendRules>([
  "safeNumbers",
  "blockedNumbers",
  "currency",
  "smsPrices",
  "voicePrices",
]);

/** Every problem of an object of send rules that came from outside; empty: it is one. */
export function sendingProblems(input: unknown, place: Place): readonly FieldProblem[] {
  const whole = (problem: string) => [{ field: place.pointer, problem }];
  if (place.level === "user")
    return whole("Send rules are set for an organization, an app or a publication.");
  if (!isObject(input)) return whole("Send rules are an object.");
  return Object.entries(input).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return problemsOf(name, value, place.level).map(({ part, problem }) => ({
      field: `${place.pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}${part}`,
      problem,
    }));
  });
}

function problemsOf(name: string, value: unknown, level: PolicyLevel): readonly Wrong[] {
  if (!Object.hasOwn(checks, name)) return wrong("There is no such send rule.");
  if (level !== "organization" && organizationOnly.has(name))
    return wrong("Only the organization sets this.");
  return checks[name as keyof SendRules](value);
}

function wrong(problem: string, part = ""): readonly Wrong[] {
  return [{ part, problem }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const checks: Readonly<Record<keyof SendRules, Check>> = {
  enforce: (value) => (value === "block" || value === "monitor" ? [] : wrong('Either "block" or "monitor".')),
  smsCountries: countries,
  voiceCountries: countries,
  blockedTypes: types,
  safeNumbers: entries,
  blockedNumbers: entries,
  sendsPerSource: limit("sendsPerSource"),
  sendsPerNetwork: limit("sendsPerNetwork"),
  sendsPerPrefix: limit("sendsPerPrefix"),
  numbersPerPrefix: limit("numbersPerPrefix"),
  sendsPerCallingCode: limit("sendsPerCallingCode"),
  sendsPerHour: limit("sendsPerHour"),
  sendsPerDay: limit("sendsPerDay"),
  spendPerHour: limit("spendPerHour"),
  spendPerDay: limit("spendPerDay"),
  currency: (value) =>
    typeof value === "string" && /^[A-Z]{3}$/.test(value) ? [] : wrong("A currency code (ISO 4217)."),
  smsPrices: prices,
  voicePrices: prices,
  conversionSends: limit("conversionSends"),
  conversionPercent: (value) =>
    isWhole(value, conversionPercentBounds)
      ? []
      : wrong(`A whole percentage from ${conversionPercentBounds.least} to ${conversionPercentBounds.most}.`),
  sequentialNumbers: limit("sequentialNumbers"),
  callSeconds: limit("callSeconds"),
  callsPerNumber: limit("callsPerNumber"),
  callsPerDay: limit("callsPerDay"),
};

function limit(name: SendLimit): Check {
  const { least, most } = sendingBounds[name];
  return (value) =>
    value === null || isWhole(value, { least, most })
      ? []
      : wrong(`A whole number from ${least} to ${most}, or null for no limit.`);
}

function countries(value: unknown): readonly Wrong[] {
  if (!Array.isArray(value) || value.length > 300) return wrong("A list of countries.");
  return value.flatMap((entry, index) =>
    isCountryEntry(entry)
      ? []
      : wrong('A country (ISO 3166-1 alpha-2), a calling code with its +, or "*".', `/${index}`),
  );
}

function isCountryEntry(entry: unknown): boolean {
  return typeof entry === "string" && /^([A-Z]{2}|\+[1-9][0-9]{0,2}|\*)$/.test(entry);
}

function types(value: unknown): readonly Wrong[] {
  const known: readonly unknown[] = numberTypes;
  const fits = Array.isArray(value) && value.every((type: NumberType) => known.includes(type));
  return fits ? [] : wrong(`A list of number types out of ${numberTypes.join(", ")}.`);
}

function entries(value: unknown): readonly Wrong[] {
  if (!Array.isArray(value) || value.length > listBounds.entries) {
    return wrong(`A list of at most ${listBounds.entries} numbers and prefixes.`);
  }
  return value.flatMap((entry, index) =>
    isPrefixEntry(entry) || isNumberEntry(entry)
      ? []
      : wrong(
          `Either {number}, or {prefix}: + and at most ${listBounds.prefixDigits} digits; or {key, hint} as it was read.`,
          `/${index}`,
        ),
  );
}

function isPrefixEntry(entry: unknown): boolean {
  if (!isObject(entry) || Object.keys(entry).length !== 1) return false;
  const { prefix } = entry;
  return typeof prefix === "string" && /^\+[1-9][0-9]*$/.test(prefix) && prefix.length <= longestPrefix;
}

const longestPrefix = listBounds.prefixDigits + 1;

/** The mask is looked at closely, so that nobody keeps a whole number in it. */
function isNumberEntry(entry: unknown): boolean {
  if (!isObject(entry) || Object.keys(entry).length !== 2) return false;
  const { key, hint } = entry;
  return (
    typeof key === "string" &&
    /^[0-9a-f]{64}$/.test(key) &&
    typeof hint === "string" &&
    /^\+[0-9]{1,3} \*\*\* \*\*[0-9]{2}$/.test(hint)
  );
}

function prices(value: unknown): readonly Wrong[] {
  if (!isObject(value)) return wrong("Prices by country.");
  return Object.entries(value).flatMap(([country, price]) => {
    if (!/^([A-Z]{2}|\*)$/.test(country)) {
      return wrong('Prices are named by country (ISO 3166-1 alpha-2), or "*" for all others.');
    }
    return isWhole(price, priceBounds)
      ? []
      : wrong(`Whole millionths of the currency, at most ${priceBounds.most}.`, `/${country}`);
  });
}
