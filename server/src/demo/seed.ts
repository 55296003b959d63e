import { parseDestination } from "../delivery/destination.ts";
import type { AuditDraft } from "../engine/audit/event.ts";
import { destinationKey } from "../engine/authenticators/destination.ts";
import { generateApiKey } from "../engine/code/api-key.ts";
import { timeOrderedId } from "../engine/code/random.ts";
import { vouchedDestination } from "../engine/enrollment/begin.ts";
import type { DeliveryVia, User } from "../engine/model.ts";
import { serverCeiling } from "../engine/policy/defaults.ts";
import type { EngineServices } from "../engine/services.ts";
import { type DemoPerson, demoPeople } from "./people.ts";

/** What a script needs to use the demo; written to `demo.json` (mode 0600) in the data folder. */
export interface Demo {
  readonly baseUrl: string;
  readonly organization: string;
  readonly apiKey: string;
  readonly users: readonly {
    readonly id: string;
    readonly externalId: string;
    readonly displayName: string;
    readonly email: string;
    readonly phone: string;
    readonly locale: string;
  }[];
  readonly app: string;
  readonly publications: Readonly<Record<string, { readonly id: string; readonly url: string }>>;
}

const actor = "system";

/** Fills an empty store with the demo organization, its people, app, publication, simulated phone and API key. */
export async function seedDemo(baseUrl: string, services: EngineServices): Promise<Demo> {
  const organization = await addOrganization(services);
  await addSimulatedPhone(organization, services);
  const { app, publication } = await addApp(organization, services);
  const users = [];
  for (const person of demoPeople) users.push(await addPerson(person, organization, services));
  return {
    baseUrl,
    organization,
    apiKey: await addApiKey(organization, services),
    users,
    app,
    publications: { api: { id: publication, url: `${baseUrl}/v1` } },
  };
}

function newId({ clock, random }: EngineServices): string {
  return timeOrderedId(clock.now(), random);
}

function dated(organization: string, { clock }: EngineServices) {
  const now = clock.now();
  return { organization, createdAt: now, updatedAt: now };
}

function audit(type: AuditDraft["type"], kind: string, organization: string): AuditDraft {
  return { type, organization, actor, details: { kind } };
}

async function addOrganization(services: EngineServices): Promise<string> {
  const id = newId(services);
  await services.store.settings.organizations.insert(
    {
      id,
      name: "demo",
      displayName: "Countersign Demo",
      locale: "en",
      country: "US",
      // The simulated phone costs nothing and rings nobody: the demo may send as often as the server permits.
      policy: {
        sendsPerDestination: serverCeiling.sendsPerDestination,
        sendsPerUser: serverCeiling.sendsPerUser,
      },
      createdAt: services.clock.now(),
    },
    audit("organization.created", "organization", id),
  );
  return id;
}

async function addSimulatedPhone(organization: string, services: EngineServices): Promise<void> {
  await services.store.settings.providers.insert(
    {
      ...dated(organization, services),
      id: newId(services),
      name: "Simulated phone and mailbox",
      kind: "inbox",
      vias: ["sms", "voice", "email"],
      position: 0,
      enabled: true,
      settings: {},
    },
    audit("settings.created", "provider", organization),
  );
}

async function addApp(organization: string, services: EngineServices) {
  const { apps, publications } = services.store.settings;
  const app = newId(services);
  await apps.insert(
    { ...dated(organization, services), id: app, name: "Contact Finder", policy: {} },
    audit("settings.created", "app", organization),
  );
  const publication = newId(services);
  const shown = { name: "Contact Finder API", channel: "api", mfa: true, policy: {}, settings: {} } as const;
  await publications.insert(
    { ...dated(organization, services), id: publication, app, ...shown },
    audit("settings.created", "publication", organization),
  );
  return { app, publication };
}

async function addApiKey(organization: string, services: EngineServices): Promise<string> {
  const { key, id, digest, lastFour } = generateApiKey("test", services.random);
  await services.store.settings.apiKeys.insert(
    { id, organization, name: "demo", digest, lastFour, scopes: ["admin"], createdAt: services.clock.now() },
    audit("api_key.created", "api_key", organization),
  );
  return key;
}

async function addPerson(person: DemoPerson, organization: string, services: EngineServices) {
  const now = services.clock.now();
  const { email, phone, ...known } = person;
  const user: User = {
    ...known,
    id: timeOrderedId(now, services.random),
    organization,
    policy: {},
    createdAt: now,
    updatedAt: now,
  };
  const authenticator = (kind: DeliveryVia, input: string) => {
    const { canonical, sendTo, hint } = parseDestination(kind, input);
    const destination = { sendTo, hint, key: destinationKey(organization, kind, canonical, services.vault) };
    return vouchedDestination({ organization, actor, user: user.id, kind, destination }, services);
  };
  await services.store.users.insert(
    user,
    [authenticator("email", email), authenticator("sms", phone), authenticator("voice", phone)],
    { type: "user.created", organization, user: user.id, actor },
  );
  return { ...person, id: user.id };
}
