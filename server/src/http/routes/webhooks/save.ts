import { type Static, Type } from "typebox";
import { webhookUrlProblem } from "../../../delivery/webhooks/address.ts";
import { newWebhookSecret, rotatedSecret, sealWebhookSecret } from "../../../delivery/webhooks/secret.ts";
import { type AuditEventType, auditEventTypes } from "../../../engine/audit/event.ts";
import { timeOrderedId } from "../../../engine/code/random.ts";
import type { FieldProblem } from "../../../engine/errors.ts";
import type { Webhook } from "../../../engine/webhooks.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed, Time } from "../../schemas.ts";
import { IdParameter, IdParameters, isoTime } from "../../views/verification.ts";
import { EventTypes, viewWebhook, WebhookView } from "../../views/webhook.ts";
import { clearable, demandApp, found, refused, settingsEvent } from "../entries.ts";
import type { WebhookParts } from "../webhooks.ts";

const Url = Type.String({
  minLength: 1,
  maxLength: 2_048,
  description: "Where events are sent to. It must be https, but in a network that the operator has opened.",
  examples: ["https://example.com/countersign"],
});
const Description = Type.String({ minLength: 1, maxLength: 500 });
const PublicationFilter = { ...IdParameter, description: "Only events of this publication." };

const CreateBody = closed({
  url: Url,
  description: Type.Optional(Description),
  events: Type.Optional(EventTypes),
  publication: Type.Optional(PublicationFilter),
  enabled: Type.Optional(Type.Boolean({ description: "True if not given." })),
});

const UpdateBody = closed({
  url: Type.Optional(Url),
  description: clearable(Description),
  events: Type.Optional(EventTypes),
  publication: clearable(PublicationFilter),
  enabled: Type.Optional(
    Type.Boolean({ description: "Switched on again, it goes on where it stopped: nothing is left out." }),
  ),
});

const SecretText = Type.String({
  description: "Signs what is sent (`whsec_…`, Standard Webhooks 1.0). It is shown now and never again.",
});

/** `POST /v1/webhooks` */
export function createRoute(app: App, parts: WebhookParts): void {
  const { store, clock, random, vault } = parts.services;
  app.post(
    "/v1/webhooks",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["invalid_settings"],
      },
      schema: {
        operationId: "webhooks.create",
        summary: "Create a web-hook",
        description: "It is told of what happens from now on.",
        tags: ["webhooks"],
        body: CreateBody,
        response: { 201: Type.Object({ ...WebhookView.properties, secret: SecretText }) },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { url, description, publication, enabled = true } = request.body;
      await demandSound(request.body, organization, parts);
      const now = clock.now();
      const id = timeOrderedId(now, random);
      const secret = newWebhookSecret(random);
      const webhook: Webhook = {
        id,
        organization,
        url: new URL(url).href,
        ...(description !== undefined && { description }),
        events: (request.body.events ?? []).filter(isEventType),
        ...(publication !== undefined && { publication }),
        enabled,
        ...(!enabled && { disabledReason: "by_admin", disabledAt: now }),
        secret: sealWebhookSecret({ id, organization }, secret, vault),
        createdAt: now,
        updatedAt: now,
      };
      const event = settingsEvent("created", { kind: "webhook", id }, principal);
      await store.settings.webhooks.insert(webhook, event);
      return reply.code(201).send({ ...viewWebhook(webhook, undefined), secret });
    },
  );
}

/** `PATCH /v1/webhooks/:id` */
export function updateRoute(app: App, parts: WebhookParts): void {
  const { store, clock } = parts.services;
  app.patch(
    "/v1/webhooks/:id",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_settings", "conflict"],
      },
      schema: {
        operationId: "webhooks.update",
        summary: "Change a web-hook, or switch it off or on",
        description: "Fields not given stay as they are. What has begun ends with the settings before.",
        tags: ["webhooks"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: WebhookView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { id } = request.params;
      found(await store.settings.webhooks.find(organization, id), "web-hook");
      await demandSound(request.body, organization, parts);
      const { url, events, ...said } = request.body;
      const change = {
        ...said,
        ...(events !== undefined && { events: events.filter(isEventType) }),
        ...(url !== undefined && { url: new URL(url).href }),
        ...switchedBy(said.enabled, clock.now()),
      };
      const entry = { kind: "webhook", id, fields: Object.keys(request.body) };
      const event = settingsEvent("updated", entry, principal);
      const webhook = found(
        await store.settings.webhooks.update(organization, id, change, event),
        "web-hook",
      );
      return viewWebhook(webhook, (await store.webhooks.progress(organization)).get(id));
    },
  );
}

function switchedBy(enabled: boolean | undefined, now: number) {
  if (enabled === undefined) return {};
  return enabled
    ? { disabledReason: null, disabledAt: null }
    : { disabledReason: "by_admin" as const, disabledAt: now };
}

/** Throws `invalid_settings` with every problem. */
async function demandSound(
  { url, publication, events = [] }: Static<typeof UpdateBody>,
  organization: string,
  { services, outbound }: WebhookParts,
): Promise<void> {
  const problems: FieldProblem[] = [];
  const problem = url === undefined ? undefined : await webhookUrlProblem(url, outbound.addressesOf);
  if (problem !== undefined) problems.push({ field: "/url", ...problem });
  if (typeof publication === "string") {
    const known = await services.store.settings.publications.find(organization, publication);
    if (known === undefined) {
      problems.push({ field: "/publication", problem: "is not a publication of this organization" });
    }
  }
  for (const [index, type] of events.entries()) {
    if (!isEventType(type)) problems.push({ field: `/events/${index}`, problem: "is not a type of event" });
  }
  if (problems.length > 0) throw refused("invalid_settings", ...problems);
}

function isEventType(type: string): type is AuditEventType {
  return (auditEventTypes as readonly string[]).includes(type);
}

const defaultOverlapSeconds = 86_400;

const RotateBody = closed({
  overlapSeconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 604_800,
      description:
        "How long the secret before signs as well, so that nothing is lost meanwhile. A day if not given.",
    }),
  ),
});

/** `POST /v1/webhooks/:id/secret` */
export function rotateRoute(app: App, parts: WebhookParts): void {
  const { store, clock, random, vault } = parts.services;
  app.post(
    "/v1/webhooks/:id/secret",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "conflict"] },
      schema: {
        operationId: "webhooks.rotate",
        summary: "Give a web-hook a new secret",
        description:
          "Until the overlap ends everything is signed by both; one that was still ending ends now.",
        tags: ["webhooks"],
        params: IdParameters,
        body: RotateBody,
        response: {
          200: Type.Object({ id: Type.String(), secret: SecretText, previousSecretUntil: Time }),
        },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { id } = request.params;
      const before = found(await store.settings.webhooks.find(organization, id), "web-hook");
      const now = clock.now();
      const until = now + (request.body.overlapSeconds ?? defaultOverlapSeconds) * 1000;
      const secret = newWebhookSecret(random);
      const change = rotatedSecret(before, secret, until, vault);
      const entry = { kind: "webhook", id, fields: ["secret"] };
      const event = settingsEvent("updated", entry, principal);
      found(await store.settings.webhooks.update(organization, id, change, event), "web-hook");
      return { id, secret, previousSecretUntil: isoTime(until) };
    },
  );
}
