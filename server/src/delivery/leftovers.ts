import type { Delivery, OutboxStore } from "../engine/outbox.ts";
import type { Timers } from "../engine/tools.ts";
import { withRetries } from "./retries.ts";
import { storeRetryDelaysMs } from "./sending.ts";

export interface LeftoversTools {
  readonly outbox: Pick<OutboxStore, "leftovers">;
  readonly owner: string;
  readonly timers: Timers;
  readonly isClosing: () => boolean;
  /** Resolves when the delivery has ended or was left where it is. */
  readonly takeUp: (delivery: Delivery) => Promise<void>;
}

const pageSize = 500;

/**
 * Walks through what the outbox still holds, a page at a time, and waits for each page to end, so that memory stays
 * bounded however much was left. False: the store did not answer.
 */
export async function takeUpLeftovers(
  wanted: (delivery: Delivery) => boolean,
  tools: LeftoversTools,
): Promise<boolean> {
  const seen = new Set<string>();
  const readPage = (): Promise<readonly Delivery[]> => tools.outbox.leftovers(tools.owner, pageSize);
  for (;;) {
    const page = await withRetries(readPage, storeRetryDelaysMs, tools.timers);
    if (page === undefined) {
      return false;
    }
    const fresh = page.result.filter((delivery) => !seen.has(delivery.id) && wanted(delivery));
    if (fresh.length === 0 || tools.isClosing()) {
      return true;
    }
    for (const delivery of fresh) {
      seen.add(delivery.id);
    }
    await Promise.all(fresh.map(tools.takeUp));
  }
}
