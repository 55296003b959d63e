import type { FastifySchemaValidationError } from "fastify";
import type { TObject, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { FieldProblem } from "../../engine/errors.ts";
import type { OrganizationId } from "../../engine/model.ts";
import type { Credential } from "../../engine/settings.ts";
import type { SettingsStore } from "../../engine/store.ts";
import type { Vault } from "../../engine/tools.ts";
import { withoutValues } from "../../json/without.ts";
import { fieldProblems } from "../validation.ts";

/** A provider kind or a channel: who says what its settings are. */
export interface SettingsOwner {
  readonly settings: TObject;
  validate?(settings: Readonly<Record<string, unknown>>): readonly string[];
}

export interface SettingsTools extends Pick<SettingsStore, "credentials"> {
  /** To see whether a secret is long enough, where the schema asks for it. */
  readonly vault?: Pick<Vault, "open"> | undefined;
}

/** Everything that is wrong with settings at `/settings`: by the schema, by the owner's own rules, and what they refer to. */
export async function settingsProblems(
  owner: SettingsOwner,
  settings: Readonly<Record<string, unknown>>,
  organization: OrganizationId,
  tools: SettingsTools,
): Promise<readonly FieldProblem[]> {
  const schema = schemaProblems(owner.settings, settings);
  const readable = schema.length === 0 ? settings : soundPart(owner.settings, settings);
  const own = readable === undefined ? [] : (owner.validate?.(readable) ?? []);
  return [
    ...schema,
    ...own.map((problem) => ({ field: "/settings", problem })),
    ...(await credentialProblems(owner.settings, settings, organization, tools)),
  ];
}

/** What is right of wrong settings: the owner's own rules rely on the schema. Undefined: without the wrong values it does not fit either. */
function soundPart(
  schema: TSchema,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const refused = new Set(Value.Errors(schema, settings).map(({ instancePath }) => instancePath));
  const left = withoutValues(settings, refused);
  return Value.Check(schema, left) ? (left as Record<string, unknown>) : undefined;
}

function schemaProblems(schema: TSchema, settings: unknown): readonly FieldProblem[] {
  const errors = Value.Errors(schema, settings) as unknown as readonly FastifySchemaValidationError[];
  return fieldProblems(errors, "body").map(({ field, problem }) => ({ field: `/settings${field}`, problem }));
}

async function credentialProblems(
  schema: TSchema,
  settings: unknown,
  organization: OrganizationId,
  tools: SettingsTools,
): Promise<readonly FieldProblem[]> {
  const problems: FieldProblem[] = [];
  for (const { pointer, id, leastLength } of credentialsIn(schema, settings, "/settings")) {
    const credential = await tools.credentials.find(organization, id);
    const problem = credentialProblem(credential, leastLength, tools);
    if (problem !== undefined) problems.push({ field: pointer, problem });
  }
  return problems;
}

function credentialProblem(
  credential: Credential | undefined,
  leastLength: number,
  { vault }: SettingsTools,
): string | undefined {
  if (credential === undefined) return "is not the id of a credential of this organization";
  if (leastLength === 0 || vault === undefined) return undefined;
  const { organization, id, secret } = credential;
  const place = { organization, table: "credentials", column: "secret", row: id };
  const { length } = Buffer.from(vault.open(place, secret)).toString();
  return length < leastLength ? `has a secret of fewer than ${leastLength} characters` : undefined;
}

interface CredentialReference {
  readonly pointer: string;
  readonly id: string;
  /** Fewest characters of its secret (`minSecretLength` of the schema). */
  readonly leastLength: number;
}

/** Every value whose schema has the format `credential`, and its JSON pointer. */
export function credentialsIn(
  schema: unknown,
  value: unknown,
  pointer: string,
): readonly CredentialReference[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { format, properties, items, minSecretLength = 0 } = schema as Readonly<Record<string, unknown>>;
  if (typeof value === "string") {
    return format === "credential" ? [{ pointer, id: value, leastLength: Number(minSecretLength) }] : [];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => credentialsIn(items, item, `${pointer}/${index}`));
  }
  if (typeof value !== "object" || value === null || typeof properties !== "object") return [];
  const known = new Map(Object.entries(properties ?? {}));
  return Object.entries(value).flatMap(([name, inner]) =>
    credentialsIn(known.get(name), inner, `${pointer}/${name}`),
  );
}
