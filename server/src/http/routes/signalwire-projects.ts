import { type Static, Type } from "typebox";
import { generateProjectToken, projectTokenDigest } from "../../engine/code/project-token.ts";
import { randomId } from "../../engine/code/random.ts";
import type { EngineServices } from "../../engine/services.ts";
import type { SignalwireProject } from "../../engine/settings.ts";
import { principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { Name } from "../views/settings.ts";
import { SignalwireProjectView, viewSignalwireProject } from "../views/signalwire-project.ts";
import { IdParameter, IdParameters } from "../views/verification.ts";
import { deleteRoute, demandApp, found, readRoutes, settingsEvent } from "./entries.ts";

const Project = Type.String({
  pattern: "^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$",
  description: "Id of an existing project; if not given, one is made.",
});

const Token = Type.String({
  minLength: 16,
  maxLength: 256,
  pattern: "^[\\x21-\\x7e]+$",
  description:
    "An existing API token, at least 16 characters; if not given, one is made. It is never shown again.",
});

const From = Type.Array(Type.String({ pattern: "^\\+[1-9][0-9]{6,14}$" }), {
  maxItems: 100,
  uniqueItems: true,
  description: "Numbers (E.164) that messages may come from. The first is taken where a request names none.",
});

const Links = Type.Enum(["allowed", "refused"], {
  description: "Whether the text of a message may hold a link; `allowed` if not given.",
});

const CreateBody = closed(
  {
    name: Name,
    project: Type.Optional(Project),
    token: Type.Optional(Token),
    from: Type.Optional(From),
    links: Type.Optional(Links),
    app: Type.Optional({ ...IdParameter, description: "The app whose policy holds." }),
  },
  { examples: [{ name: "Contact Finder", from: ["+12025550100"] }] },
);

const UpdateBody = closed({
  name: Type.Optional(Name),
  token: Type.Optional(Token),
  from: Type.Optional(From),
  links: Type.Optional(Links),
});

const CreatedView = Type.Object({
  ...SignalwireProjectView.properties,
  token: Type.Optional(
    Type.String({ description: "The token that was made. It is shown now and never again." }),
  ),
});

/** `/v1/signalwire-projects`: who may log in to the SignalWire-compatible surface. */
export function signalwireProjectRoutes(services: EngineServices): RoutePlugin {
  const entries = {
    path: "/v1/signalwire-projects",
    name: "signalwireProjects",
    noun: "SignalWire project",
    kind: "signalwire_project",
    collection: services.store.settings.signalwireProjects,
  };
  return (app) => {
    createRoute(app, services);
    readRoutes(app, { ...entries, view: SignalwireProjectView, viewOf: viewSignalwireProject });
    updateRoute(app, services);
    deleteRoute(app, entries);
  };
}

function createRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/signalwire-projects",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["not_found", "name_taken"],
      },
      schema: {
        operationId: "signalwireProjects.create",
        summary: "Add a SignalWire project",
        description: "A project id and token for clients of SignalWire's MFA API: made here, or taken over.",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: CreatedView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal, request.body.app);
      const { entity, made } = projectFrom(request.body, principal.organization, services);
      if (entity.app !== undefined) {
        found(await services.store.settings.apps.find(entity.organization, entity.app), "app");
      }
      const event = settingsEvent("created", { kind: "signalwire_project", id: entity.id }, principal);
      await services.store.settings.signalwireProjects.insert(entity, event);
      return reply.code(201).send({
        ...viewSignalwireProject(entity),
        ...(made !== undefined && { token: made }),
      });
    },
  );
}

/** `made`: the token, where it was not the caller's. */
function projectFrom(body: Static<typeof CreateBody>, organization: string, services: EngineServices) {
  const { random, clock, vault } = services;
  const made = body.token === undefined ? generateProjectToken(random) : undefined;
  const token = made ?? body.token ?? "";
  const id = body.project?.toLowerCase() ?? randomId(random);
  const now = clock.now();
  const entity: SignalwireProject = {
    id,
    organization,
    name: body.name,
    tokenDigest: projectTokenDigest(id, token, vault),
    lastFour: token.slice(-4),
    from: body.from ?? [],
    links: body.links ?? "allowed",
    app: body.app,
    createdAt: now,
    updatedAt: now,
  };
  return { entity, made };
}

function updateRoute(app: App, services: EngineServices): void {
  app.patch(
    "/v1/signalwire-projects/:id",
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "name_taken", "conflict"] },
      schema: {
        operationId: "signalwireProjects.update",
        summary: "Change a SignalWire project, or replace its token",
        tags: ["settings"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: SignalwireProjectView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { id } = request.params;
      const { token, ...change } = request.body;
      const fields = Object.keys(request.body);
      const replaced = token !== undefined && {
        tokenDigest: projectTokenDigest(id, token, services.vault),
        lastFour: token.slice(-4),
      };
      const entity = await services.store.settings.signalwireProjects.update(
        principal.organization,
        id,
        { ...change, ...replaced },
        settingsEvent("updated", { kind: "signalwire_project", id, fields }, principal),
      );
      return viewSignalwireProject(found(entity, "SignalWire project"));
    },
  );
}
