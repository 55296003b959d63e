import { Type } from "typebox";
import { explainPolicy } from "../../../engine/policy/explain.ts";
import { appOf, layersOf } from "../../../engine/policy/source.ts";
import type { EngineServices } from "../../../engine/services.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { IdParameter } from "../../views/verification.ts";
import { demandApp, found } from "../entries.ts";

const ExplainQuery = closed({
  app: Type.Optional(IdParameter),
  publication: Type.Optional(IdParameter),
  user: Type.Optional(IdParameter),
});

const Explained = Type.Object({
  value: Type.Unknown({ description: "What is in force." }),
  decidedBy: Type.String({ description: "Whose word it is: a layer, `default`, `ceiling` or `legacy_pin`." }),
  candidates: Type.Array(Type.Object({ level: Type.String(), value: Type.Unknown() }), {
    description: "What each layer said.",
  }),
  rule: Type.String({ description: "The rule that chose, as a sentence." }),
});

const ExplainView = Type.Object({
  app: Type.Optional(Type.String()),
  publication: Type.Optional(Type.String()),
  user: Type.Optional(Type.String()),
  settings: Type.Record(Type.String(), Explained, {
    description: "Every setting of the policy, by name; send rules as `sending.<rule>`.",
  }),
});

/** `GET /v1/policy/explain` */
export function explainRoute(app: App, services: EngineServices): void {
  const { store } = services;
  app.get(
    "/v1/policy/explain",
    {
      config: { access: requireScope("settings:read"), problems: ["not_found"] },
      schema: {
        operationId: "policy.explain",
        summary: "Explain the policy in force",
        description: "For the organization, or for an app, a publication, and one person of it.",
        tags: ["settings"],
        querystring: ExplainQuery,
        response: { 200: ExplainView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const { organization: id } = principal;
      const { app: appId, publication: publicationId, user: userId } = request.query;
      const organization = found(await store.settings.organizations.find(id, id), "organization");
      const scope = { organization: id, app: appId ?? principal.app, publication: publicationId };
      const { app: named, publication } = await appOf(scope, store.settings);
      demandApp(principal, named?.id);
      const user = userId === undefined ? undefined : found(await store.users.find(id, userId), "user");
      const layers = [
        ...layersOf(services.settings, organization, named, publication),
        ...(user ? [{ level: "user", layer: user.policy } as const] : []),
      ];
      const { sending, ...plain } = explainPolicy(layers);
      const rules = Object.entries(sending).map(
        ([name, explained]) => [`sending.${name}`, explained] as const,
      );
      const settings = [...Object.entries(plain), ...rules].map(([name, explained]) => [
        name,
        { ...explained, candidates: [...explained.candidates] },
      ]);
      return {
        ...(named && { app: named.id }),
        ...(publication && { publication: publication.id }),
        ...(user && { user: user.id }),
        settings: Object.fromEntries(settings),
      };
    },
  );
}
