import { Type } from "typebox";
import type { AuditDraft } from "../../../engine/audit/event.ts";
import type { Change } from "../../../engine/collection.ts";
import type { User } from "../../../engine/model.ts";
import type { EngineServices } from "../../../engine/services.ts";
import type { UserStore } from "../../../engine/users.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { listOf, pageParameters, readPage } from "../../page.ts";
import { closed } from "../../schemas.ts";
import { PolicyLayerSchema } from "../../views/settings.ts";
import { UserView, viewUser } from "../../views/user.ts";
import { IdParameters } from "../../views/verification.ts";
import { clearable, found, localeOf, Nothing, policyLayerOf } from "../entries.ts";
import { isNamed, usersNamed, wordsOf } from "./by-name.ts";
import { userFields } from "./create.ts";
import { demandRole, managedUser } from "./manage.ts";

const ListQuery = closed({
  ...pageParameters,
  externalId: Type.Optional({
    ...userFields.externalId,
    description: "Only the user with this id of yours.",
  }),
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: "\\S",
      description:
        "Only users whose `displayName` holds each of these words somewhere, whatever its case and accents. A page looks through at most 10,000 users, so it may hold few or none before the last one.",
    }),
  ),
});

const UpdateBody = closed({
  externalId: clearable(userFields.externalId),
  displayName: clearable(userFields.displayName),
  locale: clearable(userFields.locale),
  role: Type.Optional(userFields.role),
  policy: Type.Optional(PolicyLayerSchema),
  disabled: Type.Optional(
    Type.Boolean({ description: "A disabled user cannot be asked to prove anything." }),
  ),
});

/** List, read, change, delete and erase users. */
export function userEntryRoutes(app: App, services: EngineServices): void {
  listRoute(app, services);
  getRoute(app, services);
  updateRoute(app, services);
  deleteRoute(app, services);
  eraseRoute(app, services);
}

function listRoute(app: App, { store }: EngineServices): void {
  app.get(
    "/v1/users",
    {
      config: { access: requireScope("users:read") },
      schema: {
        operationId: "users.list",
        summary: "List users",
        tags: ["users"],
        querystring: ListQuery,
        response: { 200: listOf("users", UserView) },
      },
    },
    async (request) => {
      const { organization } = principalOf(request);
      const { externalId, name, ...query } = request.query;
      if (externalId !== undefined) {
        const user = await store.users.findByExternalId(organization, externalId);
        const isMeant = user !== undefined && isNamed(user, wordsOf(name ?? ""));
        return { users: isMeant ? [viewUser(user)] : [], next: null };
      }
      const { rows, next } =
        name === undefined
          ? await readPage(query, (page) => store.users.list(organization, page))
          : await usersNamed(name, query, organization, store.users);
      return { users: rows.map(viewUser), next };
    },
  );
}

function getRoute(app: App, { store }: EngineServices): void {
  app.get(
    "/v1/users/:id",
    {
      config: { access: requireScope("users:read"), problems: ["not_found"] },
      schema: {
        operationId: "users.get",
        summary: "Read a user",
        tags: ["users"],
        params: IdParameters,
        response: { 200: UserView },
      },
    },
    async (request) =>
      viewUser(found(await store.users.find(principalOf(request).organization, request.params.id), "user")),
  );
}

function updateRoute(app: App, services: EngineServices): void {
  app.patch(
    "/v1/users/:id",
    {
      config: {
        access: requireScope("users:write"),
        problems: ["not_found", "name_taken", "invalid_policy", "conflict"],
      },
      schema: {
        operationId: "users.update",
        summary: "Change a user",
        description: "Fields not given stay as they are; null empties one.",
        tags: ["users"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: UserView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { id } = request.params;
      const { disabled, locale, policy, ...fields } = request.body;
      const user = await managedUser(id, principal, services);
      if (fields.role !== undefined) demandRole(principal, fields.role);
      const change: Change<User> = {
        ...fields,
        locale: localeOf(locale),
        policy: policyLayerOf(policy, "user"),
        disabledAt: disabledAtOf(disabled, user, services),
      };
      const event = userEvent("user.updated", id, principal, Object.keys(request.body));
      return viewUser(
        found(await services.store.users.update(principal.organization, id, change, event), "user"),
      );
    },
  );
}

/** Null takes the disable away; disabling again keeps the first time. */
function disabledAtOf(
  disabled: boolean | undefined,
  user: User,
  { clock }: EngineServices,
): number | null | undefined {
  if (disabled === undefined) return undefined;
  return disabled ? (user.disabledAt ?? clock.now()) : null;
}

function deleteRoute(app: App, services: EngineServices): void {
  app.delete(
    "/v1/users/:id",
    {
      config: { access: requireScope("users:write"), problems: ["not_found"] },
      schema: {
        operationId: "users.delete",
        summary: "Delete a user",
        description:
          "With all authenticators; what is pending is canceled. The audit record keeps the id only.",
        tags: ["users"],
        params: IdParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const event = userEvent("user.deleted", request.params.id, principal);
      await letGo(event, principal, services.store.users.remove, services);
      return reply.code(204).send(null);
    },
  );
}

function eraseRoute(app: App, services: EngineServices): void {
  app.post(
    "/v1/users/:id/erase",
    {
      config: { access: requireScope("users:write"), problems: ["not_found"] },
      schema: {
        operationId: "users.erase",
        summary: "Erase a user",
        description:
          "Deletes the user and, in the same step, what verifications, conversations, messages and audit events say of them. What is pending is canceled. The audit chain stays verifiable; `user.erased` with the id is what remains.",
        tags: ["users"],
        params: IdParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const event = userEvent("user.erased", request.params.id, principal);
      await letGo(event, principal, services.store.users.erase, services);
      return reply.code(204).send(null);
    },
  );
}

/** @throws CountersignError `not_found`, or what {@link managedUser} refuses. */
async function letGo(
  event: AuditDraft & { readonly user: string },
  principal: Principal,
  goes: UserStore["remove"],
  services: EngineServices,
): Promise<void> {
  await managedUser(event.user, principal, services);
  found((await goes(principal.organization, event.user, event)) || undefined, "user");
}

function userEvent(
  type: "user.updated" | "user.deleted" | "user.erased",
  user: string,
  principal: Principal,
  fields?: readonly string[],
): AuditDraft & { readonly user: string } {
  const { organization, actor } = principal;
  return { type, organization, user, actor, ...(fields && { details: { fields: fields.join(",") } }) };
}
