import { Type } from "typebox";
import { timeOrderedId } from "../../engine/code/random.ts";
import type { EngineServices } from "../../engine/services.ts";
import { principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { AppView, Name, PolicyLayerSchema, viewApp } from "../views/settings.ts";
import { IdParameters } from "../views/verification.ts";
import { deleteRoute, demandApp, found, policyLayerOf, readRoutes, settingsEvent } from "./entries.ts";
import { type PublicationParts, publicationRoutes } from "./publications.ts";

const CreateBody = closed({ name: Name, policy: Type.Optional(PolicyLayerSchema) });
const UpdateBody = closed({ name: Type.Optional(Name), policy: Type.Optional(PolicyLayerSchema) });

/** `/v1/apps` and their publications. */
export function appRoutes(parts: PublicationParts): RoutePlugin {
  const { services } = parts;
  const collection = services.store.settings.apps;
  const entries = { path: "/v1/apps", name: "apps", noun: "app", kind: "app", collection };
  return (app) => {
    createRoute(app, services);
    readRoutes(app, { ...entries, view: AppView, viewOf: viewApp });
    updateRoute(app, services);
    deleteRoute(app, entries);
    publicationRoutes(app, parts);
  };
}

function createRoute(app: App, { store, clock, random }: EngineServices): void {
  app.post(
    "/v1/apps",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["invalid_policy", "name_taken"],
      },
      schema: {
        operationId: "apps.create",
        summary: "Create an app",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: AppView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { name, policy } = request.body;
      const now = clock.now();
      const entity = {
        id: timeOrderedId(now, random),
        organization: principal.organization,
        name,
        policy: policyLayerOf(policy, "app") ?? {},
        createdAt: now,
        updatedAt: now,
      };
      const event = settingsEvent("created", { kind: "app", id: entity.id }, principal);
      await store.settings.apps.insert(entity, event);
      return reply.code(201).send(viewApp(entity));
    },
  );
}

function updateRoute(app: App, { store }: EngineServices): void {
  app.patch(
    "/v1/apps/:id",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_policy", "name_taken", "conflict"],
      },
      schema: {
        operationId: "apps.update",
        summary: "Change an app",
        description: "Fields not given stay as they are. The policy is replaced as a whole.",
        tags: ["settings"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: AppView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { id } = request.params;
      demandApp(principal, id);
      const { name, policy } = request.body;
      const fields = Object.keys(request.body);
      const event = settingsEvent("updated", { kind: "app", id, fields }, principal);
      const change = { name, policy: policyLayerOf(policy, "app") };
      return viewApp(
        found(await store.settings.apps.update(principal.organization, id, change, event), "app"),
      );
    },
  );
}
