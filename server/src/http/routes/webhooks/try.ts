import { Type } from "typebox";
import { createTrialLimit, tryWebhook } from "../../../delivery/webhooks/trial.ts";
import { CountersignError } from "../../../engine/errors.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { IdParameters } from "../../views/verification.ts";
import { demandApp, found } from "../entries.ts";
import type { WebhookParts } from "../webhooks.ts";

const TrialView = Type.Object({
  ok: Type.Boolean({ description: "It answered 2xx." }),
  status: Type.Optional(Type.Integer({ description: "HTTP status; absent when nothing answered in time." })),
});

/** `POST /v1/webhooks/:id/test` */
export function tryRoute(app: App, { services, outbound, timers }: WebhookParts): void {
  const { store, clock, vault } = services;
  const limit = createTrialLimit();
  app.post(
    "/v1/webhooks/:id/test",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "rate_limited"] },
      schema: {
        operationId: "webhooks.test",
        summary: "Try a web-hook",
        description:
          "Sends one event of type `webhook.tested` at once and once, also to one that is off, and says what was answered within five seconds.",
        tags: ["webhooks"],
        params: IdParameters,
        response: { 200: TrialView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization, actor } = principal;
      const { id } = request.params;
      const webhook = found(await store.settings.webhooks.find(organization, id), "web-hook");
      const retryAfterSeconds = limit.enter(organization, clock.now());
      if (retryAfterSeconds !== undefined) {
        throw new CountersignError("rate_limited", "Web-hooks may be tried five times a minute.", {
          retryAfterSeconds,
        });
      }
      const { ok, status } = await tryWebhook(webhook, { fetch: outbound.fetch, vault, clock, timers });
      const details = { id, ok, status: status ?? null };
      await store.audit.append({ type: "webhook.tested", organization, actor, details }, clock.now());
      return { ok, ...(status !== undefined && { status }) };
    },
  );
}
