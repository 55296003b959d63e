import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/**
 * How telephone platforms prove that a web-hook is theirs: Twilio, SignalWire and those that took over their forms. Neither form
 * holds a time, so a proof is good for ever: what a web-hook says must change nothing when it is said again.
 */
export interface SignedRequest {
  /** The URL as the platform was told it, with the query it came with; from the configuration, never from a header. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Raw bytes. */
  readonly body: Uint8Array;
}

const formType = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** The parameters of a form body, in the order they came; empty when the body is none. */
export function formOf(request: Pick<SignedRequest, "headers" | "body">): URLSearchParams {
  const isForm = formType.test(request.headers["content-type"] ?? "");
  return new URLSearchParams(isForm ? Buffer.from(request.body).toString("utf8") : "");
}

/**
 * Whether `signature` is Base64(HMAC-SHA1(key, URL + each form parameter's name and value, sorted by name)): `X-Twilio-Signature`,
 * and `X-SignalWire-Signature` of cXML. A body of another type is proved by the query's `bodySHA256`; without it, it is not.
 */
export function isSignedForm(request: SignedRequest, key: string, signature: string | undefined): boolean {
  const form = formOf(request);
  const isProvable = form.size > 0 || request.body.length === 0 || namesItsBody(request);
  const parameters = signedText(form);
  const isSigned = anySame(
    urlsOf(request.url).map((url) => hmac(key, url + parameters).toString("base64")),
    signature,
  );
  return isProvable && isSigned;
}

/**
 * Whether `signature` is hex(HMAC(key, URL + raw body)): `X-SignalWire-Signature` of JSON web-hooks by SHA-1, and
 * `X-SignalWire-SHA256-Signature` by SHA-256.
 */
export function isSignedBody(
  request: SignedRequest,
  key: string,
  signature: string | undefined,
  hash: "sha1" | "sha256" = "sha1",
): boolean {
  const body = Buffer.from(request.body);
  return anySame(
    urlsOf(request.url).map((url) =>
      hmac(key, Buffer.concat([Buffer.from(url), body]), hash).toString("hex"),
    ),
    signature,
  );
}

function hmac(key: string, text: string | Uint8Array, hash = "sha1"): Buffer {
  return createHmac(hash, key).update(text).digest();
}

/** Names in code unit order; a name given more than once with its different values in that order. */
function signedText(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort();
  return names
    .flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => `${name}${value}`))
    .join("");
}

function namesItsBody({ url, body }: SignedRequest): boolean {
  const named = new URL(url).searchParams.get("bodySHA256") ?? "";
  return same(createHash("sha256").update(body).digest("hex"), named);
}

const place = /^(https?):\/\/([^/?#]*?)(?::(\d+))?([/?#].*)?$/is;

/** Platforms do not agree whether the port that the scheme implies belongs to the URL. */
function urlsOf(url: string): readonly string[] {
  const [, scheme = "", host = "", port, rest = ""] = place.exec(url) ?? [];
  const implied = scheme.toLowerCase() === "https" ? "443" : "80";
  if (host === "" || (port !== undefined && port !== implied)) return [url];
  return [`${scheme}://${host}${rest}`, `${scheme}://${host}:${implied}${rest}`];
}

/** Looks at every one of them whatever the first says. Only one spelling is taken: a proof re-encoded is no proof. */
function anySame(expected: readonly string[], given: string | undefined): boolean {
  return expected.map((one) => same(one, given ?? "")).includes(true);
}

function same(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
