import { isSignedBody } from "../signatures/telephony.ts";
import type { ChannelRequest, Published } from "./channel.ts";

/** Headers with which SignalWire signs JSON: SHA-1, and for calls SHA-256 beside it. */
function proofsOf({ headers }: Pick<ChannelRequest, "headers">) {
  const { "x-signalwire-signature": sha1, "x-signalwire-sha256-signature": sha256 } = headers;
  return { sha1, sha256 };
}

export function hasSignature(request: Pick<ChannelRequest, "headers">): boolean {
  const { sha1, sha256 } = proofsOf(request);
  return sha1 !== undefined || sha256 !== undefined;
}

/**
 * Whether SignalWire signed this request with the key (scheme for JSON: hex over URL and raw body). The platform sends one proof
 * or two; every one that is there must hold, and one must be there.
 */
export function isSignedBySignalwire(
  { path, query, headers, body }: ChannelRequest,
  publication: Pick<Published<unknown>, "url">,
  key: string,
): boolean {
  if (key === "") return false;
  const url = `${publication.url}${path}${query === "" ? "" : `?${query}`}`;
  const { sha1, sha256 } = proofsOf({ headers });
  const request = { url, headers, body };
  const proofs = [
    ...(sha1 === undefined ? [] : [isSignedBody(request, key, sha1)]),
    ...(sha256 === undefined ? [] : [isSignedBody(request, key, sha256, "sha256")]),
  ];
  return proofs.length > 0 && !proofs.includes(false);
}
