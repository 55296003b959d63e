import { type Static, Type } from "typebox";
import { webAddress } from "../voice-settings.ts";

const closed = { additionalProperties: false };

/** One argument, as JSON Schema; what the platform's own schema takes. */
const argument = Type.Object(
  {
    type: Type.Enum(["string", "integer", "number", "boolean"], { type: "string" }),
    description: Type.String({ minLength: 1, maxLength: 500 }),
    enum: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 })),
  },
  closed,
);

const parameters = Type.Object(
  {
    type: Type.Literal("object"),
    properties: Type.Record(Type.String({ pattern: "^[A-Za-z_][A-Za-z0-9_]{0,63}$" }), argument, {
      maxProperties: 30,
    }),
    required: Type.Optional(Type.Array(Type.String(), { maxItems: 30, uniqueItems: true })),
  },
  { ...closed, description: "Arguments, as a JSON Schema of an object; not given: none." },
);

const allow = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: "What the assistant is told when the caller is confirmed.",
    }),
  },
  { ...closed, description: "A plain permission." },
);

const http = Type.Object(
  {
    url: webAddress("Where the call goes: POST with a JSON body."),
    credential: Type.Optional(
      Type.String({
        format: "credential",
        minLength: 1,
        description: "Credential with the whole value of the Authorization header.",
      }),
    ),
    timeoutMs: Type.Optional(
      Type.Integer({ minimum: 100, maximum: 10_000, description: "How long is waited; default 4000." }),
    ),
  },
  { ...closed, description: "A call of your web service." },
);

/** A function that needs a confirmed caller. */
export const protectedFunction = Type.Object(
  {
    name: Type.String({ pattern: "^[a-z_][a-z0-9_]{0,63}$", description: "As the model calls it." }),
    description: Type.String({
      minLength: 1,
      maxLength: 1_000,
      description: "What it does and when the model is to call it.",
    }),
    parameters: Type.Optional(parameters),
    allow: Type.Optional(allow),
    http: Type.Optional(http),
  },
  closed,
);

export type ProtectedFunction = Static<typeof protectedFunction>;
