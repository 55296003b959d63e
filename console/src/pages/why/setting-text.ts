import type { Words } from "../../words/words.ts";

type Rule = keyof Words["why"]["policy"]["rules"];

/** How the layers of each setting are weighed; what is not here is explained by the server's own sentence. */
const ruleOf: Readonly<Record<string, Rule>> = {
  vias: "all",
  codeLength: "longest",
  codeTtlSeconds: "shortest",
  maxAttempts: "fewest",
  maxSends: "fewest",
  resend: "specific",
  resendDelaysSeconds: "specific",
  failureBudget: "fewest",
  failureDelays: "waits",
  sendsPerDestination: "ceiling",
  sendsPerUser: "ceiling",
  legacyPin: "pins",
  receiptTtlSeconds: "shortest",
  "sending.enforce": "refusing",
  "sending.smsCountries": "countries",
  "sending.voiceCountries": "countries",
  "sending.blockedTypes": "together",
  "sending.safeNumbers": "organization",
  "sending.blockedNumbers": "organization",
  "sending.sendsPerSource": "fewest",
  "sending.sendsPerNetwork": "fewest",
  "sending.sendsPerPrefix": "fewest",
  "sending.numbersPerPrefix": "fewest",
  "sending.sendsPerCallingCode": "fewest",
  "sending.sendsPerHour": "fewest",
  "sending.sendsPerDay": "fewest",
  "sending.spendPerHour": "fewest",
  "sending.spendPerDay": "fewest",
  "sending.currency": "organization",
  "sending.smsPrices": "organization",
  "sending.voicePrices": "organization",
  "sending.conversionSends": "fewest",
  "sending.conversionPercent": "highest",
  "sending.sequentialNumbers": "fewest",
  "sending.callSeconds": "longest",
  "sending.callsPerNumber": "fewest",
  "sending.callsPerDay": "fewest",
};

/** Why this value: the rule in the reader's language, else as the server says it. */
export function ruleText(name: string, said: string, { why }: Words): string {
  const rule = ruleOf[name];
  return rule === undefined ? said : why.policy.rules[rule];
}

/** Kept as millionths of the currency, read as amounts of it. */
const costs = new Set([
  "sending.spendPerHour",
  "sending.spendPerDay",
  "sending.smsPrices",
  "sending.voicePrices",
]);

/** The value of a setting, as a person reads it. `currency` is that of the same policy. */
export function settingText(name: string, value: unknown, currency: string, words: Words): string {
  return valueText(costs.has(name) ? inCurrency(value, currency, words) : value, words);
}

function inCurrency(value: unknown, currency: string, words: Words): unknown {
  if (typeof value === "number") return costText(value, currency, words);
  if (typeof value !== "object" || value === null) return value;
  const pairs = Object.entries(value).map(([name, one]) => [name, inCurrency(one, currency, words)]);
  return Object.fromEntries(pairs);
}

function valueText(value: unknown, words: Words): string {
  const { policy } = words.why;
  // The only settings that may be null are limits.
  if (value === null) return policy.noLimit;
  if (value === undefined) return policy.none;
  if (typeof value === "boolean") return value ? policy.yes : policy.no;
  if (typeof value === "number") return numberText(value, words);
  if (typeof value === "string") return words.vias[value] ?? value;
  if (Array.isArray(value)) {
    return value.length === 0 ? policy.none : value.map((one) => valueText(one, words)).join(", ");
  }
  return objectText(value, words);
}

function objectText(value: object, words: Words): string {
  const { policy } = words.why;
  const { max, failures, seconds, prefix, hint } = value as Readonly<Record<string, unknown>>;
  if (typeof max === "number" && typeof seconds === "number") {
    return policy.window(numberText(max, words), numberText(seconds, words));
  }
  if (typeof failures === "number" && typeof seconds === "number") {
    return policy.delay(numberText(failures, words), numberText(seconds, words));
  }
  if (typeof prefix === "string") return `${prefix}…`;
  if (typeof hint === "string") return hint;
  const pairs = Object.entries(value).map(([name, one]) => `${name}: ${valueText(one, words)}`);
  return pairs.length === 0 ? policy.none : pairs.join(", ");
}

export function numberText(value: number, { language }: Words): string {
  return new Intl.NumberFormat(language).format(value);
}

/** Millionths of a currency as an amount of it. */
export function costText(micros: number, currency: string, { language }: Words): string {
  const format = new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: 4 });
  return format.format(micros / 1_000_000);
}

/** The name of a country, from its two letters. */
export function countryText(country: string, { language }: Words): string {
  return new Intl.DisplayNames(language, { type: "region", fallback: "code" }).of(country) ?? country;
}
