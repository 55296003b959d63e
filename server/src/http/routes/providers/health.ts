import { Type } from "typebox";
import type { Dispatcher } from "../../../delivery/dispatcher.ts";
import {
  type CountryHealth,
  type Health,
  outsideLane,
  type ProviderHealth,
} from "../../../delivery/health.ts";
import type { HealthRecord } from "../../../delivery/health-record.ts";
import { deliveryVias, type OrganizationId } from "../../../engine/model.ts";
import { type OutsideService, outsideServices } from "../../../engine/outside.ts";
import type { Provider } from "../../../engine/settings.ts";
import { principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { Time } from "../../schemas.ts";
import { isoTime } from "../../views/verification.ts";
import { demandApp } from "../entries.ts";
import type { ProviderParts } from "../providers.ts";

/** What the health of providers is read from. */
export interface HealthParts {
  readonly health: Pick<Health, "of">;
  readonly record: HealthRecord;
  readonly breakerOf: Dispatcher["breakerOf"];
}

const Count = Type.Integer({ minimum: 0 });

const CountryView = Type.Object({
  via: Type.Enum([...deliveryVias]),
  country: Type.Optional(Type.String({ description: "ISO 3166-1 alpha-2; absent for e-mail." })),
  calls: Count,
  accepted: Count,
  delivered: { ...Count, description: "As the provider reported." },
  failed: { ...Count, description: "As the provider reported, after it had accepted." },
  converted: { ...Count, description: "Approved with the code of such a message." },
});

/** What is measured, of whoever took the messages. */
const measures = {
  lastFailure: Type.Optional(Type.Object({ reason: Type.String(), at: Time })),
  handOverP95Ms: Type.Optional(Type.Integer()),
  countries: Type.Array(CountryView, { description: "Of the last day." }),
};

const OutsideHealthView = Type.Object({ service: Type.Enum([...outsideServices]), ...measures });

const ProviderHealthView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.String(),
  vias: Type.Array(Type.Enum([...deliveryVias])),
  position: Type.Integer(),
  enabled: Type.Boolean(),
  breaker: Type.Enum(["closed", "open", "half_open"], {
    description: "`closed`: it is used. `open`: left out. `half_open`: tried now and then.",
  }),
  openedAt: Type.Optional({ ...Time, description: "Left out since then." }),
  ...measures,
});

const HealthView = Type.Object({
  providers: Type.Array(ProviderHealthView),
  outside: Type.Array(OutsideHealthView, {
    description:
      "Services that make, send and compare codes of their own, where one was asked within the last day.",
  }),
});

/** `GET /v1/providers/health` */
export function healthRoute(app: App, { services, measured }: ProviderParts): void {
  const { providers } = services.store.settings;
  app.get(
    "/v1/providers/health",
    {
      config: { access: requireScope("settings:read") },
      schema: {
        operationId: "providers.health",
        summary: "Read how providers do",
        description:
          "In the order in which they are tried. Counts are of the last day, as far as the record tells.",
        tags: ["settings"],
        response: { 200: HealthView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      await measured.record.ready(organization);
      const all = await providers.list(organization, { limit: 200 });
      const inOrder = all.toSorted((a, b) => a.position - b.position);
      return {
        providers: inOrder.map((provider) => viewHealth(provider, measured)),
        outside: outsideServices.flatMap((service) => viewOutside(service, organization, measured)),
      };
    },
  );
}

function viewHealth(provider: Provider, { health, breakerOf }: HealthParts) {
  const { id, organization, name, kind, vias, position, enabled } = provider;
  const { state, openedAt } = breakerOf(id);
  return {
    id,
    name,
    kind,
    vias: [...vias],
    position,
    enabled,
    breaker: state,
    ...(openedAt !== undefined && { openedAt: isoTime(openedAt) }),
    ...viewMeasures(health.of(organization, name)),
  };
}

function viewOutside(service: OutsideService, organization: OrganizationId, { health }: HealthParts) {
  const measured = health.of(organization, outsideLane(service));
  return measured.countries.length === 0 ? [] : [{ service, ...viewMeasures(measured) }];
}

function viewMeasures({ lastFailure, handOverP95Ms, countries }: ProviderHealth) {
  return {
    ...(lastFailure && { lastFailure: { reason: lastFailure.reason, at: isoTime(lastFailure.at) } }),
    ...(handOverP95Ms !== undefined && { handOverP95Ms: Math.round(handOverP95Ms) }),
    countries: countries.map(viewCountry),
  };
}

function viewCountry({ country, ...counts }: CountryHealth) {
  return { ...counts, ...(country !== undefined && { country }) };
}
