import { type Static, Type } from "typebox";
import { isPlaceOfNumbers } from "../../../delivery/destination-countries.ts";
import type { DeliveryProvider } from "../../../delivery/provider.ts";
import { timeOrderedId } from "../../../engine/code/random.ts";
import type { FieldProblem } from "../../../engine/errors.ts";
import { deliveryVias } from "../../../engine/model.ts";
import type { Provider } from "../../../engine/settings.ts";
import { type Principal, principalOf, requireScope } from "../../access.ts";
import type { App } from "../../app.ts";
import { closed } from "../../schemas.ts";
import { ProviderView, viewProvider } from "../../views/provider.ts";
import { Name, SettingsObject } from "../../views/settings.ts";
import { IdParameters } from "../../views/verification.ts";
import { clearable, demandApp, found, refused, settingsEvent } from "../entries.ts";
import type { ProviderParts } from "../providers.ts";
import { providerProblems } from "./settings.ts";

const fields = {
  vias: Type.Array(Type.Enum([...deliveryVias]), { minItems: 1, uniqueItems: true }),
  position: Type.Integer({ minimum: 0, maximum: 10_000, description: "Lower goes first; 0 if not given." }),
  enabled: Type.Boolean({ description: "True if not given." }),
  countries: Type.Array(Type.String({ pattern: "^[A-Z]{2}$" }), {
    minItems: 1,
    maxItems: 250,
    uniqueItems: true,
    description: "Countries (ISO 3166-1 alpha-2) whose numbers it carries; all if not given.",
  }),
  settings: { ...SettingsObject, description: "By the schema of the kind, see `GET /v1/provider-kinds`." },
  besideSimulated: Type.Boolean({
    description:
      "Really use a simulated provider beside a real one: some messages then reach nobody, or codes can be read by admins.",
  }),
};

const CreateBody = closed({
  name: Name,
  kind: Type.String({ pattern: "^[a-z][a-z0-9-]{0,63}$", examples: ["smtp"] }),
  vias: fields.vias,
  position: Type.Optional(fields.position),
  enabled: Type.Optional(fields.enabled),
  countries: Type.Optional(fields.countries),
  settings: fields.settings,
  besideSimulated: Type.Optional(fields.besideSimulated),
});

const UpdateBody = closed({
  name: Type.Optional(Name),
  vias: Type.Optional(fields.vias),
  position: Type.Optional(fields.position),
  enabled: Type.Optional(fields.enabled),
  countries: clearable(fields.countries),
  settings: Type.Optional(fields.settings),
  besideSimulated: Type.Optional(fields.besideSimulated),
});

/** What saving a provider needs. */
export type SavingParts = Pick<ProviderParts, "services" | "registry" | "allowSimulated">;

