import type { ChannelRejected, ChannelResponse } from "../channel.ts";

type Status = ChannelRejected["status"] | 500;

/** Codes and titles as the API has them. */
const kinds: Readonly<Record<Status, readonly [code: string, title: string]>> = {
  400: ["invalid_request", "Invalid request"],
  401: ["unauthenticated", "Not authenticated"],
  403: ["forbidden", "Forbidden"],
  404: ["not_found", "Not found"],
  405: ["method_not_allowed", "Method not allowed"],
  413: ["body_too_large", "Body too large"],
  415: ["unsupported_media_type", "Unsupported media type"],
  429: ["rate_limited", "Rate limited"],
  500: ["internal_error", "Internal error"],
  503: ["overloaded", "Overloaded"],
};

/** RFC 9457 problem details. */
export function problemAnswer(
  status: Status,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): ChannelResponse {
  const [code, title] = kinds[status];
  const problem = { type: `/docs/problems#${code}`, title, status, detail, code };
  return {
    status,
    headers: { ...headers, "content-type": "application/problem+json" },
    body: JSON.stringify(problem),
  };
}
