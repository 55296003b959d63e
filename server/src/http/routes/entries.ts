import { type TSchema, Type } from "typebox";
import type { AuditDraft } from "../../engine/audit/event.ts";
import type { Collection } from "../../engine/collection.ts";
import { CountersignError, type ErrorCode, type FieldProblem } from "../../engine/errors.ts";
import type { AppId } from "../../engine/model.ts";
import type { PolicyLayer } from "../../engine/policy/policy.ts";
import type { PolicyLevel } from "../../engine/policy/settle.ts";
import { validatePolicyLayer } from "../../engine/policy/validate.ts";
import { canonicalLocale } from "../../languages/negotiate.ts";
import { type Principal, principalOf, requireScope } from "../access.ts";
import type { App } from "../app.ts";
import { listOf, PageQuery, readPage } from "../page.ts";
import { IdParameters } from "../views/verification.ts";
import { countryProblems } from "./sending/lists.ts";

/** The answer of a deletion: nothing. */
export const Nothing = Type.Null({ description: "Done." });

/** A field of a change that null empties. */
export function clearable<Schema extends TSchema>(schema: Schema) {
  return Type.Optional(Type.Union([schema, Type.Null()]));
}

/** The entry that was looked for. Throws `not_found`, alike for unknown and foreign ids. */
export function found<Entity>(entity: Entity | undefined, noun: string): Entity {
  if (entity === undefined) throw new CountersignError("not_found", `There is no such ${noun}.`);
  return entity;
}

/** A body that fits its schema and still makes no sense. */
export function refused(code: ErrorCode, ...fields: readonly FieldProblem[]): CountersignError {
  return new CountersignError(code, "The request is not valid.", { fields });
}

/** A key made for one app works for that app only, and not on what belongs to the whole organization. */
export function demandApp(principal: Principal, app?: AppId | undefined): void {
  if (principal.app === undefined || principal.app === app) return;
  throw new CountersignError("forbidden", "This key works for one app only.");
}

/** The layer of a body at `/policy`, checked. Throws `invalid_policy` with every problem, those already `known` among them. */
export function policyLayerOf(
  input: object | undefined,
  level: PolicyLevel,
  known: readonly FieldProblem[] = [],
): PolicyLayer | undefined {
  if (input === undefined) return undefined;
  const validated = validatePolicyLayer(input, { level, pointer: "/policy" });
  const fields = [...(validated.ok ? [] : validated.problems), ...countryProblems(input), ...known];
  if (validated.ok && fields.length === 0) return validated.layer;
  throw new CountersignError("invalid_policy", "The policy is not valid.", { fields });
}

/** A language tag in its one spelling. Throws `invalid_request`; undefined and null pass. */
export function localeOf<Absent extends undefined | null>(tag: string | Absent): string | Absent {
  if (tag === undefined || tag === null) return tag;
  const canonical = canonicalLocale(tag);
  if (canonical !== undefined) return canonical;
  throw refused("invalid_request", { field: "/locale", problem: "is not a language tag (BCP 47)" });
}

/** The event of a change of settings: which entry, and the names of the fields, never their values. */
export function settingsEvent(
  verb: "created" | "updated" | "deleted",
  entry: { readonly kind: string; readonly id: string; readonly fields?: readonly string[] },
  principal: Principal,
): AuditDraft {
  const { kind, id, fields } = entry;
  return {
    type: `settings.${verb}`,
    organization: principal.organization,
    actor: principal.actor,
    details: { kind, id, ...(fields && { fields: fields.join(",") }) },
  };
}

/** How a collection is read over HTTP. */
export interface EntryRoutes<Entity extends { readonly id: string }> {
  /** Address of the list: `/v1/credentials`. */
  readonly path: string;
  /** Member of the client, and of the list's answer: `credentials`. */
  readonly name: string;
  readonly noun: string;
  readonly view: TSchema;
  readonly viewOf: (entity: Entity) => unknown;
  readonly collection: Pick<Collection<Entity>, "list" | "find">;
}

/** `GET <path>` and `GET <path>/:id` of settings that belong to the whole organization. */
export function readRoutes<Entity extends { readonly id: string }>(
  app: App,
  routes: EntryRoutes<Entity>,
): void {
  const { path, name, noun, view, viewOf, collection } = routes;
  app.get(
    path,
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: `${name}.list`,
        summary: `List ${noun}s`,
        tags: ["settings"],
        querystring: PageQuery,
        response: { 200: listOf(name, view) as TSchema },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { rows, next } = await readPage(request.query, (page) =>
        collection.list(principal.organization, page),
      );
      return { [name]: rows.map(viewOf), next };
    },
  );
  app.get(
    `${path}/:id`,
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: `${name}.get`,
        summary: `Read ${withArticle(noun)}`,
        tags: ["settings"],
        params: IdParameters,
        response: { 200: view },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      return viewOf(found(await collection.find(principal.organization, request.params.id), noun));
    },
  );
}

/** `DELETE <path>/:id` of settings that belong to the whole organization. */
export function deleteRoute<Entity extends { readonly id: string }>(
  app: App,
  routes: Pick<EntryRoutes<Entity>, "path" | "name" | "noun"> & {
    /** As audit events name it: `credential`. */
    readonly kind: string;
    readonly collection: Pick<Collection<Entity>, "remove">;
  },
): void {
  const { path, name, noun, kind, collection } = routes;
  app.delete(
    `${path}/:id`,
    {
      config: { access: requireScope("settings:write"), problems: ["not_found", "in_use"] },
      schema: {
        operationId: `${name}.delete`,
        summary: `Delete ${withArticle(noun)}`,
        tags: ["settings"],
        params: IdParameters,
        response: { 204: Nothing },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { id } = request.params;
      const event = settingsEvent("deleted", { kind, id }, principal);
      found((await collection.remove(principal.organization, id, event)) || undefined, noun);
      return reply.code(204).send(null);
    },
  );
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
