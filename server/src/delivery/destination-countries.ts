import { getCountries, getCountryCallingCode, isSupportedCountry } from "libphonenumber-js/max";

let callingCodes: ReadonlySet<string> | undefined;

/** Whether there are telephone numbers in it: a country (ISO 3166-1 alpha-2), a calling code with its +, or `*`. */
export function isPlaceOfNumbers(entry: string): boolean {
  if (entry === "*" || isSupportedCountry(entry)) return true;
  callingCodes ??= new Set(getCountries().map((country) => `+${getCountryCallingCode(country)}`));
  return callingCodes.has(entry);
}
