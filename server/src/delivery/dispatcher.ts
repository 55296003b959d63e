import type { DeliveryState, OrganizationId } from "../engine/model.ts";
import type { Delivery } from "../engine/outbox.ts";
import { type BreakerChange, type BreakerStatus, createBreakers } from "./breaker.ts";
import { createClaims } from "./claims.ts";
import { createLane, type Lane } from "./lane.ts";
import { takeUpLeftovers } from "./leftovers.ts";
import { createOpenProviders } from "./open-providers.ts";
import { type Job, record, runJob, type Sending, type SendingTools } from "./sending.ts";
import { createStates } from "./states.ts";

/** Sends what the outbox holds: claims, calls, fails over, records. It never says, keeps or throws what it sends. */
export interface Dispatcher {
  /** Called after the commit that wrote the delivery; returns at once. */
  poke(delivery: Delivery): void;
  /** Takes up what an earlier process left behind; resolves when all of it has ended. */
  recover(): Promise<void>;
  /**
   * State of a delivery, or of the newest delivery of a verification, once it is final; `sending` when it is not after
   * `ms`. Undefined: not known to this process.
   */
  waitFor(id: string, ms: number): Promise<DeliveryState | undefined>;
  /** How a provider stands with this process. */
  breakerOf(providerId: string): BreakerStatus;
  /** Closes the connections of an organization's providers, after its settings or credentials changed. */
  forget(organization: OrganizationId): Promise<void>;
  /** Takes nothing new, sends what is queued for at most `withinMs`, and leaves the rest to the next start. */
  close(withinMs?: number): Promise<void>;
}

export interface DispatcherOptions extends SendingTools {
  /** This process, as the outbox knows it. */
  readonly owner: string;
  /** Messages of one organization on their way at once; of all together eight times as many. Default 64. */
  readonly concurrency?: number;
  /** Messages waiting in memory; more than that wait in the outbox. Default 10,000. */
  readonly queueLength?: number;
  /** Time limit of one call of one provider. Default 5,000. */
  readonly providerTimeoutMs?: number;
  /** Told when a provider is left out from now on, or is back. */
  readonly onBreaker?: ((change: BreakerChange) => void) | undefined;
}

/** What goes on in one dispatcher. */
interface Running {
  readonly options: DispatcherOptions;
  readonly sending: Sending;
  readonly queueLength: number;
  readonly lane: Lane<Job>;
  scanning: boolean;
  /** Something waits in the outbox that is not in memory. */
  behind: boolean;
  closing: boolean;
}

/** So many organizations whose providers hang hold up the others' messages, and no fewer. */
const organizationsAtOnce = 8;
const drainMs = 10_000;
/** Calls that were told to end get this long to be recorded. */
const lastWordsMs = 1_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, clock, timers, owner, concurrency = 64 } = options;
  const sending: Sending = {
    tools: options,
    providers: createOpenProviders(options),
    claim: createClaims({ outbox: store.outbox, owner, clock }),
    states: createStates(timers),
    breakers: createBreakers({ clock, onChange: options.onBreaker }),
    isEnding: () => running.closing,
    active: new Set(),
    providerTimeoutMs: options.providerTimeoutMs ?? 5_000,
    onLeft: () => {
      running.behind = true;
    },
  };
  const running: Running = {
    options,
    sending,
    queueLength: options.queueLength ?? 10_000,
    lane: createLane<Job>({
      concurrency: concurrency * organizationsAtOnce,
      groups: { of: ({ delivery }) => delivery.organization, concurrency },
      timers,
      run: (job) => runJob(job, sending).finally(job.done),
      afterEach: () => catchUp(running),
    }),
    scanning: false,
    behind: false,
    closing: false,
  };

  return {
    poke: (delivery) => enqueue({ delivery, found: false, claimed: false, done: nothing }, running),
    recover: () => scan(() => true, running),
    waitFor: sending.states.waitFor,
    breakerOf: sending.breakers.statusOf,
    forget: (organization) => {
      sending.breakers.forget(organization);
      return sending.providers.forget(organization);
    },
    close: (withinMs = drainMs) => close(withinMs, running),
  };
}

function enqueue(job: Job, running: Running): void {
  const { states } = running.sending;
  const isFull = running.lane.waiting() >= running.queueLength;
  if (running.closing || isFull || states.isKnown(job.delivery.id)) {
    // A full queue loses nothing: the outbox holds the delivery, and it is fetched from there when there is room.
    running.behind ||= isFull;
    job.done();
    return;
  }
  states.begin(job.delivery);
  running.lane.push(job);
}

/** Fetches from the outbox what did not fit into memory or could not be claimed. */
function catchUp(running: Running): void {
  const hasRoom = running.lane.waiting() <= running.queueLength / 2;
  if (running.behind && hasRoom && !running.scanning && !running.closing) {
    running.behind = false;
    void scan((delivery) => delivery.state === "queued", running);
  }
}

async function scan(wanted: (delivery: Delivery) => boolean, running: Running): Promise<void> {
  const { store, owner, timers, onProblem } = running.options;
  running.scanning = true;
  const isComplete = await takeUpLeftovers(wanted, {
    outbox: store.outbox,
    owner,
    timers,
    isClosing: () => running.closing,
    takeUp: (delivery) => takeUp(delivery, running),
  });
  running.scanning = false;
  if (isComplete) {
    catchUp(running);
  } else {
    // The next message that ends tries again: a store that fails is not asked in a circle.
    running.behind = true;
    onProblem?.("scan_failed");
  }
}

async function takeUp(delivery: Delivery, running: Running): Promise<void> {
  if (delivery.state === "queued") {
    await new Promise<void>((done) => enqueue({ delivery, found: true, claimed: false, done }, running));
    return;
  }
  const { states } = running.sending;
  if (!states.isKnown(delivery.id)) {
    // It was being handed over when its process ended: sending it again could be one message too many.
    states.begin(delivery);
    await record(delivery, { state: "maybe_sent", reason: "interrupted", tries: 1 }, running.sending);
  }
}

async function close(withinMs: number, running: Running): Promise<void> {
  const { lane, sending } = running;
  running.closing = true;
  await lane.idleWithin(withinMs);
  for (const job of lane.empty()) {
    sending.states.end(job.delivery, "queued");
    job.done();
  }
  for (const controller of sending.active) {
    controller.abort();
  }
  await lane.idleWithin(lastWordsMs);
  await sending.providers.close();
}

function nothing(): void {
  // A poke waits for nothing.
}
