import { Type } from "typebox";
import { timeOrderedId } from "../../engine/code/random.ts";
import { channels } from "../../engine/model.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Publication } from "../../engine/settings.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App } from "../app.ts";
import { listOf, PageQuery, readPage } from "../page.ts";
import { closed } from "../schemas.ts";
import {
  Name,
  PolicyLayerSchema,
  PublicationView,
  SettingsObject,
  viewPublication,
} from "../views/settings.ts";
import { IdParameter, IdParameters } from "../views/verification.ts";
import { demandApp, found, Nothing, policyLayerOf, settingsEvent } from "./entries.ts";

const PublicationParameters = Type.Object({ id: IdParameter, publication: IdParameter });

const mutable = {
  mfa: Type.Optional(
    Type.Boolean({ description: "Whether people must prove who they are; true if not given." }),
  ),
  policy: Type.Optional(PolicyLayerSchema),
  settings: Type.Optional({ ...SettingsObject, description: "Settings of the channel." }),
};
const CreateBody = closed({ name: Name, channel: Type.Enum([...channels]), ...mutable });
const UpdateBody = closed({ name: Type.Optional(Name), ...mutable });

/** `/v1/apps/:id/publications`: the app on its channels. */
export function publicationRoutes(app: App, services: EngineServices): void {
  createRoute(app, services);
  listRoute(app, services);
  getRoute(app, services);
  updateRoute(app, services);
  deleteRoute(app, services);
}

function createRoute(app: App, { store, clock, random }: EngineServices): void {
  app.post(
    "/v1/apps/:id/publications",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_policy", "name_taken"],
      },
      schema: {
        operationId: "publications.create",
        summary: "Publish an app on a channel",
        tags: ["settings"],
        params: IdParameters,
        body: CreateBody,
        response: { 201: PublicationView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id } = request.params;
      demandApp(principal, id);
      const { name, channel, mfa, policy, settings } = request.body;
      const now = clock.now();
      const entity: Publication = {
        id: timeOrderedId(now, random),
        organization: principal.organization,
        app: id,
        name,
        channel,
        mfa: mfa ?? true,
        policy: policyLayerOf(policy, "publication") ?? {},
        settings: { ...settings },
        createdAt: now,
        updatedAt: now,
      };
      found(await store.settings.apps.find(principal.organization, id), "app");
      await store.settings.publications.insert(entity, publicationEvent("created", entity, principal));
      return reply.code(201).send(viewPublication(entity));
    },
  );
}

function listRoute(app: App, { store }: EngineServices): void {
  app.get(
    "/v1/apps/:id/publications",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "publications.list",
        summary: "List the publications of an app",
        tags: ["settings"],
        params: IdParameters,
        querystring: PageQuery,
        response: { 200: listOf("publications", PublicationView) },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { id } = request.params;
      demandApp(principal, id);
      found(await store.settings.apps.find(principal.organization, id), "app");
      const { rows, next } = await readPage(request.query, (page) =>
        store.settings.publications.list(principal.organization, page, { app: id }),
      );
      return { publications: rows.map(viewPublication), next };
    },
  );
}

function getRoute(app: App, services: EngineServices): void {
  app.get(
    "/v1/apps/:id/publications/:publication",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "publications.get",
        summary: "Read a publication",
        tags: ["settings"],
        params: PublicationParameters,
        response: { 200: PublicationView },
      },
    },
    async (request) => viewPublication(await publicationAt(request.params, principalOf(request), services)),
  );
}

function updateRoute(app: App, services: EngineServices): void {
  app.patch(
    "/v1/apps/:id/publications/:publication",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_policy", "name_taken", "conflict"],
      },
      schema: {
        operationId: "publications.update",
        summary: "Change a publication",
        description: "Fields not given stay as they are. Policy and settings are replaced as a whole.",
        tags: ["settings"],
        params: PublicationParameters,
        body: UpdateBody,
        response: { 200: PublicationView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const publication = await publicationAt(request.params, principal, services);
      const { name, mfa, policy, settings } = request.body;
      const updated = await services.store.settings.publications.update(
        principal.organization,
        publication.id,
        { name, mfa, policy: policyLayerOf(policy, "publication"), settings: settings && { ...settings } },
        publicationEvent("updated", publication, principal, Object.keys(request.body)),
      );
      return viewPublication(found(updated, "publication"));
    },
  );
}

function deleteRoute(app: App, services: EngineServices): void {
  app.delete(
    "/v1/apps/:id/publications/:publication",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "in_use"] },
      schema: {
        operationId: "publications.delete",
        summary: "Delete a publication",
        tags: ["settings"],
        params: PublicationParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const publication = await publicationAt(request.params, principal, services);
      const event = publicationEvent("deleted", publication, principal);
      const { organization, id } = publication;
      found(
        (await services.store.settings.publications.remove(organization, id, event)) || undefined,
        "publication",
      );
      return reply.code(204).send(null);
    },
  );
}

/** The publication of this very app. */
async function publicationAt(
  parameters: { readonly id: string; readonly publication: string },
  principal: Principal,
  { store }: EngineServices,
): Promise<Publication> {
  demandApp(principal, parameters.id);
  const publication = await store.settings.publications.find(principal.organization, parameters.publication);
  return found(publication?.app === parameters.id ? publication : undefined, "publication");
}

function publicationEvent(
  verb: "created" | "updated" | "deleted",
  { id, app }: Publication,
  principal: Principal,
  fields?: readonly string[],
) {
  const event = settingsEvent(verb, { kind: "publication", id, ...(fields && { fields }) }, principal);
  return { ...event, details: { ...event.details, app, publication: id } };
}
