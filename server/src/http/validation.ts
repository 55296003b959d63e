import type { FastifySchemaCompiler, FastifySchemaValidationError } from "fastify";
import { type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import type { TLocalizedValidationError } from "typebox/error";
import type { FieldProblem } from "../engine/errors.ts";

/**
 * Compiles the schema of one part of a request. A body is taken as it is: nothing is coerced, filled in or left out. Query
 * and path parameters are text by nature, so integers, numbers and booleans are read from their one canonical spelling.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  const mayBeAbsent = httpPart === "body" && Type.IsOptional(schema);
  const readsText = (httpPart === "querystring" || httpPart === "params") && holdsMoreThanText(schema);
  return (given: unknown) => {
    if (mayBeAbsent && (given === undefined || given === null)) return { value: undefined };
    const value = readsText ? readParameters(given, schema) : given;
    return validator.Check(value) ? { value } : { error: asFastifyErrors(validator.Errors(value)) };
  };
};

/** Fastify's type for validation errors has ajv's shape, and so have ours. */
function asFastifyErrors(
  errors: readonly TLocalizedValidationError[],
): Error & FastifySchemaValidationError[] {
  return errors as unknown as Error & FastifySchemaValidationError[];
}

const integer = /^-?(?:0|[1-9]\d{0,14})$/u;

/** Whether some parameter is anything else than the text it comes as. */
function holdsMoreThanText(schema: TSchema): boolean {
  if (!Type.IsObject(schema)) return false;
  return Object.values(schema.properties).some((one) => Type.IsInteger(one) || Type.IsBoolean(one));
}

function readParameters(given: unknown, schema: TSchema): unknown {
  if (!Type.IsObject(schema) || typeof given !== "object" || given === null) return given;
  const { properties } = schema;
  // Not by assignment: a parameter named __proto__ has to stay a field, so that it is refused as an unknown one.
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      readParameter(value, Object.hasOwn(properties, name) ? properties[name] : undefined),
    ]),
  );
}

function readParameter(value: unknown, schema: TSchema | undefined): unknown {
  if (schema === undefined || typeof value !== "string") return value;
  if (Type.IsInteger(schema) && integer.test(value)) return Number(value);
  if (Type.IsBoolean(schema) && (value === "true" || value === "false")) return value === "true";
  return value;
}

/** Longest part of a caller's own field name that an answer repeats. */
const maxEchoedPointer = 128;

/** Validation errors as our field problems: JSON pointers for a body, names for parameters. No value is ever repeated. */
export function fieldProblems(
  errors: readonly FastifySchemaValidationError[],
  part: string | undefined,
): FieldProblem[] {
  const problems = new Map<string, string>();
  for (const error of errors) {
    for (const [pointer, problem] of describe(error)) {
      const field = part === "body" ? pointer : pointer.replace(/^\//u, "");
      if (!problems.has(field)) problems.set(field.slice(0, maxEchoedPointer), problem);
    }
  }
  return [...problems].map(([field, problem]) => ({ field, problem }));
}

function describe(error: FastifySchemaValidationError): readonly (readonly [string, string])[] {
  const { keyword, instancePath, params } = error;
  if (keyword === "required") {
    const names = params["requiredProperties"];
    return listed(names).map((name) => [`${instancePath}/${name}`, "is required"]);
  }
  // The closed object reports itself and, as "schema is false", each field that it does not know: one of them is enough.
  if (keyword === "additionalProperties") return [];
  if (keyword === "boolean") return [[instancePath, "is not a known field"]];
  return [[instancePath, error.message ?? "is not valid"]];
}

function listed(names: unknown): readonly string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/**
 * Refuses, when the server starts, a body schema in which some object says nothing about fields it does not know: an API
 * that ignores a misspelt field does something else than it was told.
 *
 * @throws Error naming the place in the schema.
 */
export function assertClosed(schema: unknown, place: string): void {
  if (Array.isArray(schema)) {
    for (const [index, item] of schema.entries()) assertClosed(item, `${place}/${index}`);
    return;
  }
  if (typeof schema !== "object" || schema === null) return;
  const node = schema as Readonly<Record<string, unknown>>;
  if (
    node["type"] === "object" &&
    node["additionalProperties"] === undefined &&
    !("patternProperties" in node)
  ) {
    throw new Error(`${place}: an object schema must say additionalProperties.`);
  }
  for (const [key, child] of Object.entries(node)) {
    if (!["enum", "const", "default", "examples", "example"].includes(key))
      assertClosed(child, `${place}/${key}`);
  }
}
