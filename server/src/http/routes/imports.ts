import { Type } from "typebox";
import { principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { Name } from "../views/settings.ts";
import { IdParameter } from "../views/verification.ts";
import { demandApp, refused } from "./entries.ts";
import { type ImportParts, makeGenesys } from "./imports/genesys-make.ts";
import { dialogueChannels, missingProblems, planGenesys } from "./imports/genesys-plan.ts";

const GenesysBody = closed({
  text: Type.String({
    minLength: 1,
    maxLength: 48_000,
    description:
      "Server settings `SMS.*` and `Email.SMTP.*`, the page Two Factor Authentication Settings, or both: lines `name=value` or as copied from the page, a Java properties file, or JSON.",
    examples: ["SMS.URL=https://sms.example.com/send\nMaximum Attempts at Sending an Authentication Code=3"],
  }),
  from: Type.Optional(
    Type.String({ maxLength: 320, description: "Sender of e-mails, where the text names none." }),
  ),
  enabled: Type.Optional(
    Type.Boolean({ description: "Whether the providers are used at once; true if not given." }),
  ),
  besideSimulated: Type.Optional(
    Type.Boolean({ description: "Use them although a simulated phone or mailbox is in use too." }),
  ),
  publication: Type.Optional(
    closed({
      app: Type.Optional({ ...IdParameter, description: "App of a new publication; absent: the only one." }),
      publication: Type.Optional({
        ...IdParameter,
        description: "Id of a publication that is changed in place of making one.",
      }),
      channel: Type.Optional(
        Type.Enum([...dialogueChannels], { description: "Of a new publication; `voicexml` if not given." }),
      ),
      name: Type.Optional(Name),
      access: Type.Optional({
        ...IdParameter,
        description: "Credential that opens a new publication; absent: a new key.",
      }),
      legacyPin: Type.Optional(
        Type.Boolean({ description: "Codes of four or five digits are meant, and allowed there." }),
      ),
    }),
  ),
});

const Named = { id: Type.String(), name: Type.String() };
const GenesysView = Type.Object({
  providers: Type.Array(Type.Object({ ...Named, credentials: Type.Array(Type.Object(Named)) })),
  publication: Type.Optional(
    Type.Object({
      ...Named,
      url: Type.String({ description: "Where its platform reaches it." }),
      key: Type.Optional(
        Type.String({ description: "The key that was made for it. It is shown this once only." }),
      ),
      updated: Type.Boolean({ description: "Whether it was there before." }),
    }),
  ),
});

/** `/v1/import`: settings of other products, by their own names. */
export function importRoutes(parts: ImportParts): RoutePlugin {
  return (app) => genesysRoute(app, parts);
}

function genesysRoute(app: App, parts: ImportParts): void {
  app.post(
    "/v1/import/genesys-settings",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["invalid_settings", "invalid_policy", "not_found", "name_taken"],
      },
      schema: {
        operationId: "imports.genesysSettings",
        summary: "Take over the settings of Genesys Intelligent Automation",
        description:
          "Providers are made of `SMS.*` and `Email.SMTP.*`, with credentials for the secrets among them; a publication is made or changed by the page of the MicroApp. Every problem is told at once, by the name that the text has for it, and then nothing is made.",
        tags: ["settings"],
        body: GenesysBody,
        response: { 201: GenesysView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { text, ...wishes } = request.body;
      const plan = planGenesys(text, wishes);
      const problems = [...plan.problems, ...missingProblems(plan)];
      if (problems.length > 0) throw refused("invalid_settings", ...problems);
      return reply.code(201).send(await makeGenesys(plan, wishes, principal, parts));
    },
  );
}
