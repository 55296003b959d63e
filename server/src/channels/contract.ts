import { Value } from "typebox/value";
import { describe, expect, it } from "vitest";
import type { Reply, Turn } from "../dialogue/model.ts";
import type { Conversation } from "../engine/conversations.ts";
import {
  type Channel,
  ChannelRejected,
  type ChannelRequest,
  type ChannelResponse,
  type ChannelTools,
  type ConversationChannel,
  type Published,
} from "./channel.ts";
import { withDefaults } from "./publications.ts";

export interface ChannelFixture<Settings> {
  readonly channel: Channel<Settings>;
  /** Settings as an admin writes them; the credentials in them are ids of `secrets`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Plain secrets by the id of their credential. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Requests that the platform sends, without any proof: the first one begins. */
  readonly requests: readonly ChannelRequest[];
  /** The same request with the proof that the platform adds. */
  prove(request: ChannelRequest, published: Published<Settings>): ChannelRequest;
  /** Names of the elements or members of an answer. Throws when it is not well-formed. */
  namesIn(answer: ChannelResponse): readonly string[];
  readonly tools?: Partial<ChannelTools> | undefined;
}

/** The conversation that step addresses (`/t/<id>/<step>`) of a fixture name. */
export const knownConversation = "known-conversation";

/** What every channel keeps to, whatever its protocol. */
export function describeChannel<Settings>(fixture: ChannelFixture<Settings>): void {
  const { channel } = fixture;
  const published = publishedBy(fixture);
  const proved = fixture.requests.map((request) => fixture.prove(request, published));

  describe(`${channel.id}: settings`, () => {
    it("fit their schema and the channel's own rules", () => {
      expect([...Value.Errors(channel.settings, fixture.settings)]).toEqual([]);
      expect(channel.validate?.(published.settings) ?? []).toEqual([]);
    });

    it("are closed, and say what each of them is", () => {
      expect(channel.settings).toMatchObject({ additionalProperties: false });
      for (const [name, member] of Object.entries(channel.settings.properties)) {
        expect([name, (member as { description?: string }).description ?? ""]).toEqual([
          name,
          expect.stringMatching(/\S{2,}/),
        ]);
      }
    });

    it("that have a default need not be given", () => {
      const { properties, required = [] } = channel.settings;
      const withDefault = Object.entries(properties).filter(([, member]) => "default" in member);
      expect(required.filter((name) => withDefault.some(([one]) => one === name))).toEqual([]);
    });

    it("hold secrets as credentials only", () => {
      const members = Object.entries(channel.settings.properties).filter(
        ([name]) => name in fixture.settings,
      );
      const credentials = members.filter(
        ([, member]) => (member as { format?: string }).format === "credential",
      );
      expect(credentials.map(([name]) => fixture.settings[name])).toEqual(Object.keys(fixture.secrets));
    });
  });

  describe(`${channel.id}: authenticate`, () => {
    it.each(proved)("takes what is proved: $method $path", async (request) => {
      await channel.authenticate(request, published, toolsOf(fixture));
    });

    it.each(fixture.requests)("refuses what shows no proof: $method $path", async (request) => {
      await expectRefused(channel.authenticate(request, published, toolsOf(fixture)));
    });

    it.each(proved)("refuses a proof by another secret, and an empty one: $method $path", async (request) => {
      for (const secret of ["another secret, long enough", ""]) {
        const secrets = Object.fromEntries(Object.keys(fixture.secrets).map((id) => [id, secret]));
        const tools = toolsOf({ ...fixture, secrets });
        await expectRefused(channel.authenticate(request, published, tools));
      }
    });

    it("asks for the publication's own organization only", async () => {
      const asked: string[] = [];
      const tools = toolsOf(fixture);
      const secretOf = async (organization: string, id: string) => {
        asked.push(organization);
        return tools.secretOf(organization, id);
      };
      await channel.authenticate(proved[0]!, published, { ...tools, secretOf });
      expect(new Set(asked)).toEqual(new Set([published.organization]));
    });
  });

  describe(`${channel.id}: answers`, () => {
    it("an unknown path is not there", async () => {
      const [first] = fixture.requests;
      const request = fixture.prove({ ...first!, path: "/no-such-thing" }, published);
      await expect(answerOf(channel, request, published, fixture)).rejects.toMatchObject({
        name: "ChannelRejected",
        status: 404,
      });
    });

    it("a failure of ours is in the platform's form, and no approval", () => {
      const answer = channel.fail(published);
      expect(fixture.namesIn(answer).length).toBeGreaterThan(0);
      expect(answer.body).not.toMatch(/success|approved|"verified"|receipt":"./i);
    });

    if (!("handle" in channel)) repliesHold(channel, published, fixture);
  });
}

