import { createHmac } from "node:crypto";
import type { WebRequest } from "./model.ts";

/**
 * Twilio's proof of a web-hook (its documentation, "Validating Signatures"): Base64 of HMAC-SHA1 over the URL and, for a form,
 * each name with its value, sorted by name.
 */
export function signedByTwilio(request: WebRequest, authToken: string): WebRequest {
  const form = [...new URLSearchParams(request.body ?? "")].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = request.url + form.map((pair) => pair.join("")).join("");
  const signature = createHmac("sha1", authToken).update(text, "utf8").digest("base64");
  return { ...request, headers: { ...request.headers, "x-twilio-signature": signature } };
}

/** SignalWire's proof of a JSON request: hex of HMAC-SHA1 over the URL and the raw body. */
export function signedBySignalwire(request: WebRequest, signingKey: string): WebRequest {
  const text = `${request.url}${request.body ?? ""}`;
  const signature = createHmac("sha1", signingKey).update(text, "utf8").digest("hex");
  return { ...request, headers: { ...request.headers, "x-signalwire-signature": signature } };
}
