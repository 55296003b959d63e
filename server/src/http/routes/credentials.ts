import { type Static, Type } from "typebox";
import { timeOrderedId } from "../../engine/code/random.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { Credential } from "../../engine/settings.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { CredentialView, Name, viewCredential } from "../views/settings.ts";
import { IdParameters } from "../views/verification.ts";
import { clearable, deleteRoute, demandApp, found, readRoutes, settingsEvent } from "./entries.ts";

const Secret = Type.String({
  minLength: 1,
  maxLength: 32_768,
  description: "Password, token or key. It is sealed and never shown again.",
});
const Description = Type.String({ minLength: 1, maxLength: 500 });

const CreateBody = closed({ name: Name, secret: Secret, description: Type.Optional(Description) });
const UpdateBody = closed({
  name: Type.Optional(Name),
  secret: Type.Optional(Secret),
  description: clearable(Description),
});

/** `/v1/credentials`: the credential store. Secrets go in and are used; they never come out. */
export function credentialRoutes(services: EngineServices): RoutePlugin {
  const collection = services.store.settings.credentials;
  const entries = {
    path: "/v1/credentials",
    name: "credentials",
    noun: "credential",
    kind: "credential",
    collection,
  };
  return (app) => {
    createRoute(app, services);
    readRoutes(app, { ...entries, view: CredentialView, viewOf: viewCredential });
    updateRoute(app, services);
    deleteRoute(app, entries);
  };
}

function seal(organization: string, id: string, secret: string, { vault }: EngineServices): string {
  return vault.seal({ organization, table: "credentials", column: "secret", row: id }, secret);
}

function createRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/credentials",
    {
      config: { idempotent: "by_answer", access: requireScope("settings:write"), problems: ["name_taken"] },
      schema: {
        operationId: "credentials.create",
        summary: "Store a credential",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: CredentialView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const entity = await insertCredential(request.body, principal, services);
      return reply.code(201).send(viewCredential(entity));
    },
  );
}

/** Stores a credential. Throws `name_taken`. */
export async function insertCredential(
  { name, secret, description }: Static<typeof CreateBody>,
  principal: Principal,
  services: EngineServices,
): Promise<Credential> {
  const { organization } = principal;
  const now = services.clock.now();
  const id = timeOrderedId(now, services.random);
  const entity: Credential = {
    id,
    organization,
    name,
    description,
    secret: seal(organization, id, secret, services),
    createdAt: now,
    updatedAt: now,
  };
  const event = settingsEvent("created", { kind: "credential", id }, principal);
  await services.store.settings.credentials.insert(entity, event);
  return entity;
}

function updateRoute(app: App, services: EngineServices): void {
  app.patch(
    "/v1/credentials/:id",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "name_taken", "conflict"] },
      schema: {
        operationId: "credentials.update",
        summary: "Rename or describe a credential, or replace its secret",
        tags: ["settings"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: CredentialView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { id } = request.params;
      const { name, secret, description } = request.body;
      const fields = Object.keys(request.body);
      const entity = await services.store.settings.credentials.update(
        organization,
        id,
        {
          name,
          description,
          secret: secret === undefined ? undefined : seal(organization, id, secret, services),
        },
        settingsEvent("updated", { kind: "credential", id, fields }, principal),
      );
      return viewCredential(found(entity, "credential"));
    },
  );
}
