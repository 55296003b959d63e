import type { TSchema } from "typebox";
import type { Outbound } from "../../delivery/http.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Timers } from "../../engine/tools.ts";
import type { Webhook } from "../../engine/webhooks.ts";
import { principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { listOf, PageQuery, readPage } from "../page.ts";
import { IdParameters } from "../views/verification.ts";
import { viewWebhook, WebhookView } from "../views/webhook.ts";
import { deleteRoute, demandApp, found } from "./entries.ts";
import { noticesRoute } from "./webhooks/notices.ts";
import { replayRoute } from "./webhooks/replay.ts";
import { createRoute, rotateRoute, updateRoute } from "./webhooks/save.ts";
import { tryRoute } from "./webhooks/try.ts";

export interface WebhookParts {
  readonly services: EngineServices;
  /** The guarded way out, for asking whether an address is allowed, and for a trial. */
  readonly outbound: Pick<Outbound, "fetch" | "addressesOf">;
  readonly timers: Timers;
}

/** `/v1/webhooks`: who outside is told of events, and what became of it. */
export function webhookRoutes(parts: WebhookParts): RoutePlugin {
  const entries = {
    path: "/v1/webhooks",
    name: "webhooks",
    noun: "web-hook",
    kind: "webhook",
    collection: parts.services.store.settings.webhooks,
  };
  return (app) => {
    createRoute(app, parts);
    readRoutes(app, parts);
    updateRoute(app, parts);
    deleteRoute(app, entries);
    rotateRoute(app, parts);
    tryRoute(app, parts);
    replayRoute(app, parts);
    noticesRoute(app, parts);
  };
}

/** Not those of other settings: how it fares stands beside what was set. */
function readRoutes(app: App, { services }: WebhookParts): void {
  const { settings, webhooks } = services.store;
  app.get(
    "/v1/webhooks",
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: "webhooks.list",
        summary: "List web-hooks",
        tags: ["webhooks"],
        querystring: PageQuery,
        response: { 200: listOf("webhooks", WebhookView) as TSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { rows, next } = await readPage<Webhook>(request.query, (page) =>
        settings.webhooks.list(organization, page),
      );
      const progress = await webhooks.progress(organization);
      return { webhooks: rows.map((webhook) => viewWebhook(webhook, progress.get(webhook.id))), next };
    },
  );
  app.get(
    "/v1/webhooks/:id",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "webhooks.get",
        summary: "Read a web-hook",
        tags: ["webhooks"],
        params: IdParameters,
        response: { 200: WebhookView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const webhook = found(await settings.webhooks.find(organization, request.params.id), "web-hook");
      return viewWebhook(webhook, (await webhooks.progress(organization)).get(webhook.id));
    },
  );
}
