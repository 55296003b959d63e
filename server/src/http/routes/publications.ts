import { type Static, Type } from "typebox";
import type { Channel } from "../../channels/channel.ts";
import { publicationUrl, withDefaults } from "../../channels/publications.ts";
import type { ChannelRegistry } from "../../channels/registry.ts";
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
import { demandApp, found, Nothing, policyLayerOf, refused, settingsEvent } from "./entries.ts";
import { type SettingsOwner, settingsProblems } from "./settings-problems.ts";

const PublicationParameters = Type.Object({ id: IdParameter, publication: IdParameter });

const mutable = {
  mfa: Type.Optional(
    Type.Boolean({ description: "Whether people must prove who they are; true if not given." }),
  ),
  policy: Type.Optional(PolicyLayerSchema),
  settings: Type.Optional({
    ...SettingsObject,
    description: "By the schema of the channel, see `GET /v1/channels`.",
  }),
};
const CreateBody = closed({ name: Name, channel: Type.Enum([...channels]), ...mutable });
const UpdateBody = closed({ name: Type.Optional(Name), ...mutable });

export interface PublicationParts {
  readonly services: EngineServices;
  readonly channels: ChannelRegistry;
}

/** `/v1/apps/:id/publications`: the app on its channels. */
export function publicationRoutes(app: App, parts: PublicationParts): void {
  createRoute(app, parts);
  listRoute(app, parts);
  getRoute(app, parts);
  updateRoute(app, parts);
  deleteRoute(app, parts.services);
}

function createRoute(app: App, parts: PublicationParts): void {
  app.post(
    "/v1/apps/:id/publications",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_policy", "invalid_settings", "name_taken"],
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
      const entity = await insertPublication(request.params.id, request.body, principal, parts);
      return reply.code(201).send(viewOf(entity, parts));
    },
  );
}

/** Publishes an app. Throws `not_found`, `invalid_policy`, `invalid_settings` with every problem, or `name_taken`. */
export async function insertPublication(
  app: string,
  { name, channel, mfa, policy, settings }: Static<typeof CreateBody>,
  principal: Principal,
  parts: PublicationParts,
): Promise<Publication> {
  const { store, clock, random } = parts.services;
  demandApp(principal, app);
  const now = clock.now();
  const entity: Publication = {
    id: timeOrderedId(now, random),
    organization: principal.organization,
    app,
    name,
    channel,
    mfa: mfa ?? true,
    policy: policyLayerOf(policy, "publication") ?? {},
    settings: { ...settings },
    createdAt: now,
    updatedAt: now,
  };
  found(await store.settings.apps.find(principal.organization, app), "app");
  await demandSound(entity, parts);
  await store.settings.publications.insert(entity, publicationEvent("created", entity, principal));
  return entity;
}

function listRoute(app: App, parts: PublicationParts): void {
  const { store } = parts.services;
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
      return { publications: rows.map((row) => viewOf(row, parts)), next };
    },
  );
}

function getRoute(app: App, parts: PublicationParts): void {
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
    async (request) =>
      viewOf(await publicationAt(request.params, principalOf(request), parts.services), parts),
  );
}

function updateRoute(app: App, parts: PublicationParts): void {
  app.patch(
    "/v1/apps/:id/publications/:publication",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_policy", "invalid_settings", "name_taken", "conflict"],
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
      const publication = await publicationAt(request.params, principal, parts.services);
      return viewOf(await changePublication(publication, request.body, principal, parts), parts);
    },
  );
}

/** Changes what `body` names; policy and settings as a whole. Throws as `insertPublication` does. */
export async function changePublication(
  publication: Publication,
  body: Static<typeof UpdateBody>,
  principal: Principal,
  parts: PublicationParts,
): Promise<Publication> {
  const { name, mfa, policy, settings } = body;
  const change = { name, mfa, policy: policyLayerOf(policy, "publication") };
  if (settings) await demandSound({ ...publication, settings: { ...settings } }, parts);
  const updated = await parts.services.store.settings.publications.update(
    principal.organization,
    publication.id,
    { ...change, settings: settings && { ...settings } },
    publicationEvent("updated", publication, principal, Object.keys(body)),
  );
  return found(updated, "publication");
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

/** A channel that is served elsewhere (`api`, `portal`) has no settings. */
const withoutSettings: SettingsOwner = { settings: Type.Object({}, { additionalProperties: false }) };

/** Throws `invalid_settings` with every problem. */
async function demandSound(publication: Publication, { services, channels: registry }: PublicationParts) {
  const { organization, settings } = publication;
  const owner = ownerOf(registry.find(publication.channel));
  const tools = { credentials: services.store.settings.credentials, vault: services.vault };
  const problems = await settingsProblems(owner, settings, organization, tools);
  if (problems.length > 0) throw refused("invalid_settings", ...problems);
}

function ownerOf(channel: Channel | undefined): SettingsOwner {
  if (channel === undefined) return withoutSettings;
  const { settings } = channel;
  return { settings, validate: (given) => channel.validate?.(withDefaults(channel, given)) ?? [] };
}

function viewOf(publication: Publication, { services, channels: registry }: PublicationParts) {
  const served = registry.find(publication.channel) !== undefined;
  return viewPublication(
    publication,
    served ? publicationUrl(publication, services.settings.issuer) : undefined,
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
