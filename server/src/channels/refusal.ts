import type { ChannelRejected, ChannelResponse } from "./channel.ts";

/** The status and one line of text: for platforms that have no form of their own for it. */
export function plainRefusal({ status, headers, message }: ChannelRejected): ChannelResponse {
  return {
    status,
    headers: { ...headers, "content-type": "text/plain; charset=utf-8" },
    body: `${message}\n`,
  };
}
