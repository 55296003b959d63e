import { lengthPrefixed } from "../engine/code/digest.ts";
import { hmacOf, isSameText } from "./reports.ts";

const tokenDomain = "countersign/delivery-report/v1";

/**
 * The report URL of one message, for a provider that signs nothing: it holds a proof that only we can make and only the
 * provider was told. `key` is a secret that we share with the provider anyway.
 */
export function withReportToken(url: string, message: string, key: string): string {
  const own = new URL(url);
  own.searchParams.set("token", tokenOf(message, key));
  return own.href;
}

/** Whether a report about `message` came to the URL that was made for it. */
export function hasReportToken(url: string, message: string | undefined, key: string): boolean {
  const given = URL.canParse(url) ? new URL(url).searchParams.getAll("token") : [];
  const expected = tokenOf(message ?? "", key);
  return isSameText(expected, given[0]) && given.length === 1 && message !== undefined;
}

function tokenOf(message: string, key: string): string {
  return hmacOf(key, lengthPrefixed([tokenDomain, message])).toString("base64url");
}
