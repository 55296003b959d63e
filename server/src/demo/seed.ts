import { parseDestination } from "../delivery/destination.ts";
import { keyedDestination } from "../delivery/destination-known.ts";
import type { AuditDraft } from "../engine/audit/event.ts";
import { generateApiKey } from "../engine/code/api-key.ts";
import { generateProjectToken, projectTokenDigest } from "../engine/code/project-token.ts";
import { randomId, timeOrderedId } from "../engine/code/random.ts";
import { vouchedDestination } from "../engine/enrollment/begin.ts";
import type { DeliveryVia, User } from "../engine/model.ts";
import { serverCeiling } from "../engine/policy/defaults.ts";
import type { EngineServices } from "../engine/services.ts";
import { type DemoPerson, demoPeople } from "./people.ts";
import { addPublications, type DemoPublication } from "./publications.ts";

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
  /** For a client of SignalWire's MFA API, with `baseUrl` as its host. */
  readonly signalwire: {
    readonly project: string;
    readonly token: string;
    /** Numbers that its messages may come from. */
    readonly from: readonly string[];
  };
  readonly publications: Readonly<Record<string, DemoPublication>>;
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
    signalwire: await addSignalwireProject(organization, services),
    publications: {
      api: { id: publication, url: `${baseUrl}/v1` },
      ...(await addPublications({ id: app, organization }, baseUrl, services)),
    },
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
        sending: {
          ...serverCeiling.sending,
          enforce: "block",
          smsCountries: countries,
          voiceCountries: countries,
        },
      },
      createdAt: services.clock.now(),
    },
    audit("organization.created", "organization", id),
  );
  return id;
}

/** Of the demo's people, and of those who speak the languages of its messages. */
const countries = [
  "US",
  "CA",
  "GB",
  "IE",
  "AU",
  "NZ",
  "DE",
  "AT",
  "CH",
  "FR",
  "BE",
  "ES",
  "IT",
  "NL",
  "PT",
  "BR",
];

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

/** Number that the demo's SMS come from: the one in SignalWire's own example of a digital employee. */
const demoSender = "+15552221234";

async function addSignalwireProject(organization: string, services: EngineServices) {
  const project = randomId(services.random);
  const token = generateProjectToken(services.random);
  await services.store.settings.signalwireProjects.insert(
    {
      ...dated(organization, services),
      id: project,
      name: "demo",
      tokenDigest: projectTokenDigest(project, token, services.vault),
      lastFour: token.slice(-4),
      from: [demoSender],
      links: "allowed",
    },
    audit("settings.created", "signalwire_project", organization),
  );
  return { project, token, from: [demoSender] };
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
    const destination = keyedDestination(organization, kind, parseDestination(kind, input), services.vault);
    return vouchedDestination({ organization, actor, user: user.id, kind, destination }, services);
  };
  await services.store.users.insert(
    user,
    [authenticator("email", email), authenticator("sms", phone), authenticator("voice", phone)],
    { type: "user.created", organization, user: user.id, actor },
  );
  return { ...person, id: user.id };
}
