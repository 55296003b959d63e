import type { AuditEvent } from "../../engine/audit/event.ts";
import { viewEvent } from "../../engine/audit/view.ts";
import type { Store } from "../../engine/store.ts";
import type { Random, Timers } from "../../engine/tools.ts";
import type { LeasedWebhook, Notice, Webhook, WebhookEnd } from "../../engine/webhooks.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { createLedger, type Job, type Ledger } from "./ledger.ts";
import { delayAfter, givenUpAfterMs, pauseAfter } from "./schedule.ts";
import type { Slots, SlotUser } from "./slots.ts";
import { type TellTools, type Told, tell } from "./tell.ts";

export interface CourierTools extends TellTools {
  readonly store: {
    readonly audit: Pick<Store["audit"], "after">;
    readonly webhooks: Pick<Store["webhooks"], "record" | "forget">;
  };
  readonly random: Random;
  readonly timers: Timers;
  readonly slots: Slots;
  /** This process, as the leases know it. */
  readonly owner: string;
  /** On its way to one web-hook at most. */
  readonly mostInFlight: number;
  /** One try has ended. */
  readonly onTold: (told: Told) => void;
  /** Switches a web-hook off. */
  readonly end: (webhook: Webhook, reason: WebhookEnd) => void;
  /** Somebody else has taken it over or changed its place: this courier is of no use any more. */
  readonly onLost: (webhook: Webhook) => void;
}

/** Tells one web-hook of what it is meant to know, in one process. */
export interface Courier {
  /** Something may have happened, or the store may work again. */
  wake(): void;
  /** Begins nothing more and keeps what has become of the rest; what still runs when the signal comes is broken off. */
  close(signal: AbortSignal): Promise<void>;
}

const timeoutMs = 15_000;
const pageSize = 100;
/** A store that could not be read is asked again after this. */
const askAgainMs = 1_000;
/** Once it is to be switched off, nothing is sent for this long. */
const endAgainMs = 60_000;

interface Running extends SlotUser {
  readonly webhook: Webhook;
  readonly tools: CourierTools;
  readonly ledger: Ledger;
  readonly keeper: Keeper;
  readonly breaking: AbortController;
  readonly idle: Set<() => void>;
  sending: number;
  /** How many may be on their way: one after a failure, more with each success. */
  allowed: number;
  /** In a row. */
  failures: number;
  failingSince: number | undefined;
  pausedUntil: number;
  /** The record may hold more than was read. */
  behind: boolean;
  reading: boolean;
  closing: boolean;
  stopTimer: () => void;
}

/** `open`: what waits, and what was told behind its place. */
export function startCourier(
  { webhook, progress }: LeasedWebhook,
  open: readonly Notice[],
  tools: CourierTools,
): Courier {
  const ledger = createLedger(webhook, progress.position, open);
  const running: Running = {
    webhook,
    tools,
    ledger,
    keeper: createKeeper(webhook, ledger, {
      ...tools,
      failingSince: () => running.failingSince,
      onLost: () => {
        running.closing = true;
        running.stopTimer();
        tools.onLost(webhook);
      },
    }),
    breaking: new AbortController(),
    idle: new Set(),
    sending: 0,
    allowed: tools.mostInFlight,
    failures: 0,
    // A change of settings may be the remedy: the days are counted from there.
    failingSince: progress.failingSince && Math.max(progress.failingSince, webhook.updatedAt),
    pausedUntil: 0,
    behind: true,
    reading: false,
    closing: false,
    stopTimer: () => undefined,
    inFlight: () => running.sending,
    wake: () => pump(running),
  };
  pump(running);
  return {
    wake: () => {
      running.behind = true;
      pump(running);
    },
    close: (signal) => close(running, signal),
  };
}

/** Begins what may be begun, reads on where there is room, and sees to it that it is called again in time. */
function pump(running: Running): void {
  if (running.closing) return;
  const { ledger, tools } = running;
  const now = tools.clock.now();
  while (mayBegin(running, now) && tools.slots.take(running)) {
    const job = ledger.next(now);
    if (job !== undefined) void send(job, running);
  }
  if (running.behind && ledger.hasRoom() && !running.reading) void read(running);
  running.keeper.keep();
  callAgain(running, now);
}

function mayBegin({ ledger, sending, allowed, pausedUntil }: Running, now: number): boolean {
  return now >= pausedUntil && sending < allowed && ledger.hasDue(now);
}

