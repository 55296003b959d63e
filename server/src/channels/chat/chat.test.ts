import { describe, expect, it } from "vitest";
import type { Reply, Turn } from "../../dialogue/model.ts";
import type { ApiKeyHolder, ChannelRequest } from "../channel.ts";
import { type ChannelFixture, describeChannel, publishedBy, toolsOf } from "../contract.ts";
import { chat } from "./chat.ts";
import type { ChatSettings } from "./settings.ts";

const key = "correct horse battery";

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): ChannelRequest {
  return {
    method: "POST",
    path: "",
    query: "",
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
}

const fixture: ChannelFixture<ChatSettings> = {
  channel: chat,
  settings: { access: "c1" },
  secrets: { c1: key },
  requests: [
    post({ conversation: "bot-1", subject: "cust-1001" }),
    post({ conversation: "bot-1", input: "123456" }),
  ],
  prove: (request) => ({
    ...request,
    headers: { ...request.headers, authorization: `Basic ${Buffer.from(`bot:${key}`).toString("base64")}` },
  }),
  namesIn: ({ body }) => Object.keys(JSON.parse(body)),
};
describeChannel(fixture);

const published = publishedBy(fixture);

describe("chat: API keys", () => {
  const holder: ApiKeyHolder = {
    organization: "acme",
    scopes: new Set(["verifications:start", "verifications:check"]),
  };
  const status = (given: ApiKeyHolder | undefined, request: ChannelRequest, settings: object = {}) => {
    const tools = { ...toolsOf(fixture), holderOf: async () => given };
    return chat
      .authenticate(request, { ...published, settings: { minConfidence: 0, ...settings } }, tools)
      .then(
        () => "taken",
        ({ status }: { status: number }) => status,
      );
  };
  const request = post({ conversation: "a" }, { authorization: "Bearer cs_test_x" });

  it("open the publication with the scopes to start and to check", async () => {
    expect(await status(holder, request)).toBe("taken");
    expect(await status({ ...holder, scopes: new Set(["admin"]) }, request)).toBe("taken");
    expect(await status({ ...holder, scopes: new Set(["verifications:start"]) }, request)).toBe(403);
  });

  it("send to an address of the caller's only with the scope for that", async () => {
    const withVariables = post({ conversation: "a", variables: {} }, { authorization: "Bearer cs_test_x" });
    expect(await status(holder, withVariables)).toBe(403);
    const scopes = new Set([...holder.scopes, "verifications:start_to"] as const);
    expect(await status({ ...holder, scopes }, withVariables)).toBe("taken");
  });

  it("of another organization, of another app, or not living do not", async () => {
    expect(await status(undefined, request)).toBe(401);
    expect(await status({ ...holder, organization: "other" }, request)).toBe(401);
    expect(await status({ ...holder, app: "app-2" }, request)).toBe(403);
    expect(await status({ ...holder, app: "app-1" }, request)).toBe("taken");
  });

  it("in the address are no keys, and without a publication key nothing else is", async () => {
    expect(await status(holder, { ...post({}), query: `key=${key}` }, { access: "c1" })).toBe(401);
    expect(await status(holder, post({}, { "x-api-key": key }))).toBe(401);
    expect(await status(undefined, post({}, { "x-api-key": key }), { access: "c1" })).toBe("taken");
  });
});

const turnOf = (body: unknown) => chat.receive(post(body), published, toolsOf(fixture)) as Turn;

describe("chat: turns", () => {
  it.each([
    [undefined, { kind: "start" }],
    ["123 456", { kind: "text", text: "123 456" }],
    ["  ", { kind: "silence" }],
    [{ keys: "1 2" }, { kind: "keys", keys: "12" }],
    [
      { speech: "four two", confidence: 0.5 },
      { kind: "speech", text: "four two" },
    ],
    [{ wish: "resend" }, { kind: "wish", wish: "resend" }],
    [{ event: "hangup" }, { kind: "hangup" }],
  ])("%j", (input, expected) => {
    expect(turnOf({ conversation: "bot-1", step: 4, ...(input !== undefined && { input }) })).toMatchObject({
      conversation: "bot-1",
      step: 4,
      input: expected,
    });
  });

  it("what the recogniser is too unsure of is not understood", () => {
    const unsure = post({ conversation: "a", input: { speech: "four two", confidence: 0.4 } });
    const settings = { ...published.settings, minConfidence: 0.5 };
    expect(chat.receive(unsure, { ...published, settings }, toolsOf(fixture))).toMatchObject({
      input: { kind: "no_match" },
    });
  });

  it("a start says whom it concerns", () => {
    const start = {
      conversation: "a",
      subject: "u1",
      locale: "de-AT",
      caller: "+4915112345678",
      source: "2001:db8::7",
      variables: { Tier: "gold" },
    };
    expect(turnOf(start)).toMatchObject({ ...start, input: { kind: "start" } });
  });

  it.each([
    ["no conversation", {}, "conversation: is required."],
    ["an empty one", { conversation: "" }, "conversation: is empty."],
    ["a number as code", { conversation: "a", input: 123456 }, "input: is not valid."],
    [
      "a source that is no address",
      { conversation: "a", source: "example.com" },
      "source: is not an IP address.",
    ],
    ["an unknown wish", { conversation: "a", input: { wish: "rich" } }, "input: is not valid."],
    [
      "a field that is not known",
      { conversation: "a", verified: true },
      "The body has a field that is not known.",
    ],
    [
      "a name twice",
      '{"conversation":"a","conversation":"b"}',
      "A name occurs twice in one object (RFC 7493 §2.3).",
    ],
    ["no object", "[]", "The body must be a JSON object."],
  ])("refuses %s", (_name, body, message) => {
    expect(() => turnOf(body)).toThrow(expect.objectContaining({ status: 400, message }));
  });

  it("refuses another method or media type", () => {
    const receive = (request: ChannelRequest) => () => chat.receive(request, published, toolsOf(fixture));
    expect(receive({ ...post({}), method: "GET" })).toThrow(expect.objectContaining({ status: 405 }));
    expect(receive(post({}, { "content-type": "text/plain" }))).toThrow(
      expect.objectContaining({ status: 415 }),
    );
  });
});

describe("chat: answers", () => {
  const turn: Turn = { conversation: "bot-1", input: { kind: "start" } };
  const common = { conversation: "ours", step: 2, locale: "en", pace: "normal" } as const;

  it("say what to say, and what may be answered", () => {
    const options = [{ key: "1", label: "e-mail", value: "email" }];
    const reply: Reply = {
      ...common,
      say: [
        { kind: "text", text: "It ends in " },
        { kind: "digits", digits: "42" },
        { kind: "text", text: "." },
      ],
      expect: { kind: "choice", options },
    };
    const answer = chat.respond(reply, turn, published);
    expect(JSON.parse(answer.body)).toEqual({
      conversation: "bot-1",
      step: 2,
      say: "It ends in 42.",
      locale: "en",
      expect: { kind: "choice", options },
    });
  });

  it("end with the path and the receipt", () => {
    const done = { path: "success", verification: "v", receipt: "r", skipped: true };
    const answer = chat.respond({ ...common, say: [], expect: { kind: "nothing" }, done }, turn, published);
    expect(JSON.parse(answer.body)).toMatchObject({ expect: { kind: "nothing" }, done });
  });

  it("errors are problem documents", () => {
    expect(chat.fail(published)).toMatchObject({
      status: 500,
      headers: { "content-type": "application/problem+json" },
      body: expect.stringContaining('"code":"internal_error"'),
    });
  });
});