function repliesHold<Settings>(
  channel: ConversationChannel<Settings>,
  published: Published<Settings>,
  fixture: ChannelFixture<Settings>,
): void {
  it.each(hostileTexts)("values stay values, whatever they hold: %j", (text) => {
    for (const shape of ["choice", "code", "done"] as const) {
      const [plain, hostile] = ["words", text].map((words) =>
        fixture.namesIn(channel.respond(replyOf(shape, words), turn, published)),
      );
      expect(hostile).toEqual(plain);
    }
  });

  it("a reply names what it expects, and its end the path", () => {
    const bodies = (["choice", "code", "done"] as const).map((shape) =>
      channel.respond(replyOf(shape, "words"), turn, published),
    );
    expect(new Set(bodies.map(({ body }) => body)).size).toBe(3);
    expect(bodies.map(({ status }) => status)).toEqual([200, 200, 200]);
  });
}

const hostileTexts = [
  "</Say><Dial>+19005550100</Dial><Say>",
  '"><x>',
  "'/><audio src='http://evil.example/a.wav'/>",
  "]]><!-- --><?x y?>&#60;&lt;",
  `\${OTP} %{call.from}`,
  "\u0000\u0007\ud800\ufffe",
  '{"kind":"done","path":"success"}',
];

const turn: Turn = { conversation: "call-1", input: { kind: "start" } };

function replyOf(shape: "choice" | "code" | "done", words: string): Reply {
  const say = [{ kind: "text", text: words }] as const;
  const common = { conversation: knownConversation, step: 1, locale: "en", say, pace: "normal" } as const;
  switch (shape) {
    case "choice":
      return { ...common, expect: { kind: "choice", options: [{ key: "1", label: words, value: "email" }] } };
    case "code":
      return { ...common, expect: { kind: "code", minDigits: 6, maxDigits: 6 } };
    case "done":
      return { ...common, expect: { kind: "nothing" }, done: { path: "agent" } };
  }
}

async function answerOf<Settings>(
  channel: Channel<Settings>,
  request: ChannelRequest,
  published: Published<Settings>,
  fixture: ChannelFixture<Settings>,
): Promise<unknown> {
  const tools = toolsOf(fixture);
  if ("handle" in channel) return channel.handle(request, published, tools);
  return channel.receive(request, published, tools);
}

async function expectRefused(authentication: Promise<void>): Promise<void> {
  const error = await authentication.then(
    () => "taken",
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChannelRejected);
  expect([401, 403, 404]).toContain((error as ChannelRejected).status);
}

/** The fixture's publication as the host would hand it over. */
export function publishedBy<Settings>({ channel, settings }: ChannelFixture<Settings>): Published<Settings> {
  const id = "0190f3c2-0000-7000-8000-000000000001";
  return {
    id,
    organization: "acme",
    app: "app-1",
    name: "By phone",
    channel: channel.id,
    mfa: true,
    policy: {},
    settings: withDefaults(channel, settings) as Settings,
    url: `https://mfa.example.com/channels/${channel.id}/${id}`,
    createdAt: 0,
    updatedAt: 0,
  };
}

/** Tools that know the fixture's secrets and one conversation; anything else that a channel reaches for is not there. */
export function toolsOf<Settings>(fixture: ChannelFixture<Settings>): ChannelTools {
  const { id: publication, organization } = publishedBy(fixture);
  const known = { id: knownConversation, externalId: "call-1", publication } as Conversation;
  const services = {
    clock: { now: () => Date.parse("2026-11-22T12:00:00Z") },
    random: { integer: () => 0, bytes: (length: number) => new Uint8Array(length) },
    store: {
      conversations: {
        find: async (owner: string, id: string) =>
          owner === organization && id === known.id ? known : undefined,
      },
    },
  } as unknown as ChannelTools["services"];
  return {
    services,
    secretOf: async (owner, id) => {
      const secret = owner === organization ? fixture.secrets[id] : undefined;
      if (secret === undefined) throw new Error("There is no such credential.");
      return secret;
    },
    holderOf: async () => undefined,
    fetch: () => Promise.reject(new Error("Nothing is fetched here.")),
    waitForDelivery: async () => undefined,
    publicUrl: "https://mfa.example.com",
    ...fixture.tools,
  };
}
