import { consoleFolder } from "./files.ts";
import type { RoutePlugin } from "./http/app.ts";
import { apiKeyRoutes } from "./http/routes/api-keys.ts";
import { appRoutes } from "./http/routes/apps.ts";
import { auditRoutes } from "./http/routes/audit.ts";
import { channelKindRoutes } from "./http/routes/channel-kinds.ts";
import { channelRoutes } from "./http/routes/channels.ts";
import { consoleRoutes } from "./http/routes/console.ts";
import { credentialRoutes } from "./http/routes/credentials.ts";
import { deliveryRoutes } from "./http/routes/delivery/web-hooks.ts";
import { destinationRoutes } from "./http/routes/destinations.ts";
import { docsRoutes } from "./http/routes/docs.ts";
import { eventsRoutes } from "./http/routes/events.ts";
import { importRoutes } from "./http/routes/imports.ts";
import { inboxRoutes } from "./http/routes/inbox.ts";
import { opsRoutes } from "./http/routes/ops.ts";
import { organizationRoutes } from "./http/routes/organization.ts";
import { policyRoutes } from "./http/routes/policy.ts";
import { providerRoutes } from "./http/routes/providers.ts";
import { receiptRoutes } from "./http/routes/receipts.ts";
import { sendingRoutes } from "./http/routes/sending.ts";
import { signalwireRoutes } from "./http/routes/signalwire.ts";
import { signalwireProjectRoutes } from "./http/routes/signalwire-projects.ts";
import { templateRoutes } from "./http/routes/templates.ts";
import { testNumberRoutes } from "./http/routes/test-numbers.ts";
import { userRoutes } from "./http/routes/users.ts";
import { verificationRoutes } from "./http/routes/verifications.ts";
import { webhookRoutes } from "./http/routes/webhooks.ts";
import type { Countersign } from "./server.ts";
import { systemTimers } from "./system.ts";

/** Every group of routes with its parts: one line each. */
export function routesOf(parts: Omit<Countersign, "app" | "listen" | "close">): readonly RoutePlugin[] {
  const { config, services, store, keyring, registry, inbox, metrics, outbound, channels, channelHost } =
    parts;
  const timers = systemTimers;
  const tls = config.publicUrl.startsWith("https:");
  const access = { token: config.metricsToken, loopback: false };
  const { maxStreams, maxStreamsPerKey } = config;
  return [
    opsRoutes({ store, metrics, access, timers, jwks: keyring.jwks }),
    verificationRoutes(services, metrics),
    channelRoutes(channelHost),
    deliveryRoutes(parts.intake),
    receiptRoutes(services),
    userRoutes(services),
    destinationRoutes(services),
    organizationRoutes(services),
    appRoutes({ services, channels }),
    channelKindRoutes(channels),
    policyRoutes(services),
    sendingRoutes(services),
    providerRoutes({
      services,
      registry,
      outbound,
      timers,
      allowSimulated: config.allowSimulatedDelivery,
      measured: { ...parts.measuring, breakerOf: parts.dispatcher.breakerOf },
    }),
    credentialRoutes(services),
    importRoutes({ services, registry, channels, allowSimulated: config.allowSimulatedDelivery }),
    templateRoutes(services),
    apiKeyRoutes(services),
    testNumberRoutes(services),
    signalwireProjectRoutes(services),
    signalwireRoutes(services, metrics),
    auditRoutes(services),
    webhookRoutes({ services, outbound, timers }),
    eventsRoutes({ store, timers, metrics, limits: { maxStreams, maxStreamsPerKey } }),
    inboxRoutes({ services, inbox, kinds: config.allowSimulatedDelivery ? [inbox.provider.id] : [] }),
    consoleRoutes({ folder: consoleFolder, tls }),
    ...(config.docs ? [docsRoutes({ origin: config.publicUrl, tls })] : []),
  ];
}
