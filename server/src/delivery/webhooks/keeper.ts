import type { Clock, Timers } from "../../engine/tools.ts";
import type { Webhook, WebhookStore } from "../../engine/webhooks.ts";
import type { Ledger, LedgerStep } from "./ledger.ts";

/** Writes down how far a web-hook has been told. */
export interface Keeper {
  /** Keeps what has become of the notices; what becomes of others meanwhile goes with the next write. */
  keep(): void;
  /** Keeps everything for the last time. */
  finish(): Promise<void>;
}

export interface KeeperTools {
  readonly store: { readonly webhooks: Pick<WebhookStore, "record" | "forget"> };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly owner: string;
  readonly failingSince: () => number | undefined;
  /** Somebody else writes now, or the place was moved. */
  readonly onLost: () => void;
}

/** So far the reading may run ahead of what is kept, before that is kept for its own sake. */
const longestLag = 1_000;
/** A store that could not keep something is asked again after this. */
const askAgainMs = 1_000;
/** How many ended notices of each kind stay, to be looked at. */
const keptNotices = 1_000;
const forgetEvery = keptNotices / 10;

interface Keeping {
  readonly webhook: Webhook;
  readonly ledger: Ledger;
  readonly tools: KeeperTools;
  busy: boolean;
  /** Ends when nothing is being written any more. */
  done: Promise<void>;
  finishing: boolean;
  lost: boolean;
  /** Notices since the last forgetting. */
  ended: number;
}

export function createKeeper(webhook: Webhook, ledger: Ledger, tools: KeeperTools): Keeper {
  const keeping: Keeping = {
    webhook,
    ledger,
    tools,
    busy: false,
    done: Promise.resolve(),
    finishing: false,
    lost: false,
    ended: 0,
  };
  return {
    keep: () => begin(longestLag, keeping),
    finish: async () => {
      keeping.finishing = true;
      await keeping.done;
      begin(1, keeping);
      await keeping.done;
    },
  };
}

function begin(least: number, keeping: Keeping): void {
  if (keeping.busy || keeping.lost) return;
  keeping.busy = true;
  keeping.done = keepAll(least, keeping);
}

async function keepAll(least: number, keeping: Keeping): Promise<void> {
  try {
    for (let step = keeping.ledger.step(least); step !== undefined; step = keeping.ledger.step(least)) {
      if (!(await keepStep(step, keeping))) return;
    }
  } finally {
    // In the same turn as the last look: what is settled after it begins a keeping of its own.
    keeping.busy = false;
  }
}

async function keepStep(step: LedgerStep, keeping: Keeping): Promise<boolean> {
  const { webhook, ledger, tools } = keeping;
  const { owner, failingSince, clock, timers, store } = tools;
  const { organization, id } = webhook;
  const known = { organization, webhook: id, owner, failingSince: failingSince(), now: clock.now() };
  try {
    if (await store.webhooks.record({ ...step, ...known })) {
      ledger.kept(step);
      await forgetSome(step.notices.length, keeping);
      return true;
    }
    keeping.lost = true;
    tools.onLost();
  } catch {
    ledger.notKept(step);
    if (!keeping.finishing) timers.after(askAgainMs, () => begin(longestLag, keeping));
  }
  return false;
}

async function forgetSome(ended: number, keeping: Keeping): Promise<void> {
  const { webhook, tools } = keeping;
  keeping.ended += ended;
  if (keeping.ended < forgetEvery) return;
  keeping.ended = 0;
  // What is not forgotten now is forgotten the next time.
  await tools.store.webhooks.forget(webhook.organization, webhook.id, keptNotices).catch(() => undefined);
}
