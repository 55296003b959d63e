import { createHmac } from "node:crypto";
import { equalBytes } from "../engine/code/digest.ts";
import { formOf, type SignedRequest } from "./telephony.ts";

/**
 * Base64(HMAC-SHA-256(token, …)) in one of two forms. V3 covers the URL, the form and a nonce, and counts wherever it is sent. V2, the
 * one that Plivo documents for messages (docs.plivo.com/docs/messaging/concepts/signature-validation), covers the URL without its query
 * and a nonce. A subaccount's web-hook is also signed for its main account (`Ma`).
 */
export function isSignedByPlivo(request: SignedRequest, token: string): boolean {
  const { headers } = request;
  const named = (name: string) => (headers[`x-plivo-signature-${name}`] ?? "").split(",").slice(0, 4);
  const third = [...named("v3"), ...named("ma-v3")].filter((one) => one !== "");
  const isThird = third.length > 0 || headers["x-plivo-signature-v3-nonce"] !== undefined;
  const nonce = headers[`x-plivo-signature-${isThird ? "v3" : "v2"}-nonce`] ?? "";
  const signed = isThird ? `${contentOf(request)}.${nonce}` : `${placeOf(request)}${nonce}`;
  const expected = createHmac("sha256", token).update(signed).digest("base64");
  const given = isThird ? third : [...named("v2"), ...named("ma-v2")];
  return (
    nonce !== "" &&
    given.map((one) => equalBytes(Buffer.from(expected), Buffer.from(one.trim()))).includes(true)
  );
}

/** The URL without its query. */
function placeOf({ url }: SignedRequest): string {
  return url.split(/[?#]/, 1)[0] ?? "";
}

/** The URL with its query sorted, and the form sorted by name and value. */
function contentOf(request: SignedRequest): string {
  const query = sorted(new URL(request.url).searchParams).map(([name, value]) => `${name}=${value}`);
  const form = sorted(formOf(request)).map(([name, value]) => `${name}${value}`);
  const mark = query.length > 0 || form.length > 0 ? "?" : "";
  const between = query.length > 0 && form.length > 0 ? "." : "";
  return `${placeOf(request)}${mark}${query.join("&")}${between}${form.join("")}`;
}

function sorted(parameters: URLSearchParams): readonly (readonly [string, string])[] {
  const names = [...new Set(parameters.keys())].sort();
  return names.flatMap((name) =>
    parameters
      .getAll(name)
      .sort()
      .map((value) => [name, value] as const),
  );
}
