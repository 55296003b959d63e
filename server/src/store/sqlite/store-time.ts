import type { ChainHead } from "../../engine/audit/chain.ts";
import type { Clock } from "../../engine/tools.ts";

/**
 * The time that decisions are made by, from what the caller's clock says (both milliseconds since the epoch): never before
 * the last event of the record, so that a clock set back re-opens nothing; and never standing still, so that codes end and
 * waits pass also while that clock is behind.
 */
export type StoreTime = (now: number) => number;

/** A clock that is further behind than this was set wrong, not corrected. */
const noteworthyMs = 5 * 60_000;

/**
 * `monotonic`: milliseconds that never go back, from any beginning. `onBackwards` is called when the caller's clock falls
 * more than five minutes behind the record, once until it has caught up.
 */
export function createStoreTime(
  record: { readonly head: ChainHead },
  monotonic: Clock,
  onBackwards: (behindMs: number) => void = () => undefined,
): StoreTime {
  let behind: { readonly at: number; readonly since: number } | undefined;
  return (now) => {
    const { at } = record.head;
    if (now >= at) {
      behind = undefined;
      return now;
    }
    if (behind === undefined) {
      behind = { at, since: monotonic.now() };
      if (at - now > noteworthyMs) onBackwards(at - now);
    }
    return Math.max(at, Math.floor(behind.at + monotonic.now() - behind.since));
  };
}
