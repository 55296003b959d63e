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
  const { store } = services;
  const now = services.clock.now();
  const id = () => timeOrderedId(now, services.random);
  const organization = id();
  const audit = (type: AuditDraft["type"], kind: string): AuditDraft => ({
    type,
    organization,
    actor,
    details: { kind },
  });
  await store.settings.organizations.insert(
    {
      id: organization,
      name: "demo",
      displayName: "Countersign Demo",
      locale: "en",
      country: "US",
      // The simulated phone costs nothing and rings nobody: the demo may send as often as the server permits.
      policy: {
        sendsPerDestination: serverCeiling.sendsPerDestination,
        sendsPerUser: serverCeiling.sendsPerUser,
      },
      createdAt: now,
    },
    audit("organization.created", "organization"),
  );
  const dated = { organization, createdAt: now, updatedAt: now };
  await store.settings.providers.insert(
    {
      ...dated,
      id: id(),
      name: "Simulated phone and mailbox",
      kind: "inbox",
      vias: ["sms", "voice", "email"],
      position: 0,
      enabled: true,
      settings: {},
    },
    audit("settings.created", "provider"),
  );
  const app = id();
  await store.settings.apps.insert(
    { ...dated, id: app, name: "Contact Finder", policy: {} },
    audit("settings.created", "app"),
  );
  const publication = id();
  await store.settings.publications.insert(
    {
      ...dated,
      id: publication,
      app,
      name: "Contact Finder API",
      channel: "api",
      mfa: true,
      policy: {},
      settings: {},
    },
    audit("settings.created", "publication"),
  );
  const users = [];
  for (const person of demoPeople) users.push(await addPerson(person, organization, services));
  const key = generateApiKey("test", services.random);
  await store.settings.apiKeys.insert(
    {
      id: key.id,
      organization,
      name: "demo",
      digest: key.digest,
      lastFour: key.lastFour,
      scopes: ["admin"],
      createdAt: now,
    },
    audit("api_key.created", "api_key"),
  );
  return {
    baseUrl,
    organization,
    apiKey: key.key,
    users,
    app,
    publications: { api: { id: publication, url: `${baseUrl}/v1` } },
  };
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