function callAgain(running: Running, now: number): void {
  const { ledger, tools } = running;
  running.stopTimer();
  const paused = running.pausedUntil > now ? running.pausedUntil : undefined;
  // With all hands full the next answer calls; a repetition that is overdue already waits for that.
  const due = running.sending < running.allowed ? ledger.dueAt() : undefined;
  const at = paused ?? due;
  if (at === undefined || at <= now) return;
  running.stopTimer = tools.timers.after(at - now, () => pump(running));
}

async function read(running: Running): Promise<void> {
  const { webhook, ledger, tools } = running;
  running.reading = true;
  running.behind = false;
  try {
    const events = await tools.store.audit.after(webhook.organization, ledger.readTo(), pageSize);
    ledger.accept(events);
    running.behind ||= events.length === pageSize;
  } catch {
    // The next event, or the next renewal of the lease, tries again.
    running.behind = true;
    running.reading = false;
    return;
  }
  running.reading = false;
  pump(running);
}

async function send(job: Job, running: Running): Promise<void> {
  const { tools, ledger, breaking } = running;
  running.sending += 1;
  try {
    const event = job.event ?? (await eventAt(job.seq, running));
    const told = event && (await tellOf(event, running));
    if (breaking.signal.aborted) ledger.putBack(job, tools.clock.now());
    else settle(job, told, running);
  } catch {
    // Only the store fails here: the event could not be read. Nothing was sent.
    ledger.putBack(job, tools.clock.now() + askAgainMs);
  } finally {
    running.sending -= 1;
    tools.slots.give();
  }
  pump(running);
  running.keeper.keep();
  for (const listener of running.idle) listener();
}

async function eventAt(seq: number, { webhook, tools }: Running): Promise<AuditEvent | undefined> {
  const [event] = await tools.store.audit.after(webhook.organization, seq - 1, 1);
  return event?.seq === seq ? event : undefined;
}

async function tellOf(event: AuditEvent, { webhook, breaking, tools }: Running): Promise<Told> {
  const told = await tell(webhook, viewEvent(event), { timeoutMs, signal: breaking.signal }, tools);
  if (!breaking.signal.aborted) tools.onTold(told);
  return told;
}

/** Writes down what became of one try, and draws the conclusions. `told` is absent when the event is gone. */
function settle(job: Job, told: Told | undefined, running: Running): void {
  const { ledger, tools } = running;
  const now = tools.clock.now();
  const tries = job.tries + 1;
  const notice = { seq: job.seq, tries, at: now, ...(told?.status !== undefined && { status: told.status }) };
  if (told?.ok === true) {
    running.failures = 0;
    running.failingSince = undefined;
    running.allowed = Math.min(tools.mostInFlight, running.allowed * 2);
    ledger.settle({ ...notice, state: "delivered" });
    return;
  }
  const delay = told === undefined ? undefined : delayAfter(tries, tools.random);
  const asked = told?.retryAfterMs ?? 0;
  ledger.settle(
    delay === undefined
      ? { ...notice, state: "failed" }
      : { ...notice, state: "waiting", dueAt: now + Math.max(delay, asked) },
  );
  if (told !== undefined) fail(told, asked, running);
}

function fail({ status }: Told, askedMs: number, running: Running): void {
  const now = running.tools.clock.now();
  running.failures += 1;
  running.failingSince ??= now;
  running.allowed = 1;
  const pause = Math.max(pauseAfter(status, running.failures), askedMs);
  running.pausedUntil = Math.max(running.pausedUntil, now + pause);
  if (status === 410) end("gone", running, now);
  else if (now - running.failingSince >= givenUpAfterMs) end("failing", running, now);
}

/** It is asked for again when it could not be done and the next try ends alike. */
function end(reason: WebhookEnd, running: Running, now: number): void {
  running.pausedUntil = Math.max(running.pausedUntil, now + endAgainMs);
  running.tools.end(running.webhook, reason);
}

async function close(running: Running, signal: AbortSignal): Promise<void> {
  running.closing = true;
  running.stopTimer();
  const breakOff = () => running.breaking.abort();
  if (signal.aborted) breakOff();
  signal.addEventListener("abort", breakOff, { once: true });
  if (running.sending > 0) {
    await new Promise<void>((resolve) => {
      running.idle.add(() => running.sending === 0 && resolve());
    });
  }
  signal.removeEventListener("abort", breakOff);
  await running.keeper.finish();
}
