import type { Delivery, OutboxStore } from "../engine/outbox.ts";
import type { Clock } from "../engine/tools.ts";

export interface ClaimsTools {
  readonly outbox: Pick<OutboxStore, "claim">;
  readonly owner: string;
  readonly clock: Clock;
}

/** Takes one delivery for this process, durably; undefined: somebody else has it, or it is no longer to be sent. */
export type Claim = (id: string) => Promise<Delivery | undefined>;

interface Waiting {
  readonly id: string;
  readonly resolve: (delivery: Delivery | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const maxBatch = 500;

/** Claims that arrive together, or while another call is under way, share one call: one commit for all of them. */
export function createClaims(tools: ClaimsTools): Claim {
  let waiting: Waiting[] = [];
  let busy = false;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      await claimBatch(batch, tools);
    }
    busy = false;
  }

  return (id) =>
    new Promise((resolve, reject) => {
      waiting.push({ id, resolve, reject });
      if (!busy) {
        busy = true;
        queueMicrotask(() => void flush());
      }
    });
}

async function claimBatch(batch: readonly Waiting[], { outbox, owner, clock }: ClaimsTools): Promise<void> {
  try {
    const ids = batch.map((entry) => entry.id);
    const claimed = await outbox.claim(ids, owner, clock.now());
    const byId = new Map(claimed.map((delivery) => [delivery.id, delivery]));
    for (const entry of batch) {
      entry.resolve(byId.get(entry.id));
    }
  } catch (error) {
    for (const entry of batch) {
      entry.reject(error);
    }
  }
}
