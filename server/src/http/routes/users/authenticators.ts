import { Type } from "typebox";
import { vouchedDestination } from "../../../engine/enrollment/begin.ts";
import { enableAuthenticator, revokeAuthenticator } from "../../../engine/enrollment/revoke.ts";
import { deliveryVias } from "../../../engine/model.ts";
import { narrowForUser } from "../../../engine/policy/resolve.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { AuthenticatorParameters, AuthenticatorView, isLiving, viewAuthenticator } from "../../views/user.ts";
import { IdParameters } from "../../views/verification.ts";
import { found, Nothing } from "../entries.ts";
import { DestinationInput, destinationAt } from "./create.ts";
import { managedUser } from "./manage.ts";

/** What a person or an admin calls an authenticator. */
export const Label = Type.String({ minLength: 1, maxLength: 64, examples: ["Work phone"] });

const AddBody = closed(
  {
    kind: Type.Enum([...deliveryVias]),
    to: { ...DestinationInput, description: "Number or address. You vouch that it is this person's." },
    label: Type.Optional(Label),
  },
  { examples: [{ kind: "sms", to: "+491713920012", label: "Work phone" }] },
);

const EnableBody = closed({
  reason: Type.String({
    minLength: 1,
    maxLength: 200,
    description: "Why, for the audit record: no secrets, numbers or addresses.",
  }),
});

/** The authenticators of one user. */
export function authenticatorRoutes(app: App, services: EngineServices): void {
  listRoute(app, services);
  addRoute(app, services);
  revokeRoute(app, services);
  enableRoute(app, services);
}

function listRoute(app: App, { store, settings, clock }: EngineServices): void {
  app.get(
    "/v1/users/:id/authenticators",
    {
      config: { access: requireScope("users:read"), problems: ["not_found"] },
      schema: {
        operationId: "authenticators.list",
        summary: "List the authenticators of a user",
        description: "Those in force, disabled or waiting for their confirmation.",
        tags: ["users"],
        params: IdParameters,
        response: {
          200: Type.Object({ authenticators: Type.Array(AuthenticatorView), next: Type.Null() }),
        },
      },
    },
    async (request) => {
      const { organization } = principalOf(request);
      const { id } = request.params;
      const user = found(await store.users.find(organization, id), "user");
      const views = await store.enrollments.list(organization, id);
      const policy = narrowForUser((await settings.scopeOf({ organization })).policy, user.policy);
      const living = views.filter((view) => isLiving(view, clock.now()));
      return { authenticators: living.map((view) => viewAuthenticator(view, policy)), next: null };
    },
  );
}

function addRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users/:id/authenticators",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("users:write"),
        problems: ["not_found", "invalid_destination", "number_type_blocked"],
      },
      schema: {
        operationId: "authenticators.create",
        summary: "Add a number or address that you vouch for",
        description: "It is active at once. To have the person confirm it, begin an enrollment instead.",
        tags: ["users"],
        params: IdParameters,
        body: AddBody,
        response: { 201: AuthenticatorView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { organization, actor } = principal;
      const { kind, to, label } = request.body;
      const user = await managedUser(request.params.id, principal, services);
      const destination = await destinationAt("/to", kind, to, principal, services);
      const authenticator = vouchedDestination(
        { organization, actor, user: user.id, kind, destination, label },
        services,
      );
      const now = services.clock.now();
      await services.store.enrollments.begin(authenticator, [], { organization, actor, now });
      return reply.code(201).send(viewAuthenticator({ authenticator }));
    },
  );
}

function revokeRoute(app: App, services: EngineServices): void {
  app.delete(
    "/v1/users/:id/authenticators/:authenticator",
    {
      config: { access: requireScope("users:write"), problems: ["not_found"] },
      schema: {
        operationId: "authenticators.revoke",
        summary: "Revoke an authenticator",
        description: "For good. What is pending on it can no longer be approved.",
        tags: ["users"],
        params: AuthenticatorParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { organization, actor } = principal;
      const { id, authenticator } = request.params;
      await managedUser(id, principal, services);
      await revokeAuthenticator({ organization, actor, user: id, authenticator }, services);
      return reply.code(204).send(null);
    },
  );
}

function enableRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users/:id/authenticators/:authenticator/enable",
    {
      config: { access: requireScope("users:write"), problems: ["not_found"] },
      schema: {
        operationId: "authenticators.enable",
        summary: "Enable an authenticator again",
        description: "Takes back what too many failures did, and forgives them. The reason is recorded.",
        tags: ["users"],
        params: AuthenticatorParameters,
        body: EnableBody,
        response: { 200: AuthenticatorView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { organization, actor } = principal;
      const { id, authenticator } = request.params;
      await managedUser(id, principal, services);
      const { reason } = request.body;
      return viewAuthenticator(
        await enableAuthenticator({ organization, actor, user: id, authenticator, reason }, services),
      );
    },
  );
}
