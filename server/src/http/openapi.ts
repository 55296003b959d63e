import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import type { ErrorCode } from "../engine/errors.ts";
import { makeProblem, problemKinds, problemMediaType } from "./problem.ts";
import { ProblemSchema } from "./schemas.ts";

/** A JSON Schema as it stands in the document. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly examples?: readonly unknown[];
  readonly example?: unknown;
  readonly $ref?: string;
}

export interface MediaNode {
  readonly schema?: SchemaNode;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface ParameterNode {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: SchemaNode;
}

export interface ResponseNode {
  readonly description: string;
  readonly content?: Readonly<Record<string, MediaNode>>;
}

export interface OperationNode {
  readonly operationId: string;
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly ParameterNode[];
  readonly requestBody?: { readonly content: Readonly<Record<string, MediaNode>> };
  readonly responses: Readonly<Record<string, ResponseNode>>;
  readonly security?: readonly unknown[];
  readonly "x-scope"?: string;
  readonly "x-problems"?: readonly ErrorCode[];
  readonly "x-idempotent"?: boolean;
}

/** The part of an OpenAPI 3.1 document that we write and read. */
export interface OpenapiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationNode>>>>;
  readonly components?: Readonly<Record<string, unknown>>;
}

const tags = [
  { name: "verifications", description: "Ask someone to prove who they are, and check the answer." },
  { name: "users", description: "People and their authenticators." },
  { name: "enrollments", description: "Add an authenticator to a user." },
  {
    name: "settings",
    description: "Apps, publications, providers, credentials, templates, keys and policy.",
  },
  { name: "audit", description: "What happened: the record and the live feed." },
  { name: "webhooks", description: "What happened, sent to an address of yours." },
  { name: "channels", description: "Endpoints that voice platforms call." },
  { name: "ops", description: "Health, metrics and keys." },
];

/** Collects the routes registered after it. A route with an `operationId` is documented, any other is not. */
export async function registerOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    convertConstToEnum: false,
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Countersign",
        version,
        description:
          "Multi-factor authentication for conversations. Errors are RFC 9457 problem documents with a stable `code`.",
      },
      tags,
      components: {
        securitySchemes: {
          apiKey: { type: "http", scheme: "bearer", description: "An API key of the organization." },
        },
        schemas: { Problem: plain(ProblemSchema) },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: annotate(schema, route.config), url }),
    transformObject: (document) => {
      const openapi = "openapiObject" in document ? document.openapiObject : document.swaggerObject;
      return complete(openapi as unknown as OpenapiDocument) as unknown as typeof openapi;
    },
  });
}

/** The finished document; ask after the server is ready. */
export function openapiDocument(app: FastifyInstance): OpenapiDocument {
  return app.swagger() as unknown as OpenapiDocument;
}

function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

function annotate(
  schema: FastifySchema | undefined,
  config: FastifyContextConfig | undefined,
): FastifySchema & { readonly hide?: boolean } {
  if (schema === undefined || !("operationId" in schema)) return { ...schema, hide: true };
  const access = config?.access;
  return {
    ...schema,
    ...(access?.kind === "scope" ? { "x-scope": access.scope } : {}),
    ...(config?.idempotent !== undefined ? { "x-idempotent": true } : {}),
    "x-problems": config?.problems ?? [],
  } as FastifySchema;
}

function complete(document: OpenapiDocument): OpenapiDocument {
  const paths = Object.entries(document.paths).map(([path, operations]) => [
    path,
    Object.fromEntries(
      Object.entries(operations)
        // HEAD is GET without the content, and described there.
        .filter(([method]) => method !== "head")
        .map(([method, node]) => [method, completeOperation(node)]),
    ),
  ]);
  const used = new Set(
    Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).flatMap((node) => node.tags ?? []),
    ),
  );
  return {
    ...document,
    tags: (document.tags ?? []).filter((tag) => used.has(tag.name)),
    paths: Object.fromEntries(paths),
  };
}

const idempotencyParameter: ParameterNode = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "The same key with the same request gets the first answer again, so a repeat changes nothing.",
  schema: { type: "string", minLength: 1, maxLength: 255 },
};

function completeOperation(node: OperationNode): OperationNode {
  const scope = node["x-scope"];
  const parameters = node["x-idempotent"]
    ? [...(node.parameters ?? []), idempotencyParameter]
    : node.parameters;
  return {
    ...node,
    ...(parameters === undefined ? {} : { parameters }),
    security: scope === undefined ? [] : [{ apiKey: [] }],
    responses: { ...described(node.responses), ...problemResponses(problemsOf(node)) },
  };
}

/** An answer must have a description (OpenAPI 3.1 §4.8.17); the generator's own filler says nothing. */
function described(responses: OperationNode["responses"]): Record<string, ResponseNode> {
  return Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      response.description === "Default Response" ? { ...response, description: "Done" } : response,
    ]),
  );
}

/** Those every operation of its form can answer, and those that it names itself. */
function problemsOf(node: OperationNode): readonly ErrorCode[] {
  const takesInput = node.requestBody !== undefined || (node.parameters?.length ?? 0) > 0;
  const codes = new Set<ErrorCode>();
  if (takesInput) codes.add("invalid_request");
  if (node.requestBody !== undefined) {
    codes.add("invalid_json").add("body_too_large").add("unsupported_media_type");
  }
  if (node["x-scope"] !== undefined) codes.add("unauthenticated").add("forbidden");
  if (node["x-idempotent"]) codes.add("idempotency_conflict");
  for (const code of node["x-problems"] ?? []) codes.add(code);
  return [...codes];
}

function problemResponses(codes: readonly ErrorCode[]): Record<string, ResponseNode> {
  const byStatus = Map.groupBy(codes, (code) => problemKinds[code].status);
  const schema = { $ref: "#/components/schemas/Problem" };
  const responses = [...byStatus].map(([status, group]) => [
    String(status),
    {
      description: group.map((code) => problemKinds[code].title).join("; "),
      content: {
        [problemMediaType]: {
          schema,
          examples: Object.fromEntries(
            group.map((code) => [
              code,
              { value: makeProblem(code, problemKinds[code].title, {}, "b3Jx-1a") },
            ]),
          ),
        },
      },
    },
  ]);
  return {
    ...Object.fromEntries(responses),
    default: {
      description: "Any other problem, such as `overloaded` or `storage_unavailable`",
      content: { [problemMediaType]: { schema } },
    },
  };
}
