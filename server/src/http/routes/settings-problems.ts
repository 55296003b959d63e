import type { FastifySchemaValidationError } from "fastify";
import type { TObject, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { FieldProblem } from "../../engine/errors.ts";
import type { OrganizationId } from "../../engine/model.ts";
import type { SettingsStore } from "../../engine/store.ts";
import { fieldProblems } from "../validation.ts";

/** A provider kind or a channel: who says what its settings are. */
export interface SettingsOwner {
  readonly settings: TObject;
  validate?(settings: Readonly<Record<string, unknown>>): readonly string[];
}

/** Everything that is wrong with settings at `/settings`: by the schema, by the owner's own rules, and what they refer to. */
export async function settingsProblems(
  owner: SettingsOwner,
  settings: Readonly<Record<string, unknown>>,
  organization: OrganizationId,
  store: Pick<SettingsStore, "credentials">,
): Promise<readonly FieldProblem[]> {
  const schema = schemaProblems(owner.settings, settings);
  // The owner's own rules may rely on the schema.
  const own = schema.length > 0 ? [] : (owner.validate?.(settings) ?? []);
  return [
    ...schema,
    ...own.map((problem) => ({ field: "/settings", problem })),
    ...(await credentialProblems(owner.settings, settings, organization, store)),
  ];
}

function schemaProblems(schema: TSchema, settings: unknown): readonly FieldProblem[] {
  const errors = Value.Errors(schema, settings) as unknown as readonly FastifySchemaValidationError[];
  return fieldProblems(errors, "body").map(({ field, problem }) => ({ field: `/settings${field}`, problem }));
}

async function credentialProblems(
  schema: TSchema,
  settings: unknown,
  organization: OrganizationId,
  store: Pick<SettingsStore, "credentials">,
): Promise<readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const { pointer, id } of credentialsIn(schema, settings, "/settings")) {
    if ((await store.credentials.find(organization, id)) === undefined) {
      problems.push({ field: pointer, problem: "is not the id of a credential of this organization" });
    }
  }
  return problems;
}

interface CredentialReference {
  readonly pointer: string;
  readonly id: string;
}

/** Every value whose schema has the format `credential`, and its JSON pointer. */
export function credentialsIn(
  schema: unknown,
  value: unknown,
  pointer: string,
): readonly CredentialReference[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { format, properties, items } = schema as Readonly<Record<string, unknown>>;
  if (typeof value === "string") return format === "credential" ? [{ pointer, id: value }] : [];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => credentialsIn(items, item, `${pointer}/${index}`));
  }
  if (typeof value !== "object" || value === null || typeof properties !== "object") return [];
  const known = new Map(Object.entries(properties ?? {}));
  return Object.entries(value).flatMap(([name, inner]) =>
    credentialsIn(known.get(name), inner, `${pointer}/${name}`),
  );
}
