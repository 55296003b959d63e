import { generateProjectToken, projectTokenDigest } from "../server/src/engine/code/project-token.ts";
import { randomId, systemRandom, timeOrderedId } from "../server/src/engine/code/random.ts";
import type { Countersign } from "../server/src/server.ts";
import type { LoadRequest } from "./load.ts";

/** Where the bench talks to a filled server otherwise than by REST. */
export interface Talks {
  /** Path of the publication, and what logs in there. */
  readonly chat: Door;
  readonly swaig: Door;
  readonly signalwire: Door;
}

export interface Door {
  readonly path: string;
  readonly authorization: string;
}

/** One measurement: what is asked, and what every answer must hold to count. */
export interface TalkStep {
  readonly requests: readonly LoadRequest[];
  readonly headers: Readonly<Record<string, string>>;
  readonly demand: string;
}

/** Telephone number of a user of the bench; all are test numbers or belong to the simulated phone. */
export function phoneNumber(index: number): string {
  return `+1${202 + Math.floor(index / 10_000)}555${String(index % 10_000).padStart(4, "0")}`;
}

/** Publishes an app as chat and as assistant, and adds a project of the SignalWire-compatible surface. */
export async function addTalks(
  organization: string,
  apiKey: string,
  { store, keyring }: Countersign,
): Promise<Talks> {
  const now = Date.now();
  const audit = { type: "settings.created", organization } as const;
  const dated = () => ({
    id: timeOrderedId(now, systemRandom),
    organization,
    createdAt: now,
    updatedAt: now,
    name: "bench",
  });
  const app = { ...dated(), policy: {} };
  await store.settings.apps.insert(app, audit);
  const credential = dated();
  const secret = Buffer.from(systemRandom.bytes(24)).toString("base64url");
  const place = { organization, table: "credentials", column: "secret", row: credential.id };
  await store.settings.credentials.insert({ ...credential, secret: keyring.seal(place, secret) }, audit);
  const publish = async (channel: "chat" | "swaig", settings: Readonly<Record<string, unknown>>) => {
    const publication = { ...dated(), name: channel, app: app.id, channel, mfa: true, policy: {}, settings };
    await store.settings.publications.insert(publication, audit);
    return `/channels/${channel}/${publication.id}`;
  };
  // One method, so that a conversation has two turns: the person is named, the code is entered.
  const chat = await publish("chat", { methods: ["sms"] });
  const swaig = await publish("swaig", { methods: ["sms"], access: credential.id });
  const project = randomId(systemRandom);
  const token = generateProjectToken(systemRandom);
  await store.settings.signalwireProjects.insert(
    {
      ...dated(),
      id: project,
      tokenDigest: projectTokenDigest(project, token, keyring),
      lastFour: token.slice(-4),
      from: ["+15552221234"],
      links: "allowed",
    },
    audit,
  );
  return {
    chat: { path: chat, authorization: `Bearer ${apiKey}` },
    swaig: { path: swaig, authorization: basic("countersign", secret) },
    signalwire: { path: "/api/relay/rest/mfa", authorization: basic(project, token) },
  };
}

function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

/** The first turn of a conversation of each user: who it is; the code is sent. */
export function chatStarts({ chat }: Talks, users: readonly string[], turn: number): TalkStep {
  return stepOf(chat, '"expect"', "", (index) => ({
    conversation: `chat-${turn}-${index}`,
    subject: users[index],
  }))(users.length);
}

/** The turn that enters the right code. */
export function chatCodes({ chat }: Talks, count: number, turn: number, code: string): TalkStep {
  return stepOf(chat, '"path":"success"', "", (index) => ({
    conversation: `chat-${turn}-${index}`,
    step: 1,
    input: code,
  }))(count);
}

/** `send_mfa` of an assistant, in a call of each user. */
export function assistantSends({ swaig }: Talks, count: number, turn: number): TalkStep {
  return stepOf(swaig, "number sent", "/swaig", (index) => swaigCall("send_mfa", {}, turn, index))(count);
}

/** `verify_mfa` with the right code. */
export function assistantVerifies({ swaig }: Talks, count: number, turn: number, token: string): TalkStep {
  return stepOf(swaig, "successful", "/swaig", (index) => swaigCall("verify_mfa", { token }, turn, index))(
    count,
  );
}

function swaigCall(name: string, given: object, turn: number, index: number): object {
  return {
    app_name: "countersign",
    function: name,
    argument: { parsed: [given], raw: JSON.stringify(given) },
    call_id: `call-${turn}-${index}`,
    meta_data_token: "countersign",
    meta_data: {},
    caller_id_num: phoneNumber(index),
    version: "2.0",
  };
}

/** A token to each number, as a client of SignalWire's MFA API asks for it. */
export function signalwireSends({ signalwire }: Talks, count: number): TalkStep {
  return stepOf(signalwire, '"success":true', "/sms", (index) => ({ to: phoneNumber(index) }))(count);
}

export function signalwireVerifies({ signalwire }: Talks, ids: readonly string[], token: string): TalkStep {
  const body = JSON.stringify({ token });
  return {
    requests: ids.map((id) => ({ path: `${signalwire.path}/${id}/verify`, body })),
    headers: { authorization: signalwire.authorization },
    demand: '"success":true',
  };
}

function stepOf(door: Door, demand: string, path: string, bodyOf: (index: number) => object) {
  return (count: number): TalkStep => ({
    requests: Array.from({ length: count }, (_, index) => ({
      path: `${door.path}${path}`,
      body: JSON.stringify(bodyOf(index)),
    })),
    headers: { authorization: door.authorization },
    demand,
  });
}
