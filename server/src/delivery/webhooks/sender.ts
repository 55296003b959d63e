import type { Store } from "../../engine/store.ts";
import type { LeasedWebhook, Webhook, WebhookEnd } from "../../engine/webhooks.ts";
import { type Courier, type CourierTools, startCourier } from "./courier.ts";
import { createSlots } from "./slots.ts";

/** Tells every web-hook of every organization what happens, from the record. Nothing waits for it, and a crash loses nothing. */
export interface WebhookSender {
  /** Takes up where it was left; resolves when it has looked once. */
  start(): Promise<void>;
  /** Begins nothing more; what is on its way may end within `withinMs` and is otherwise sent again after the next start. */
  close(withinMs?: number): Promise<void>;
}

export interface WebhookSenderOptions
  extends Omit<CourierTools, "store" | "slots" | "mostInFlight" | "end" | "onLost"> {
  readonly store: {
    readonly audit: Pick<Store["audit"], "after" | "onAppend">;
    readonly webhooks: Pick<Store["webhooks"], "lease" | "release" | "open" | "record" | "forget">;
    readonly settings: Pick<Store["settings"], "webhooks" | "onChange">;
  };
  /** On their way at once, over all web-hooks. Default 256. */
  readonly mostInFlight?: number;
  /** On its way to one web-hook. Default 8. */
  readonly mostPerWebhook?: number;
}

/** How long a lease holds when its sender dies. */
const leaseMs = 60_000;
const renewEveryMs = 15_000;

interface Served {
  readonly webhook: Webhook;
  readonly courier: Courier;
  closing: boolean;
}

interface Running {
  readonly options: WebhookSenderOptions;
  readonly tools: CourierTools;
  readonly served: Map<string, Served>;
  readonly ending: Set<string>;
  readonly breaking: AbortController;
  /** A look at the leases is under way; `again`: what it sees may be old already. */
  looking: boolean;
  looked: Promise<void>;
  again: boolean;
  closing: boolean;
}

export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { store, timers, owner, mostInFlight = 256, mostPerWebhook = 8 } = options;
  const running: Running = {
    options,
    tools: {
      ...options,
      slots: createSlots(mostInFlight),
      mostInFlight: mostPerWebhook,
      end: (webhook, reason) => void switchOff(webhook, reason, running),
      onLost: ({ id }) => replace(id, running),
    },
    served: new Map(),
    ending: new Set(),
    breaking: new AbortController(),
    looking: false,
    looked: Promise.resolve(),
    again: false,
    closing: false,
  };
  let stopRenewing: () => void = () => undefined;
  store.audit.onAppend((_head, organizations) => wake(organizations, running));
  store.settings.onChange(({ collection, id }) => {
    if (collection === "webhooks") replace(id, running);
  });
  return {
    start: async () => {
      stopRenewing = timers.every(renewEveryMs, () => {
        void look(running);
        wake(undefined, running);
      });
      await look(running);
    },
    close: async (withinMs = 2_000) => {
      running.closing = true;
      stopRenewing();
      const stopWaiting = timers.after(withinMs, () => running.breaking.abort());
      await running.looked;
      await Promise.all(
        [...running.served.values()].map(({ courier }) => courier.close(running.breaking.signal)),
      );
      stopWaiting();
      // A lease that could not be given up ends by itself.
      if (running.served.size > 0) await store.webhooks.release(owner).catch(() => undefined);
    },
  };
}

function wake(organizations: readonly string[] | undefined, { served }: Running): void {
  for (const { webhook, courier } of served.values()) {
    if (organizations === undefined || organizations.includes(webhook.organization)) courier.wake();
  }
}

/** Settings have changed, or its place: the courier of the old ones ends what it has begun, then a new one goes on. */
function replace(id: string, running: Running): void {
  const served = running.served.get(id);
  if (served === undefined || running.closing) {
    void look(running);
    return;
  }
  if (served.closing) return;
  served.closing = true;
  void served.courier.close(running.breaking.signal).then(() => {
    running.served.delete(id);
    return look(running);
  });
}

/** Sees which web-hooks are ours, and that each has a courier. */
function look(running: Running): Promise<void> {
  if (running.closing) return Promise.resolve();
  running.again = running.looking;
  if (!running.looking) {
    running.looking = true;
    running.looked = lookAll(running);
  }
  return running.looked;
}

async function lookAll(running: Running): Promise<void> {
  const { store, owner, clock } = running.options;
  try {
    do {
      running.again = false;
      const now = clock.now();
      const leased = await store.webhooks.lease(owner, now, now + leaseMs);
      if (running.closing) return;
      if (!running.again) await serve(leased, running);
    } while (running.again && !running.closing);
  } catch {
    // A store that does not answer is asked again at the next renewal.
  } finally {
    running.looking = false;
  }
}

async function serve(leased: readonly LeasedWebhook[], running: Running): Promise<void> {
  const ours = new Map(leased.map((one) => [one.webhook.id, one]));
  for (const [id, { webhook, closing }] of running.served) {
    const now = ours.get(id)?.webhook;
    if (!closing && (now === undefined || now.updatedAt !== webhook.updatedAt)) replace(id, running);
  }
  for (const one of leased) {
    if (one.webhook.enabled && !running.served.has(one.webhook.id)) await begin(one, running);
  }
}

async function begin(leased: LeasedWebhook, running: Running): Promise<void> {
  const { webhook, progress } = leased;
  const { organization, id } = webhook;
  const { webhooks } = running.options.store;
  const open = await webhooks.open(organization, id, progress.position);
  if (running.closing || running.again) return;
  const courier = startCourier(leased, open, running.tools);
  running.served.set(id, { webhook, courier, closing: false });
}

async function switchOff(webhook: Webhook, reason: WebhookEnd, running: Running): Promise<void> {
  const { organization, id } = webhook;
  if (running.ending.has(id)) return;
  running.ending.add(id);
  const { clock, store } = running.options;
  try {
    await store.settings.webhooks.update(
      organization,
      id,
      { enabled: false, disabledReason: reason, disabledAt: clock.now() },
      { type: "webhook.disabled", organization, actor: "system", details: { id, reason } },
    );
  } catch {
    // The courier asks again when its next try ends alike.
  } finally {
    running.ending.delete(id);
  }
}
