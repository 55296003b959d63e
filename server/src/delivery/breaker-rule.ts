import { CircuitState, type IBreaker } from "cockatiel";
import type { Clock } from "../engine/tools.ts";

/** So many failures within this time open the breaker, if they are among the last calls that are looked at. */
const burst = { failures: 5, withinMs: 10_000, among: 50 };
/** At little traffic: at least half of so many. */
const half = { failures: 10, among: 20 };

interface Call {
  readonly failed: boolean;
  readonly at: number;
}

/**
 * When a provider is given up for a while: after 5 failures in 10 s, or when half of its last 20 messages failed. The 5
 * must be among the last 50, so that a provider that carries a lot is not given up for one message in a hundred.
 */
export function createBreakerRule(clock: Clock): IBreaker {
  let calls: Call[] = [];

  function note(failed: boolean): void {
    calls = [...calls.slice(1 - burst.among), { failed, at: clock.now() }];
  }

  function failuresIn(those: readonly Call[], since: number): number {
    return those.filter(({ failed, at }) => failed && at > since).length;
  }

  return {
    // Nothing survives a restart: a provider that is still away shows it within five messages.
    state: undefined,
    success(state) {
      if (state === CircuitState.HalfOpen) calls = [];
      note(false);
    },
    failure() {
      note(true);
      const last = calls.slice(-half.among);
      return (
        failuresIn(calls, clock.now() - burst.withinMs) >= burst.failures ||
        (last.length === half.among && failuresIn(last, 0) >= half.failures)
      );
    },
  };
}
