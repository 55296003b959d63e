import { CountersignError } from "../errors.ts";
import type { Organization } from "../model.ts";
import type { EngineSettings, PolicyScope, ResolvedScope } from "../services.ts";
import type { App, Publication } from "../settings.ts";
import type { SettingsStore } from "../store.ts";
import { defaultPolicy, productionDemand } from "./defaults.ts";
import type { PolicyLayer } from "./policy.ts";
import { resolvePolicy } from "./resolve.ts";
import type { PolicyAt } from "./settle.ts";

export interface SettingsOptions {
  readonly issuer: string;
  readonly production: boolean;
}

/** Most scopes remembered; beyond it the memory starts anew. */
const mostRemembered = 10_000;

/** The settings in force, remembered until a change on any node makes them stale. */
export function createSettings(store: SettingsStore, options: SettingsOptions): EngineSettings {
  let scopes = new Map<string, Promise<ResolvedScope>>();
  let organizations = new Map<string, Promise<Organization>>();
  store.onChange(({ collection }) => {
    if (collection === "organizations") organizations = new Map();
    if (["organizations", "apps", "publications"].includes(collection)) scopes = new Map();
  });

  const organizationOf = (id: string): Promise<Organization> =>
    remembered(organizations, id, async () => {
      const organization = await store.organizations.find(id, id);
      if (!organization) throw new CountersignError("not_found", "There is no such organization.");
      return organization;
    });
  const resolve = async (scope: PolicyScope): Promise<ResolvedScope> => {
    const organization = await organizationOf(scope.organization);
    const { app, publication } = await appOf(scope, store);
    return {
      policy: resolvePolicy(layersOf(options, organization, app, publication)),
      locale: organization.locale,
      app: app?.id,
    };
  };

  return {
    ...options,
    scopeOf: (scope) =>
      remembered(scopes, `${scope.organization}|${scope.app ?? ""}|${scope.publication ?? ""}`, () =>
        resolve(scope),
      ),
    displayNameOf: async (id) => (await organizationOf(id)).displayName,
    countryOf: async (id) => (await organizationOf(id)).country,
  };
}

/** What production adds to the defaults: waits between the messages of one verification, since each costs and rings. */
const sendDefaults: PolicyLayer = {
  sendsPerDestination: defaultPolicy.sendsPerDestination,
  sendsPerUser: defaultPolicy.sendsPerUser,
  resendDelaysSeconds: [30, 60, 120, 240],
};

/** Without a word about countries, telephones of the organization's own one may be reached, and no other. */
function withOwnCountry({ country, policy }: Pick<Organization, "country" | "policy">): PolicyLayer {
  const own = country === undefined ? [] : [country];
  return { ...policy, sending: { smsCountries: own, voiceCountries: own, ...policy.sending } };
}

/** The layers in force for an organization, app and publication, most general first. */
export function layersOf(
  settings: Pick<EngineSettings, "production">,
  organization: Pick<Organization, "country" | "policy">,
  app: { readonly policy: PolicyLayer } | undefined,
  publication: { readonly policy: PolicyLayer } | undefined,
): readonly PolicyAt[] {
  return [
    ...(settings.production
      ? [
          { level: "server", layer: productionDemand } as const,
          // The demand is a bound, not a wish: where the organization says nothing, the narrower defaults stand.
          { level: "organization", layer: { ...sendDefaults, ...withOwnCountry(organization) } } as const,
        ]
      : [{ level: "organization", layer: withOwnCountry(organization) } as const]),
    ...(app ? [{ level: "app", layer: app.policy } as const] : []),
    ...(publication ? [{ level: "publication", layer: publication.policy } as const] : []),
  ];
}

/** The app and publication that a scope names, the app also by its publication. Throws `not_found` for a foreign id. */
export async function appOf(
  scope: PolicyScope,
  store: SettingsStore,
): Promise<{ app?: App | undefined; publication?: Publication | undefined }> {
  const { organization } = scope;
  const publication =
    scope.publication === undefined
      ? undefined
      : await store.publications.find(organization, scope.publication);
  if (scope.publication !== undefined && !publication) throw notFound("publication");
  const id = scope.app ?? publication?.app;
  if (id === undefined) return {};
  const app = await store.apps.find(organization, id);
  if (!app || (publication && publication.app !== id)) throw notFound("app");
  return { app, publication };
}

function notFound(what: string): CountersignError {
  return new CountersignError("not_found", `There is no such ${what}.`);
}

/** A failed look-up is forgotten at once, so that it is asked again. */
function remembered<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= mostRemembered) memory.clear();
  const found = find();
  memory.set(key, found);
  found.catch(() => memory.delete(key));
  return found;
}