/** `POST /v1/providers` */
export function createProviderRoute(app: App, parts: ProviderParts): void {
  app.post(
    "/v1/providers",
    {
      config: {
        idempotent: "by_answer",
        access: requireScope("settings:write"),
        problems: ["invalid_settings", "name_taken"],
      },
      schema: {
        operationId: "providers.create",
        summary: "Create a provider",
        tags: ["settings"],
        body: CreateBody,
        response: { 201: ProviderView },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      demandApp(principal);
      return reply.code(201).send(viewProvider(await insertProvider(request.body, principal, parts)));
    },
  );
}

/** Makes a provider. Throws `invalid_settings` with every problem, or `name_taken`. */
export async function insertProvider(
  body: Static<typeof CreateBody>,
  principal: Principal,
  parts: SavingParts,
): Promise<Provider> {
  const { store, clock, random } = parts.services;
  const { name, vias, position, enabled, countries, settings, besideSimulated } = body;
  const kind = kindOf(body.kind, parts);
  const now = clock.now();
  const entity: Provider = {
    id: timeOrderedId(now, random),
    organization: principal.organization,
    name,
    kind: kind.id,
    vias,
    position: position ?? 0,
    enabled: enabled ?? true,
    ...(countries && { countries }),
    settings: { ...settings },
    createdAt: now,
    updatedAt: now,
  };
  await demandSound(kind, entity, parts);
  if (entity.enabled && besideSimulated !== true) await demandAlone(kind, entity, parts);
  await store.settings.providers.insert(entity, providerEvent("created", entity, principal));
  return entity;
}

/** `PATCH /v1/providers/:id` */
export function updateProviderRoute(app: App, parts: ProviderParts): void {
  const { providers } = parts.services.store.settings;
  app.patch(
    "/v1/providers/:id",
    {
      config: {
        access: requireScope("settings:write"),
        problems: ["not_found", "invalid_settings", "name_taken", "conflict"],
      },
      schema: {
        operationId: "providers.update",
        summary: "Change a provider",
        description: "Fields not given stay as they are. Settings are replaced as a whole.",
        tags: ["settings"],
        params: IdParameters,
        body: UpdateBody,
        response: { 200: ProviderView },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      demandApp(principal);
      const { organization } = principal;
      const { id } = request.params;
      const before = found(await providers.find(organization, id), "provider");
      const { besideSimulated, settings, countries, ...said } = request.body;
      const change = { ...said, ...(settings && { settings: { ...settings } }) };
      const entity = {
        ...before,
        ...change,
        countries: countries === undefined ? before.countries : (countries ?? undefined),
      };
      const kind = kindOf(before.kind, parts);
      await demandSound(kind, entity, parts);
      // Who stands beside whom is asked when one is switched on, not at every change of a name.
      if (entity.enabled && !before.enabled && besideSimulated !== true) {
        await demandAlone(kind, entity, parts);
      }
      const event = providerEvent("updated", entity, principal, Object.keys(request.body));
      return viewProvider(
        found(await providers.update(organization, id, { ...change, countries }, event), "provider"),
      );
    },
  );
}

function kindOf(id: string, { registry, allowSimulated }: SavingParts): DeliveryProvider {
  const kind = registry.find(id);
  if (kind === undefined)
    throw refused("invalid_settings", { field: "/kind", problem: "is not a known kind" });
  if (kind.simulated === true && !allowSimulated) {
    throw refused("invalid_settings", {
      field: "/kind",
      problem: "is simulated, and this server does not allow simulated delivery",
    });
  }
  return kind;
}

async function demandSound(kind: DeliveryProvider, entity: Provider, parts: SavingParts): Promise<void> {
  const { settings } = parts.services.store;
  const problems = [
    ...countriesProblems(entity),
    ...(await providerProblems(kind, entity, entity.organization, settings)),
  ];
  if (problems.length > 0) throw refused("invalid_settings", ...problems);
}

function countriesProblems({ countries }: Provider): readonly FieldProblem[] {
  return (countries ?? []).flatMap((country, index) =>
    isPlaceOfNumbers(country)
      ? []
      : [{ field: `/countries/${index}`, problem: "is not a country with numbers" }],
  );
}

/** Nobody should find out by a lost code that some messages go to the simulated phone. */
async function demandAlone(kind: DeliveryProvider, entity: Provider, parts: SavingParts): Promise<void> {
  const simulated = (one: DeliveryProvider | undefined) => one?.simulated === true;
  const others = await parts.services.store.settings.providers.list(entity.organization, { limit: 200 });
  const different = others.find(
    ({ id, enabled, kind: other }) =>
      id !== entity.id && enabled && simulated(parts.registry.find(other)) !== simulated(kind),
  );
  if (different === undefined) return;
  throw refused("invalid_settings", {
    field: "/besideSimulated",
    problem: simulated(kind)
      ? "a real provider is enabled: some messages would reach nobody; say true if you mean it"
      : "a simulated provider is enabled: some messages would reach nobody; disable it, or say true if you mean it",
  });
}

function providerEvent(
  verb: "created" | "updated",
  { id, kind }: Provider,
  principal: Principal,
  changed?: readonly string[],
) {
  const entry = { kind: "provider", id, ...(changed && { fields: changed }) };
  const event = settingsEvent(verb, entry, principal);
  return { ...event, details: { ...event.details, provider: kind } };
}
