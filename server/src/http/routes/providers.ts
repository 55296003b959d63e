import { Type } from "typebox";
import type { Outbound } from "../../delivery/http.ts";
import type { ProviderRegistry } from "../../delivery/registry.ts";
import { createTrialLimit } from "../../delivery/webhooks/trial.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Timers } from "../../engine/tools.ts";
import { requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { ProviderKindView, ProviderView, viewProvider, viewProviderKind } from "../views/provider.ts";
import { deleteRoute, readRoutes } from "./entries.ts";
import { type HealthParts, healthRoute } from "./providers/health.ts";
import { probeRoute } from "./providers/probe.ts";
import { createProviderRoute, updateProviderRoute } from "./providers/save.ts";
import { testRoute } from "./providers/test.ts";

export interface ProviderParts {
  readonly services: EngineServices;
  readonly registry: ProviderRegistry;
  readonly outbound: Outbound;
  readonly timers: Timers;
  readonly measured: HealthParts;
  /** Whether the simulated phone and mailbox may be used at all. */
  readonly allowSimulated: boolean;
}

/** `/v1/providers` and `/v1/provider-kinds`: how messages leave. */
export function providerRoutes(parts: ProviderParts): RoutePlugin {
  const collection = parts.services.store.settings.providers;
  const entries = {
    path: "/v1/providers",
    name: "providers",
    noun: "provider",
    kind: "provider",
    collection,
  };
  return (app) => {
    const tools = { ...parts, limit: createTrialLimit() };
    kindsRoute(app, parts);
    createProviderRoute(app, parts);
    readRoutes(app, { ...entries, view: ProviderView, viewOf: viewProvider });
    updateProviderRoute(app, parts);
    deleteRoute(app, entries);
    healthRoute(app, parts);
    probeRoute(app, tools);
    testRoute(app, tools);
  };
}

function kindsRoute(app: App, { registry, allowSimulated }: ProviderParts): void {
  app.get(
    "/v1/provider-kinds",
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: "providerKinds.list",
        summary: "List the kinds of providers",
        description: "Each with the JSON Schema of its settings.",
        tags: ["settings"],
        response: { 200: Type.Object({ kinds: Type.Array(ProviderKindView), next: Type.Null() }) },
      },
    },
    async () => {
      const kinds = registry.all.filter(({ simulated }) => allowSimulated || simulated !== true);
      return { kinds: kinds.map(viewProviderKind), next: null };
    },
  );
}
