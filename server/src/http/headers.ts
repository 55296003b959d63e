/**
 * Headers of every API answer, as one ready list: an answer is data, so nothing may load, frame or keep it.
 * HTML pages get theirs from `page-policy.ts`.
 */
export const apiHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

/** One year, with subdomains; sent only where the configuration says that people reach us by TLS. */
export const strictTransportSecurity = "max-age=31536000; includeSubDomains";

/** The headers of API answers for a server that is or is not reached by TLS. */
export function staticHeaders(settings: { readonly tls: boolean }): Readonly<Record<string, string>> {
  return settings.tls ? { ...apiHeaders, "strict-transport-security": strictTransportSecurity } : apiHeaders;
}
