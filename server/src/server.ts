import { existsSync, mkdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { ChannelTools } from "./channels/channel.ts";
import { type ChannelHost, createChannelHost } from "./channels/host.ts";
import { createServedPublications } from "./channels/publications.ts";
import { type ChannelRegistry, createChannelRegistry } from "./channels/registry.ts";
import type { Config } from "./config/load.ts";
import { addNumberFacts } from "./delivery/destination-facts.ts";
import { createDispatcher, type Dispatcher } from "./delivery/dispatcher.ts";
import type { Outbound } from "./delivery/http.ts";
import { createIntake, type Intake } from "./delivery/intake/intake.ts";
import { createOrder } from "./delivery/order.ts";
import { createOrganizationDelivery, type OrganizationDelivery } from "./delivery/organization-settings.ts";
import { createLazyOutbound } from "./delivery/outbound.ts";
import { createInbox, type Inbox } from "./delivery/providers/inbox.ts";
import { createRegistry, type ProviderRegistry } from "./delivery/registry.ts";
import { createWebhookSender, type WebhookSender } from "./delivery/webhooks/sender.ts";
import { takeTurn } from "./dialogue/turn.ts";
import { systemRandom, timeOrderedId } from "./engine/code/random.ts";
import { createSettings } from "./engine/policy/source.ts";
import type { EngineServices } from "./engine/services.ts";
import type { Store } from "./engine/store.ts";
import type { Clock } from "./engine/tools.ts";
import { type App, createApp } from "./http/app.ts";
import { createMetrics, type Metrics } from "./http/metrics.ts";
import { defaultHttpSettings, type HttpLimits } from "./http/settings.ts";
import { type Measuring, measure } from "./measuring.ts";
import { createRetentionJob, retentionRules } from "./retention-job.ts";
import { routesOf } from "./routes.ts";
import { createKeyFile } from "./store/keys/key-file.ts";
import type { Keyring } from "./store/keys/keyring.ts";
import { loadKeyset } from "./store/keys/load.ts";
import { type OpenStore, openSqliteStore } from "./store/sqlite/open.ts";
import { giveMemoryBack, monotonicClock, systemClock, systemTimers } from "./system.ts";

/** A running engine: everything but the listening socket. */
export interface Countersign {
  readonly config: Config;
  readonly store: Store;
  readonly keyring: Keyring;
  readonly services: EngineServices;
  readonly dispatcher: Dispatcher;
  readonly registry: ProviderRegistry;
  readonly inbox: Inbox;
  readonly metrics: Metrics;
  readonly measuring: Pick<Measuring, "health" | "record">;
  /** The guarded way out, for asking a provider whether it works. */
  readonly outbound: Outbound;
  /** Hears what providers say of messages, and tells them what to say in calls. */
  readonly intake: Intake;
  /** Tells web-hooks what happens. */
  readonly sender: WebhookSender;
  readonly channels: ChannelRegistry;
  readonly channelHost: ChannelHost;
  readonly app: App;
  /** Starts to listen and to send what was left over; gives the address it listens on. */
  listen(): Promise<string>;
  /** Answers what was begun, sends what is queued, closes the store. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly environment: Record<string, string | undefined>;
  readonly version: string;
  /** The store died and nothing can be acknowledged: the process should end. */
  readonly onFatal: (error: Error) => void;
  /** Other limits than the ordinary ones: a rehearsal on a busy machine must not be turned away. */
  readonly limits?: Partial<HttpLimits> | undefined;
  /** Another clock than the system's, for rehearsals of what time does. */
  readonly clock?: Clock | undefined;
  /** Where log lines go; default: standard output. */
  readonly log?: { write(line: string): void } | undefined;
}

/** How often verifications whose time is over are closed. */
const sweepMs = 5_000;
const sweepRows = 1_000;

/** Builds the server from its parts; the one place that knows all of them. Errors name what the operator must mend. */
export async function openCountersign(config: Config, options: StartOptions): Promise<Countersign> {
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const opened = await openStore(config, options);
  try {
    await addNumberFacts(opened.store.enrollments, opened.keyring);
    return await build(config, options, opened);
  } catch (error) {
    // An open store would keep the process alive that has nothing left to do.
    await opened.store.close();
    throw error;
  }
}

async function build(
  config: Config,
  options: StartOptions,
  { store: opened, keyring }: OpenStore,
): Promise<Countersign> {
  const { clock = systemClock } = options;
  const metrics = createMetrics();
  const { store, ...measuring } = measure(opened, { metrics, clock });
  const settings = createSettings(store.settings, {
    issuer: config.publicUrl,
    production: config.mode === "production",
  });
  const inbox = createInbox();
  const registry = createRegistry([inbox.provider]);
  const delivery = createOrganizationDelivery({
    store: store.settings,
    settings,
    vault: keyring,
    // A simulated provider left over from development delivers nothing where it is not allowed.
    isUsable: (kind) => config.allowSimulatedDelivery || registry.find(kind)?.simulated !== true,
  });
  const { secretOf } = delivery;
  const outbound = createLazyOutbound({ allow: config.outboundAllow });
  const { intake, dispatcher } = openDispatcher({
    config,
    store,
    keyring,
    registry,
    delivery,
    outbound,
    measuring,
    clock,
  });
  delivery.onChange((organization) => void dispatcher.forget(organization));
  const services: EngineServices = {
    store,
    settings,
    clock,
    random: systemRandom,
    vault: keyring,
    dispatch: (message) => dispatcher.poke(message),
  };
  const channels = createChannelRegistry();
  const channelHost = openChannels(channels, {
    services,
    secretOf,
    fetch: outbound.fetch,
    publicUrl: config.publicUrl,
    waitForDelivery: dispatcher.waitFor,
    // Only asked by requests, and those come when the server is built.
    holderOf: async (apiKey) => app.principals.find(apiKey),
  });
  const sender = openWebhookSender({ store, keyring, metrics, outbound }, clock);
  const delivering = { dispatcher, intake, registry, inbox, outbound, sender, measuring };
  const parts = { config, store, keyring, services, metrics, channels, channelHost, ...delivering };
  const app = await createApp({
    settings: httpSettings(config, options),
    store,
    keeping: { answers: store.answers, vault: keyring, clock },
    clock,
    monotonic: monotonicClock,
    timers: systemTimers,
    metrics,
    version: options.version,
    routes: routesOf(parts),
    log: options.log,
  });
  return { ...parts, app, ...lifeOf(app, parts, clock) };
}

/** What sends messages, and what hears of them afterwards. */
function openDispatcher({
  config,
  store,
  keyring,
  registry,
  delivery,
  outbound,
  measuring,
  clock,
}: Pick<Countersign, "config" | "store" | "keyring" | "registry" | "outbound"> & {
  readonly delivery: OrganizationDelivery;
  readonly measuring: Omit<Measuring, "store">;
  readonly clock: Clock;
}): Pick<Countersign, "intake" | "dispatcher"> {
  const { secretOf, providersOf, routingOf, compose } = delivery;
  const calling = { ...outbound, registry, secretOf, providersOf };
  const common = { ...calling, store, vault: keyring, clock, timers: systemTimers };
  const intake = createIntake({
    ...common,
    random: systemRandom,
    publicUrl: config.publicUrl,
    dispatch: (message) => dispatcher.poke(message),
  });
  const dispatcher = createDispatcher({
    ...common,
    ...measuring.listeners,
    arrange: createOrder({ ...measuring, routingOf }),
    compose,
    callbacks: config.deliveryReports ? intake.callbacks : undefined,
    owner: timeOrderedId(clock.now(), systemRandom),
  });
  return { intake, dispatcher };
}

function openWebhookSender(
  { store, keyring, metrics, outbound }: Pick<Countersign, "store" | "keyring" | "metrics" | "outbound">,
  clock: Clock,
): WebhookSender {
  return createWebhookSender({
    store,
    fetch: outbound.fetch,
    vault: keyring,
    clock,
    timers: systemTimers,
    random: systemRandom,
    owner: timeOrderedId(clock.now(), systemRandom),
    onTold: ({ ok }) => metrics.webhookTold(ok ? "delivered" : "failed"),
  });
}

function openChannels(registry: ChannelRegistry, tools: ChannelTools): ChannelHost {
  const { settings } = tools.services.store;
  const publications = createServedPublications({ registry, settings, publicUrl: tools.publicUrl });
  return createChannelHost({ registry, publications, takeTurn, tools });
}

async function openStore(config: Config, options: StartOptions): Promise<OpenStore> {
  const { keyFile: path } = config;
  // Only beside a database that does not exist yet: a new key for an old database would hide that the old one is lost.
  if (path !== undefined && !existsSync(path) && !existsSync(config.databasePath)) {
    createKeyFile(path, systemRandom);
  }
  const { keyset } = loadKeyset({ path, environment: options.environment });
  return openSqliteStore({
    path: config.databasePath,
    keyset,
    checkpoints: config.checkpointsPath,
    lock: config.lockPath,
    clock: options.clock,
    onFatal: options.onFatal,
  });
}

function httpSettings(config: Config, options: StartOptions) {
  return {
    ...defaultHttpSettings,
    // A demo's key must not open a server that has gone into production.
    keyMode: config.mode === "production" ? ("live" as const) : undefined,
    tls: config.publicUrl.startsWith("https:"),
    trustedProxies: config.trustedProxies,
    logLevel: config.logLevel,
    docs: config.docs,
    metrics: { token: config.metricsToken, loopback: false },
    limits: {
      ...defaultHttpSettings.limits,
      keyRequestsPerSecond: config.keyRequestsPerSecond,
      organizationRequestsPerSecond: config.organizationRequestsPerSecond,
      requestBurstSeconds: config.requestBurstSeconds,
      ...options.limits,
    },
  };
}

/** Listening, sweeping and ending. */
function lifeOf(
  app: App,
  {
    config,
    store,
    dispatcher,
    intake,
    sender,
    metrics,
  }: Pick<Countersign, "config" | "store" | "dispatcher" | "intake" | "sender" | "metrics">,
  clock: Clock,
) {
  let sweeping: Promise<unknown> = Promise.resolve();
  const stopSweep = systemTimers.every(sweepMs, () => {
    // A store that is full or closing refuses; the next sweep finds the same rows.
    sweeping = Promise.all([
      store.verifications.expire(clock.now(), sweepRows),
      store.conversations.forget(clock.now(), sweepRows),
    ]).catch(() => undefined);
  });
  const rules = retentionRules(config);
  const retention = createRetentionJob({ store, rules, clock, timers: systemTimers, metrics });
  return {
    listen: async () => {
      giveMemoryBack();
      await app.listen({ host: config.host, port: config.port });
      void dispatcher.recover();
      void sender.start();
      retention.start();
      const { address, port } = app.server.address() as AddressInfo;
      return `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
    },
    close: async () => {
      stopSweep();
      await app.close();
      await Promise.all([dispatcher.close(), intake.close(), sender.close(), retention.close()]);
      await sweeping;
      await store.close();
    },
  };
}
