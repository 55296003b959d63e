/** A receipt taken apart for showing. Nothing here says that it is genuine: only the server or its public keys do. */
export interface DecodedReceipt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads a JWT (RFC 7519) without checking it. Undefined when the text is none. */
export function decodeReceipt(token: string): DecodedReceipt | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  try {
    const [header, claims] = parts.slice(0, 2).map(objectOf);
    return header && claims ? { header, claims } : undefined;
  } catch {
    return undefined;
  }
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

/** Claims that are NumericDate (RFC 7519 §2): seconds since the epoch. */
export const timeClaims: ReadonlySet<string> = new Set(["iat", "exp", "auth_time", "nbf"]);
