import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import type { Reply } from "../dialogue/model.ts";
import type { SettingsChange } from "../engine/collection.ts";
import type { Publication } from "../engine/settings.ts";
import {
  type Channel,
  ChannelRejected,
  type ChannelRequest,
  type ChannelTools,
  type ConversationChannel,
} from "./channel.ts";
import { createChannelHost } from "./host.ts";
import { createServedPublications } from "./publications.ts";
import { createChannelRegistry } from "./registry.ts";

const steps: string[] = [];

const conversation: ConversationChannel<{ greeting: string }> = {
  id: "chat",
  title: "Test",
  settings: Type.Object(
    { greeting: Type.Optional(Type.String({ default: "hello", description: "First words." })) },
    { additionalProperties: false },
  ),
  authenticate: async ({ headers }) => {
    steps.push("authenticate");
    if (headers["x-key"] !== "right") throw new ChannelRejected(401, "No.", { "www-authenticate": "Basic" });
  },
  receive: ({ path }) => {
    steps.push("receive");
    if (path === "/static") return { status: 204, headers: {}, body: "" };
    if (path === "/broken") throw new Error("secret 123456");
    return { conversation: "c", input: { kind: "start" } };
  },
  respond: (reply, _turn, { settings, url }) => ({
    status: 200,
    headers: { "content-type": "text/plain" },
    body: `${settings.greeting} ${reply.step} ${url}`,
  }),
  fail: () => ({ status: 200, headers: {}, body: "failed" }),
};
const service: Channel = {
  id: "genesys",
  title: "Service",
  settings: Type.Object({}, { additionalProperties: false }),
  servesWithoutMfa: true,
  authenticate: async () => undefined,
  handle: async ({ method }) => ({ status: 200, headers: {}, body: method }),
  fail: () => ({ status: 200, headers: {}, body: "failed" }),
  refuse: ({ status }, publication) => ({ status, headers: {}, body: publication?.id ?? "none" }),
};

const request: ChannelRequest = {
  method: "POST",
  path: "",
  query: "",
  headers: { "x-key": "right" },
  body: new Uint8Array(),
};

function hostOf(more: Partial<Publication> = {}) {
  const rows = new Map<string, Publication>();
  const listeners: ((change: SettingsChange) => void)[] = [];
  let reads = 0;
  const put = (entity: Publication) => {
    rows.set(entity.id, entity);
    for (const tell of listeners) tell({ organization: "acme", collection: "publications", id: entity.id });
  };
  const publication: Publication = {
    id: "p1",
    organization: "acme",
    app: "a1",
    name: "Test",
    channel: "chat",
    mfa: true,
    policy: {},
    settings: {},
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
  const registry = createChannelRegistry([conversation as Channel, service]);
  const settings = {
    publication: async (id: string) => {
      reads += 1;
      return rows.get(id);
    },
    onChange: (listener: (change: SettingsChange) => void) => listeners.push(listener),
  };
  const publications = createServedPublications({ registry, settings, publicUrl: "https://mfa.example.com" });
  const host = createChannelHost({
    registry,
    publications,
    takeTurn: async (turn) => {
      steps.push(`turn ${turn.conversation}`);
      return { step: 7 } as Reply;
    },
    tools: {} as ChannelTools,
  });
  put(publication);
  const reports: unknown[] = [];
  const ask = (channel = "chat", id = "p1", given: Partial<ChannelRequest> = {}) =>
    host.answer({ channel, publication: id }, { ...request, ...given }, (error) => reports.push(error));
  return { ask, put, publication, reports, reads: () => reads };
}

describe("the channel host", () => {
  it("proves, receives, takes the turn, responds; in this order", async () => {
    steps.length = 0;
    const { ask } = hostOf();
    expect((await ask()).body).toBe("hello 7 https://mfa.example.com/channels/chat/p1");
    expect(steps).toEqual(["authenticate", "receive", "turn c"]);
  });

  it("takes no turn for housekeeping, and reads nothing that is not proved", async () => {
    steps.length = 0;
    const { ask, reports } = hostOf();
    expect((await ask("chat", "p1", { path: "/static" })).status).toBe(204);
    const refused = await ask("chat", "p1", { headers: {} });
    expect(refused).toMatchObject({ status: 401, body: "No.\n", headers: { "www-authenticate": "Basic" } });
    expect(steps).toEqual(["authenticate", "receive", "authenticate"]);
    expect(reports).toEqual([]);
  });

  it("answers a failure of ours in the channel's form, and tells only the report", async () => {
    const { ask, reports } = hostOf();
    const answer = await ask("chat", "p1", { path: "/broken" });
    expect([answer.body, reports]).toEqual(["failed", [expect.any(Error)]]);
  });

  it("asks a service channel itself, and lets it word its refusals", async () => {
    const { ask } = hostOf({ id: "p2", channel: "genesys" });
    expect((await ask("genesys", "p2")).body).toBe("POST");
    expect(await ask("genesys", "p3")).toMatchObject({ status: 404, body: "none" });
  });

  it("answers alike for unknown, foreign, switched off and broken publications", async () => {
    const answers = [
      await hostOf().ask("chat", "other"),
      await hostOf().ask("chat", "x".repeat(10_000)),
      await hostOf({ channel: "genesys" }).ask(),
      await hostOf({ channel: "portal" }).ask(),
      await hostOf({ mfa: false }).ask(),
      await hostOf({ settings: { greeting: 7 } }).ask(),
      await hostOf({ settings: { unknown: "x" } }).ask(),
      await hostOf().ask("no-channel"),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it("serves a publication without MFA where the channel does more than that", async () => {
    const { ask } = hostOf({ channel: "genesys", mfa: false });
    expect((await ask("genesys")).status).toBe(200);
  });

  it("reads a publication once, until it changes; what is not there is looked up each time", async () => {
    const { ask, put, publication, reads } = hostOf();
    await Promise.all([ask(), ask(), ask()]);
    expect(reads()).toBe(1);
    put({ ...publication, settings: { greeting: "good day" } });
    expect((await ask()).body).toContain("good day");
    put({ ...publication, mfa: false });
    expect((await ask()).status).toBe(404);
    await ask();
    expect(reads()).toBe(4);
  });
});
