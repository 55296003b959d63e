import type { MediaNode, SchemaNode } from "../openapi.ts";

/** An example value: the one the schema gives, or one made of its parts. */
export function exampleOf(schema: SchemaNode): unknown {
  const given = schema.examples?.[0] ?? schema.example ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (given !== undefined) return given;
  const choice = schema.anyOf?.find((option) => option.type !== "null");
  if (choice !== undefined) return exampleOf(choice);
  switch (typeOf(schema)) {
    case "object":
      return exampleOfProperties(schema);
    case "array":
      return schema.items === undefined ? [] : [exampleOf(schema.items)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return exampleOfText(schema);
  }
}

export function exampleOfMedia(media: MediaNode): unknown {
  const named = Object.values(media.examples ?? {})[0];
  return media.example ?? named?.value ?? (media.schema === undefined ? undefined : exampleOf(media.schema));
}

/** The one type that is not null, if the schema names any. */
export function typeOf(schema: SchemaNode): string | undefined {
  if (typeof schema.type === "string") return schema.type;
  return schema.type?.find((type) => type !== "null");
}

function exampleOfProperties(schema: SchemaNode): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name, exampleOf(property)]),
  );
}

function exampleOfText(schema: SchemaNode): string {
  if (schema.format === "date-time") return "2026-01-31T12:00:00.000Z";
  if (schema.format === "uri-reference") return "/docs/problems#not_found";
  return "…";
}
