import type { AuditEvent } from "@countersign/client";

/** What of the feed is shown; kept in the address, so that it can be shared. */
export interface FeedFilters {
  readonly type: string | undefined;
  readonly verification: string | undefined;
}

export function filtersOf(query: URLSearchParams): FeedFilters {
  return { type: query.get("type") || undefined, verification: query.get("verification") || undefined };
}

/** The address of other filters; an empty one is left out. */
export function withFilter(query: URLSearchParams, name: keyof FeedFilters, value: string): URLSearchParams {
  const next = new URLSearchParams(query);
  const text = value.trim();
  if (text === "") next.delete(name);
  else next.set(name, text);
  return next;
}

/** The beginning of an id is enough to find one. */
export function fits(event: AuditEvent, { type, verification }: FeedFilters): boolean {
  if (type !== undefined && event.type !== type) return false;
  return verification === undefined || event.verification?.startsWith(verification) === true;
}
