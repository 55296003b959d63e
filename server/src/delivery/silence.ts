import type { Clock } from "../engine/tools.ts";
import type { DeliveryResult } from "./provider.ts";

/** Notices that a provider takes messages and says nothing, before their time limit does. */
export interface Silence {
  /** Calls, and listens for the answer. */
  listen(call: () => Promise<DeliveryResult>): Promise<DeliveryResult>;
  /** Whether messages wait that should have been answered, and none that came after them was. */
  isSilent(): boolean;
}

/** So many messages in a row without an answer, the first of them for so long. Few wait longer, so that one lost answer tells nothing. */
const signs = [
  { messages: 3, forMs: 2_000 },
  { messages: 16, forMs: 500 },
] as const;
/** A no that takes longer says that somebody gave up waiting; a yes is an answer whenever it comes. */
const promptMs = 2_000;

function isAnswer(result: DeliveryResult, afterMs: number): boolean {
  return result.ok || (result.reason !== "ambiguous" && afterMs < promptMs);
}

/** One for each provider. A slow provider is not silent: its answers come late, but they come. */
export function createSilence(clock: Clock): Silence {
  /** Calls under way that began after the last answer, oldest first. */
  const waiting = new Set<{ readonly at: number }>();

  return {
    async listen(call) {
      const one = { at: clock.now() };
      waiting.add(one);
      try {
        const result = await call();
        if (isAnswer(result, clock.now() - one.at)) waiting.clear();
        return result;
      } finally {
        waiting.delete(one);
      }
    },
    isSilent() {
      const [oldest] = waiting;
      const waitedMs = oldest === undefined ? 0 : clock.now() - oldest.at;
      return signs.some(({ messages, forMs }) => waiting.size >= messages && waitedMs >= forMs);
    },
  };
}
