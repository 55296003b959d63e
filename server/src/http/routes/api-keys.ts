import { type Static, Type } from "typebox";
import { generateApiKey } from "../../engine/code/api-key.ts";
import { CountersignError } from "../../engine/errors.ts";
import type { EngineServices } from "../../engine/services.ts";
import { type ApiKey, scopes } from "../../engine/settings.ts";
import { holdsScope, type Principal, principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed, Time } from "../schemas.ts";
import { ApiKeyView, Name, viewApiKey } from "../views/settings.ts";
import { IdParameter, IdParameters } from "../views/verification.ts";
import { demandApp, found, Nothing, readRoutes, refused } from "./entries.ts";

const CreateBody = closed(
  {
    name: Name,
    scopes: Type.Array(Type.Enum([...scopes]), {
      minItems: 1,
      uniqueItems: true,
      description: "What it may do; only scopes that your own key holds.",
    }),
    app: Type.Optional({ ...IdParameter, description: "The key works for this app only." }),
    expiresAt: Type.Optional(Time),
  },
  { examples: [{ name: "Voice agent", scopes: ["verifications:start", "verifications:check"] }] },
);

const CreatedView = Type.Object({
  ...ApiKeyView.properties,
  key: Type.String({ description: "The whole key. It is shown now and never again." }),
});

/** `/v1/api-keys` */
export function apiKeyRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    createRoute(app, services);
    readRoutes(app, {
      path: "/v1/api-keys",
      name: "apiKeys",
      noun: "API key",
      view: ApiKeyView,
      viewOf: viewApiKey,
      collection: services.store.settings.apiKeys,
    });
    revokeRoute(app, services);
  };
}

function createRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/api-keys",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["not_found", "name_taken"],
      },
      schema: {
        operationId: "apiKeys.create",
        summary: "Create an API key",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: CreatedView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { organization, actor } = principal;
      demandApp(principal, request.body.app);
      demandGrantable(request.body.scopes, principal);
      const { entity, key } = apiKeyOf(request.body, organization, services);
      if (entity.app !== undefined) {
        found(await services.store.settings.apps.find(organization, entity.app), "app");
      }
      await services.store.settings.apiKeys.insert(entity, {
        type: "api_key.created",
        organization,
        actor,
        details: { id: entity.id, scopes: entity.scopes.join(","), ...(entity.app && { app: entity.app }) },
      });
      return reply.code(201).send({ ...viewApiKey(entity), key });
    },
  );
}

/** Nobody makes a key that can do more than their own. */
function demandGrantable(wanted: ApiKey["scopes"], principal: Principal): void {
  const beyond = wanted.filter((scope) => !holdsScope(principal, scope));
  if (beyond.length === 0) return;
  throw new CountersignError("forbidden", "A key can grant only scopes that it holds.", {
    fields: [{ field: "/scopes", problem: `your key does not hold ${beyond.join(", ")}` }],
  });
}

function apiKeyOf(body: Static<typeof CreateBody>, organization: string, services: EngineServices) {
  const now = services.clock.now();
  const expiresAt = body.expiresAt === undefined ? undefined : Date.parse(body.expiresAt);
  if (expiresAt !== undefined && !(expiresAt > now)) {
    throw refused("invalid_request", { field: "/expiresAt", problem: "must be a time in the future" });
  }
  const mode = services.settings.production ? "live" : "test";
  const { key, id, digest, lastFour } = generateApiKey(mode, services.random);
  const entity: ApiKey = {
    id,
    organization,
    name: body.name,
    digest,
    lastFour,
    scopes: body.scopes,
    app: body.app,
    expiresAt,
    createdAt: now,
  };
  return { entity, key };
}

function revokeRoute(app: App, { store, clock }: EngineServices): void {
  app.delete(
    "/v1/api-keys/:id",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found"] },
      schema: {
        operationId: "apiKeys.revoke",
        summary: "Revoke an API key",
        description: "At once and for good. It stays in the list, so that the record can be read.",
        tags: ["settings"],
        params: IdParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization, actor } = principal;
      const { id } = request.params;
      const key = found(await store.settings.apiKeys.find(organization, id), "API key");
      // Revoking again must not move the time that the record names.
      if (key.revokedAt === undefined) {
        const event = { type: "api_key.revoked", organization, actor, details: { id } } as const;
        await store.settings.apiKeys.update(organization, id, { revokedAt: clock.now() }, event);
      }
      return reply.code(204).send(null);
    },
  );
}
