import { describe, expect, it } from "vitest";
import { elementNames } from "../../../test/xml-names.ts";
import type { Turn } from "../../dialogue/model.ts";
import type { ChannelRequest } from "../channel.ts";
import {
  type ChannelFixture,
  describeChannel,
  knownConversation,
  publishedBy,
  toolsOf,
} from "../contract.ts";
import type { VoicexmlSettings } from "./settings.ts";
import { voicexml } from "./voicexml.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const bytes = (text: string) => new TextEncoder().encode(text);
const start: ChannelRequest = {
  method: "POST",
  path: "",
  query: "",
  headers: form,
  body: bytes("subject=cust-1001&cli=tel%3A%2B4915112345678"),
};
const answer = (body: string, query = ""): ChannelRequest => ({
  method: "POST",
  path: `/t/${knownConversation}/2`,
  query,
  headers: form,
  body: bytes(body),
});
const key = "correct horse battery";

const fixture: ChannelFixture<VoicexmlSettings> = {
  channel: voicexml,
  settings: { access: "c1" },
  secrets: { c1: key },
  requests: [start, { ...start, method: "GET", query: "subject=cust-1001", body: bytes("") }],
  prove: (request) => ({
    ...request,
    query: [request.query, `key=${encodeURIComponent(key)}`].filter((part) => part !== "").join("&"),
  }),
  namesIn: ({ body }) => elementNames(body),
};
describeChannel(fixture);

const published = publishedBy(fixture);
const tools = toolsOf(fixture);
const receive = async (request: ChannelRequest) =>
  (await voicexml.receive(request, published, tools)) as Turn;

describe("voicexml: a start", () => {
  it("reads query and body together, and keeps the key out of the variables", async () => {
    const request = {
      ...fixture.prove(start, published),
      query: "key=secret&lang=de&CustomerEmail=a%40example.com&dnis=sip%3A%2B4930123456%40pbx",
    };
    expect(await receive(request)).toEqual({
      conversation: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      input: { kind: "start" },
      subject: "cust-1001",
      caller: "+4915112345678",
      called: "+4930123456",
      locale: "de",
      variables: { CustomerEmail: "a@example.com" },
    });
  });

  it("takes the platform's session as the conversation, and refuses what is none", async () => {
    expect(await receive({ ...start, query: "session=A1%3A7" })).toMatchObject({ conversation: "A1:7" });
    await expect(receive({ ...start, query: "session=a%0ab" })).rejects.toMatchObject({ status: 400 });
  });

  it.each([
    ["a parameter given twice", { ...start, query: "subject=a&subject=b" }, 400],
    ["a body of another type", { ...start, headers: { "content-type": "text/xml" } }, 415],
    ["a body that is not UTF-8", { ...start, body: Uint8Array.of(0x61, 0xff) }, 400],
    ["another method", { ...start, method: "PUT" }, 405],
  ])("refuses %s", async (_name, request, status) => {
    await expect((async () => receive(request))()).rejects.toMatchObject({ name: "ChannelRejected", status });
  });

  it.each([
    ["header", { "x-api-key": key }],
    ["bearer token", { authorization: `Bearer ${encodeURIComponent("x")}` }],
    ["basic", { authorization: `Basic ${Buffer.from(`any:${key}`).toString("base64")}` }],
  ])("takes the key also by %s", async (name, headers) => {
    const request = { ...start, headers: { ...form, ...headers } };
    const taken = await voicexml.authenticate(request, published, tools).then(
      () => true,
      () => false,
    );
    expect(taken).toBe(name !== "bearer token");
  });
});

describe("voicexml: an answer", () => {
  it.each([
    ["event=input&answer=123456", { kind: "keys", keys: "123456" }],
    ["event=input&answer=1+2+3+4+5+6", { kind: "keys", keys: "123456" }],
    ["event=input&answer=*1", { kind: "keys", keys: "*1" }],
    ["event=input&answer=", { kind: "silence" }],
    ["event=noinput", { kind: "silence" }],
    ["event=nomatch", { kind: "no_match" }],
    ["event=hangup", { kind: "hangup" }],
    ["event=other&answer=1", { kind: "no_match" }],
  ])("%s", async (body, input) => {
    expect(await receive(answer(body))).toEqual({ conversation: "call-1", step: 2, input });
    // An interpreter was seen that sends a POST with everything in the query.
    expect(await receive(answer("", body))).toEqual({ conversation: "call-1", step: 2, input });
  });

  it.each(["12345%0a6", "12a456", "%EF%BC%91", "1".repeat(1_000)])(
    "WHK-10: %s is no entry of keys",
    async (keys) => {
      expect(await receive(answer(`event=input&answer=${keys}`))).toMatchObject({
        input: { kind: "no_match" },
      });
    },
  );

  it("needs no key, but an address that a proved start was told; a wrong key spoils it", async () => {
    await voicexml.authenticate(answer("event=noinput"), published, tools);
    const unknown = { ...answer("event=noinput"), path: "/t/guessed/2" };
    await expect(voicexml.authenticate(unknown, published, tools)).rejects.toMatchObject({ status: 404 });
    const wrong = answer("event=noinput", "key=wrong");
    await expect(voicexml.authenticate(wrong, published, tools)).rejects.toMatchObject({ status: 401 });
  });

  it("of an unknown run is answered by a document that ends with the path error", async () => {
    const rejected = await voicexml
      .authenticate({ ...answer(""), path: "/t/guessed/2" }, published, tools)
      .catch((error) => error);
    const document = voicexml.refuse!(rejected, published);
    expect([document.status, document.headers["content-type"]]).toEqual([
      200,
      "application/voicexml+xml; charset=utf-8",
    ]);
    expect(document.body).toContain(`<var name="path" expr="&apos;error&apos;"/>`);
    expect(voicexml.refuse!(rejected, undefined).status).toBe(404);
  });
});

describe("voicexml: settings", () => {
  it("that lead nowhere are refused", () => {
    const problems = voicexml.validate!({
      ...published.settings,
      ending: "submit",
      returned: { receipt: "path" },
    });
    expect(problems).toHaveLength(2);
  });

  it("old platforms get text/xml", () => {
    const old = { ...published, settings: { ...published.settings, mediaType: "text/xml" as const } };
    expect(voicexml.fail(old).headers["content-type"]).toBe("text/xml; charset=utf-8");
  });
});
