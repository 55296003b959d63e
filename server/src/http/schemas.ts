import { type TSchema, Type } from "typebox";
import { problemKinds } from "./problem.ts";

/** A moment on the wire: RFC 3339 in UTC. */
export const Time = Type.String({ format: "date-time", description: "RFC 3339, in UTC." });

/** A closed object: fields that it does not know are refused. The only kind of object a body may have. */
export function closed<Properties extends Record<string, TSchema>>(
  properties: Properties,
  options: { readonly description?: string; readonly examples?: readonly unknown[] } = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** RFC 9457 problem details, as `problem.ts` makes them. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ format: "uri-reference", description: "Where this code is explained." }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.Enum(Object.keys(problemKinds), {
      type: "string",
      description: "Stable; decide by this and never by the texts.",
    }),
    instance: Type.String({ description: "Request id, also in the X-Request-Id header." }),
    fields: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: "JSON pointer into the body, or a parameter's name." }),
          problem: Type.String(),
          code: Type.Optional(Type.String()),
        }),
      ),
    ),
    retryAfterSeconds: Type.Optional(Type.Integer()),
  },
  { description: "RFC 9457 problem details." },
);
