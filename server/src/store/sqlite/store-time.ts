import type { ChainHead } from "../../engine/audit/chain.ts";
import type { Clock } from "../../engine/tools.ts";

/**
 * The time that decisions are made by, from what the caller's clock says (both milliseconds since the epoch): never before
 * the last event of the record, so that a clock set back re-opens nothing; and never standing still, so that codes end and
 * waits pass also while that clock is behind.
 */
export type StoreTime = (now: number) => number;

/** `monotonic`: milliseconds that never go back, from any beginning. */
export function createStoreTime(record: { readonly head: ChainHead }, monotonic: Clock): StoreTime {
  let behind: { readonly at: number; readonly since: number } | undefined;
  return (now) => {
    const { at } = record.head;
    if (now >= at) {
      behind = undefined;
      return now;
    }
    behind ??= { at, since: monotonic.now() };
    return Math.max(at, Math.floor(behind.at + monotonic.now() - behind.since));
  };
}
