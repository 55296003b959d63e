import { publicationUrl } from "../channels/publications.ts";
import { timeOrderedId } from "../engine/code/random.ts";
import type { ChannelId } from "../engine/model.ts";
import type { EngineServices } from "../engine/services.ts";

/** A publication of the demo as a script needs it. */
export interface DemoPublication {
  readonly id: string;
  /** As its platform would be told it, with the key in it where platforms have it there. */
  readonly url: string;
  /** The key where it goes into a header. */
  readonly key?: string | undefined;
}

interface DemoChannel {
  readonly channel: ChannelId;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the platform shows the key of `access`; `none`: it has no key of its own. */
  readonly key: "url" | "user_info" | "header" | "none";
}

/** Whoever calls from a number of the demo's people is that person; a script names them by `subject`. */
const phoneMenu = { identify: "subject_or_caller", methods: ["email", "sms", "voice", "totp"] };

/** The one function that it guards asks nobody else: what a real one would read from your own system. */
const assistant = {
  instructions:
    "You work for Contact Finder and can also tell confirmed callers the balance of their account.",
  functions: [
    {
      name: "look_up_balance",
      description: "Look up the balance of the caller's account.",
      allow: { text: "The balance of the caller's account is 120 dollars and 50 cents." },
    },
  ],
};

/** One line per channel. */
const demoChannels: readonly DemoChannel[] = [
  { channel: "voicexml", name: "Contact Finder by VoiceXML", settings: phoneMenu, key: "url" },
  // Nobody signs the calls of a simulator.
  {
    channel: "twiml",
    name: "Contact Finder by TwiML",
    settings: { ...phoneMenu, signature: "none" },
    key: "url",
  },
  { channel: "swml", name: "Contact Finder by SWML", settings: phoneMenu, key: "url" },
  { channel: "swaig", name: "Contact Finder assistant", settings: assistant, key: "user_info" },
  { channel: "chat", name: "Contact Finder chat", settings: {}, key: "none" },
  { channel: "genesys", name: "Contact Finder for Genesys", settings: {}, key: "header" },
];

/** Publishes the demo's app on every channel; each with a key of its own. */
export async function addPublications(
  app: { readonly id: string; readonly organization: string },
  baseUrl: string,
  services: EngineServices,
): Promise<Readonly<Record<string, DemoPublication>>> {
  const added: [string, DemoPublication][] = [];
  for (const channel of demoChannels) {
    added.push([channel.channel, await addPublication(channel, app, baseUrl, services)]);
  }
  return Object.fromEntries(added);
}

async function addPublication(
  { channel, name, settings, key }: DemoChannel,
  app: { readonly id: string; readonly organization: string },
  baseUrl: string,
  services: EngineServices,
): Promise<DemoPublication> {
  const access = key === "none" ? undefined : await addKey(`Key of ${name}`, app.organization, services);
  const publication = {
    ...dated(app.organization, services),
    app: app.id,
    name,
    channel,
    mfa: true,
    policy: {},
    settings: { ...settings, ...(access && { access: access.credential }) },
  };
  await services.store.settings.publications.insert(publication, audit("publication", app.organization));
  const { id } = publication;
  const url = publicationUrl({ channel, id }, baseUrl);
  if (access === undefined) return { id, url };
  switch (key) {
    case "url":
      return { id, url: `${url}?key=${access.secret}` };
    case "user_info":
      return { id, url: url.replace("://", `://countersign:${access.secret}@`) };
    default:
      return { id, url, key: access.secret };
  }
}

async function addKey(name: string, organization: string, services: EngineServices) {
  const common = dated(organization, services);
  const secret = Buffer.from(services.random.bytes(24)).toString("base64url");
  const place = { organization, table: "credentials", column: "secret", row: common.id };
  const sealed = services.vault.seal(place, secret);
  await services.store.settings.credentials.insert(
    { ...common, name, secret: sealed },
    audit("credential", organization),
  );
  return { credential: common.id, secret };
}

function dated(organization: string, { clock, random }: EngineServices) {
  const now = clock.now();
  return { id: timeOrderedId(now, random), organization, createdAt: now, updatedAt: now };
}

function audit(kind: string, organization: string) {
  return { type: "settings.created", organization, actor: "system", details: { kind } } as const;
}
