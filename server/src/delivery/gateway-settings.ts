import { type Static, Type } from "typebox";
import { headerProblem } from "./headers.ts";
import { credential } from "./settings-members.ts";
import { type Escaping, readTemplate } from "./wire-template.ts";

const placeNames = ["to", "text", "from", "clientRef", "lang", "via"];
const places = placeNames.map((name) => `\${${name}}`).join(" ");

/** Every failure a gateway can mean; `unreachable` is ours to find out. */
const failureSchema = Type.Union([
  Type.Literal("rejected"),
  Type.Literal("invalid_recipient"),
  Type.Literal("configuration"),
  Type.Literal("throttled"),
  Type.Literal("temporary"),
  Type.Literal("ambiguous"),
]);

const header = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 128 }),
    value: Type.Optional(Type.String({ maxLength: 2_000, description: "May hold the places of the body." })),
    credential: Type.Optional(credential("Credential that is the whole value")),
  },
  { additionalProperties: false },
);

const secret = Type.Object(
  {
    name: Type.String({
      pattern: "^[A-Za-z][A-Za-z0-9_-]{0,39}$",
      description: `Stands as \${secret:name}.`,
    }),
    credential: credential("Credential"),
  },
  { additionalProperties: false },
);

const success = Type.Object(
  {
    statusCodes: Type.Optional(Type.Array(Type.Integer({ minimum: 200, maximum: 599 }), { maxItems: 20 })),
    jsonPath: Type.Optional(
      Type.String({ maxLength: 200, description: "Dots between keys and indexes: messages.0.status" }),
    ),
    equals: Type.Optional(Type.String({ maxLength: 200 })),
    contains: Type.Optional(Type.String({ maxLength: 200, description: "Literal text of the answer." })),
  },
  { additionalProperties: false },
);

export const httpGatewaySettings = Type.Object(
  {
    method: Type.Union([Type.Literal("POST"), Type.Literal("GET"), Type.Literal("PUT")], { default: "POST" }),
    url: Type.String({
      minLength: 1,
      maxLength: 2_000,
      title: "URL",
      description: "Places are percent-encoded.",
    }),
    headers: Type.Optional(Type.Array(header, { maxItems: 30 })),
    secrets: Type.Optional(Type.Array(secret, { maxItems: 10 })),
    contentType: Type.Optional(
      Type.Union([Type.Literal("json"), Type.Literal("form"), Type.Literal("xml"), Type.Literal("text")], {
        default: "json",
      }),
    ),
    bodyTemplate: Type.Optional(Type.String({ maxLength: 10_000, description: `Places: ${places}` })),
    plusPrefix: Type.Optional(
      Type.Boolean({ default: true, description: "Writes numbers as +49…; off: 49…" }),
    ),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 30_000, default: 5_000 })),
    success: Type.Optional(success),
    idPath: Type.Optional(
      Type.String({ maxLength: 200, description: "Where the answer holds the message id." }),
    ),
    errorPath: Type.Optional(
      Type.String({
        maxLength: 200,
        description: "Where the answer holds the error code; empty: the whole answer.",
      }),
    ),
    errorMap: Type.Optional(Type.Record(Type.String({ maxLength: 64 }), failureSchema)),
    ca: Type.Optional(Type.String({ maxLength: 100_000, title: "Extra certificate authority (PEM)" })),
  },
  { additionalProperties: false },
);

export type HttpGatewaySettings = Static<typeof httpGatewaySettings>;

/** What the schema cannot say, every problem at once. */
export function gatewayProblems(settings: HttpGatewaySettings): readonly string[] {
  return [
    ...urlProblems(settings),
    ...(settings.headers ?? []).flatMap((entry) => headerProblems(entry.name, entry.value, entry.credential)),
    ...placeProblems(settings),
    ...bodyProblems(settings),
  ];
}

function sampleOf(settings: HttpGatewaySettings): Record<string, string> {
  const names = [...placeNames, ...(settings.secrets ?? []).map((entry) => `secret:${entry.name}`)];
  return Object.fromEntries(names.map((name) => [name, 'a"b\\c<d>&e']));
}

function urlProblems(settings: HttpGatewaySettings): readonly string[] {
  const scheme = /^https?:\/\/[^/?#\\${}\s]+(?:[/?#]|$)/i.exec(settings.url);
  if (scheme === null) {
    return ["The URL begins with http:// or https:// and a host name that holds no placeholder."];
  }
  return scheme[0].includes("@")
    ? ["The URL holds a login; store it as a credential and send it in a header."]
    : [];
}

function headerProblems(
  name: string,
  value: string | undefined,
  credentialId: string | undefined,
): readonly string[] {
  const both = (value === undefined) === (credentialId === undefined);
  const problem = headerProblem(name, (value ?? "").replace(/\$\{[^}]*\}/g, ""));
  return [
    ...(both ? [`The header ${JSON.stringify(name)} needs either a value or a credential.`] : []),
    ...(problem === undefined ? [] : [problem]),
  ];
}

function placeProblems(settings: HttpGatewaySettings): readonly string[] {
  const known = sampleOf(settings);
  const body = settings.method === "GET" ? "" : (settings.bodyTemplate ?? "");
  const templates = [settings.url, body, ...(settings.headers ?? []).map((entry) => entry.value ?? "")];
  const used = new Set(templates.flatMap((template) => readTemplate(template).names));
  const unknown = [...used].filter((name) => !Object.hasOwn(known, name));
  return [
    ...unknown.map((name) => `\${${name.slice(0, 40)}} is not a placeholder of a gateway.`),
    ...(used.has("text") ? [] : [`Neither the URL nor the body holds \${text}, so no code would be sent.`]),
    ...(used.has("to") ? [] : [`Neither the URL nor the body holds \${to}.`]),
  ];
}

function bodyProblems(settings: HttpGatewaySettings): readonly string[] {
  const escaping: Escaping = settings.contentType ?? "json";
  if (settings.bodyTemplate === undefined || escaping !== "json" || placeProblems(settings).length > 0) {
    return [];
  }
  const rendered = readTemplate(settings.bodyTemplate).render(sampleOf(settings), "json");
  return !isJson(rendered) ? ["The body is not JSON; placeholders stand inside quotation marks."] : [];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
