import type { DeliveryRecord } from "../model.ts";
import type { SendRules } from "./sending.ts";
import { daySlots, type Series, waitFor } from "./sending-series.ts";

/** Of one number that calls go to. A number that is never called has no row. */
export interface NumberCounts {
  /** Second of each call of the last day, oldest first. */
  readonly calls?: readonly number[];
  /** The newest of them. */
  readonly newest?: NamedCall | undefined;
}

export interface NamedCall {
  readonly verification: string;
  readonly delivery: string;
}

/** What calls are judged by: those to the number, and all of the organization. */
export interface CallCounters {
  readonly number: NumberCounts | undefined;
  readonly all: Series | undefined;
}

export interface CallRefusal {
  readonly rule: "call_in_progress" | "calls_daily";
  readonly retryAfterSeconds: number;
}

const daySeconds = 24 * 3600;
/** No limit per number is higher. */
const mostCalls = 100;

/** One call more. Rounded up, so that whole seconds never make the day shorter than it is. */
export function countCall(counts: NumberCounts, newest: NamedCall, now: number): NumberCounts {
  const living = (counts.calls ?? []).filter((second) => (second + daySeconds) * 1000 > now);
  return { calls: [...living, Math.ceil(now / 1000)].slice(-mostCalls), newest };
}

/** Whether a row of such a number is looked at. */
export function countsNumber(rules: SendRules): boolean {
  return rules.callSeconds !== null || rules.callsPerNumber !== null;
}

/**
 * Whether a call is certainly over before its time: it was never made, or nobody took it. `delivered` says only that the words
 * are heard: where a key is asked for first, it is said in the middle of the call.
 */
function isCallOver(record: DeliveryRecord | undefined): boolean {
  return record?.state === "failed" || record?.state === "dropped";
}

/** The number is free again when its newest call, one of the `caller`'s messages, is over. */
export function withoutEndedCall<Counters extends { readonly number?: NumberCounts | undefined }>(
  counters: Counters,
  caller: { readonly deliveries: readonly DeliveryRecord[] } | undefined,
): Counters {
  const { number } = counters;
  const newest = number?.newest;
  if (newest === undefined) return counters;
  const record = caller?.deliveries.find(({ id }) => id === newest.delivery);
  return isCallOver(record) ? { ...counters, number: { ...number, newest: undefined } } : counters;
}

/** `newest` of the number is absent when that call is over. A number on the safe list may be called more often, not at once. */
export function judgeCall(
  { number, all }: CallCounters,
  listed: "safe" | "blocked" | undefined,
  rules: SendRules,
  now: number,
): readonly CallRefusal[] {
  const begun = number?.newest && number.calls?.at(-1);
  const busy = begun === undefined ? 0 : secondsLeft(begun, rules.callSeconds ?? 0, now);
  const daily = Math.max(
    listed === "safe" ? 0 : roomForNumber(number?.calls ?? [], rules.callsPerNumber, now),
    rules.callsPerDay === null ? 0 : waitFor(all, 1, rules.callsPerDay, daySlots, now),
  );
  return [
    ...(busy > 0 ? [{ rule: "call_in_progress", retryAfterSeconds: busy } as const] : []),
    ...(daily > 0 ? [{ rule: "calls_daily", retryAfterSeconds: daily } as const] : []),
  ];
}

function roomForNumber(calls: readonly number[], limit: number | null, now: number): number {
  const deciding = limit === null ? undefined : calls.at(-limit);
  return deciding === undefined ? 0 : secondsLeft(deciding, daySeconds, now);
}

function secondsLeft(second: number, seconds: number, now: number): number {
  return Math.max(0, Math.ceil(second + seconds - now / 1000));
}
