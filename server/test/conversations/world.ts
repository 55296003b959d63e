import type { PhoneChannel } from "../../src/cli/call/phone/open.ts";
import { type Api, type Entry, type OpenServer, openServer } from "../open-server.ts";
import { type Outside, startOutside } from "./outside.ts";
import type { Transcript } from "./transcript.ts";

/** A server that can be restarted, with a clock that moves only when a transcript says so. */
export interface World {
  readonly server: OpenServer;
  readonly clock: { at: number; now(): number };
  readonly outside: Outside;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const outside = await startOutside();
  const clock = { at: Date.now(), now: () => clock.at };
  const environment = { COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" };
  const first = await openServer({ clock, environment });
  let server = first;
  return {
    get server() {
      return server;
    },
    clock,
    outside,
    restart: async () => {
      await server.countersign.close();
      server = await openServer({ clock, environment, data: { folder: first.data, demo: first.demo } });
    },
    close: async () => {
      await server.countersign.close();
      await first.close();
      await outside.close();
    },
  };
}

/** An organization as a transcript needs it: an app, a secret for its platforms, and a way for messages. */
export interface Stage {
  readonly key: string;
  readonly app: string;
  readonly credential: string;
  readonly secret: string;
}

const secret = "a-secret-of-a-platform-0123456789";

async function made(api: Api, path: string, body: object): Promise<Entry> {
  const { status, body: entry } = await api.post(path, body);
  if (status !== 201) throw new Error(`${path}: ${status} ${JSON.stringify(entry)}`);
  return entry;
}

/** The demo organization, where messages go to the simulated phone. */
export async function demoStage({ server }: World): Promise<Stage> {
  const { demo, api } = server;
  const { id } = await made(api, "/v1/credentials", { name: "platform of the transcripts", secret });
  return { key: demo.apiKey, app: demo.app, credential: id, secret };
}

/** Another organization, whose messages go through a gateway that can fail. */
export async function gatewayStage({ server, outside }: World): Promise<Stage> {
  const { api } = await server.addOrganization("gateway");
  const key = String((await made(api, "/v1/api-keys", { name: "platform", scopes: ["admin"] }))["key"]);
  await made(api, "/v1/providers", {
    name: "Gateway",
    kind: "http-gateway",
    vias: ["sms", "email"],
    settings: {
      method: "POST",
      url: outside.gatewayUrl,
      bodyTemplate: `{"to":"\${to}","via":"\${via}","text":"\${text}"}`,
    },
  });
  const app = await made(api, "/v1/apps", { name: "Transcripts" });
  const { id } = await made(api, "/v1/credentials", { name: "platform of the transcripts", secret });
  return { key, app: app.id, credential: id, secret };
}

/** One person and one publication, for one call. */
export interface Role {
  readonly url: string;
  readonly publication: string;
  readonly subject: string;
  /** Where their messages go. */
  readonly addresses: readonly string[];
}

let born = 0;

export async function cast(
  channel: PhoneChannel,
  transcript: Transcript,
  stage: Stage,
  { server, outside }: World,
): Promise<Role> {
  born += 1;
  const subject = `caller-${born}`;
  const api = server.as(stage.key);
  const email = transcript.person.includes("email") ? `anna.${born}@example.com` : undefined;
  const phone = transcript.person.includes("sms") ? `+49151${10_000_042 + born * 100}` : undefined;
  await made(api, "/v1/users", { externalId: subject, email, phone, locale: "en" });
  const addresses = [email, phone].filter((one) => one !== undefined);
  if (transcript.deliveries.length > 0) outside.deliver(addresses, transcript.deliveries);
  const publication = await made(api, `/v1/apps/${stage.app}/publications`, {
    name: subject,
    channel,
    settings: settingsOf(channel, { transcript, stage, subject }, outside),
  });
  return { url: String(publication["url"]), publication: publication.id, subject, addresses };
}

interface Casting {
  readonly transcript: Transcript;
  readonly stage: Stage;
  readonly subject: string;
}

function settingsOf(
  channel: PhoneChannel,
  { transcript, stage, subject }: Casting,
  outside: Outside,
): object {
  const { settings, services } = transcript;
  const ws = Object.keys(services).length === 0 ? {} : { ws: outside.serve(subject, services) };
  const { input, ...common } = settings;
  const own = {
    voicexml: { access: stage.credential, returned: { receipt: "receipt" }, input },
    twiml: { access: stage.credential, returnUrl: "https://ivr.example.com/after", input },
    swml: { access: stage.credential, signingKey: stage.credential, input },
    chat: {},
  };
  return { methods: ["email", "sms"], ...common, ...ws, ...own[channel] };
}
