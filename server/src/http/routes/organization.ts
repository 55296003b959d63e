import { isSupportedCountry } from "libphonenumber-js/max";
import { Type } from "typebox";
import type { EngineServices } from "../../engine/services.ts";
import { principalOf, requireScope } from "../access.ts";
import type { App, RoutePlugin } from "../app.ts";
import { closed } from "../schemas.ts";
import { Name, OrganizationView, PolicyLayerSchema, viewOrganization } from "../views/settings.ts";
import { clearable, demandApp, found, localeOf, policyLayerOf, refused } from "./entries.ts";
import { withKeyedNumbers } from "./sending/lists.ts";

const UpdateBody = closed({
  displayName: Type.Optional({ ...Name, description: "Shown to people: sender, issuer in the app." }),
  locale: Type.Optional(Type.String({ maxLength: 35, description: "BCP 47." })),
  country: clearable(
    Type.String({
      pattern: "^[A-Z]{2}$",
      description: "Of numbers written without a country code, ISO 3166-1 alpha-2.",
    }),
  ),
  routing: Type.Optional(
    Type.Enum(["order", "measured"], {
      description:
        "`measured`: of providers with the same position the one goes first whose messages arrive and are answered more.",
    }),
  ),
  policy: Type.Optional(PolicyLayerSchema),
});

/** `/v1/organization`: the one that the key belongs to. */
export function organizationRoutes(services: EngineServices): RoutePlugin {
  return (app) => {
    getRoute(app, services);
    updateRoute(app, services);
  };
}

function getRoute(app: App, { store }: EngineServices): void {
  app.get(
    "/v1/organization",
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: "organization.get",
        summary: "Read the organization",
        tags: ["settings"],
        response: { 200: OrganizationView },
      },
    },
    async (request) => {
      const { organization } = principalOf(request);
      const entity = await store.settings.organizations.find(organization, organization);
      return viewOrganization(found(entity, "organization"));
    },
  );
}

function updateRoute(app: App, services: EngineServices): void {
  const { store } = services;
  app.patch(
    "/v1/organization",
    {
      config: { access: requireScope("settings:write"), problems: ["invalid_policy", "conflict"] },
      schema: {
        operationId: "organization.update",
        summary: "Change the organization",
        description:
          "Fields not given stay as they are; null empties one. The policy is replaced as a whole.",
        tags: ["settings"],
        body: UpdateBody,
        response: { 200: OrganizationView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { locale, policy, ...fields } = request.body;
      if (typeof fields.country === "string" && !isSupportedCountry(fields.country)) {
        throw refused("invalid_request", { field: "/country", problem: "is not a country with numbers" });
      }
      const { organization, actor } = principal;
      const keyed = policy && (await withKeyedNumbers({ ...policy }, organization, services));
      const layer = policyLayerOf(keyed?.policy, "organization", keyed?.problems);
      const entity = await store.settings.organizations.update(
        organization,
        organization,
        { ...fields, locale: localeOf(locale), policy: layer },
        {
          type: "organization.updated",
          organization,
          actor,
          details: { fields: Object.keys(request.body).join(",") },
        },
      );
      return viewOrganization(found(entity, "organization"));
    },
  );
}
