import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { schemasFolder } from "../../../test/schemas.ts";
import type { Reply } from "../../dialogue/model.ts";
import { ChannelRejected, type ChannelRequest, type ChannelResponse, type Published } from "../channel.ts";
import { type ChannelFixture, describeChannel, publishedBy, toolsOf } from "../contract.ts";
import type { SwmlSettings } from "./settings.ts";
import { swml } from "./swml.ts";

const key = "correct horse battery";
const signingKey = "PSK_test_key";

function post(path: string, body: unknown, query = ""): ChannelRequest {
  return {
    method: "POST",
    path,
    query,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify(body)),
  };
}
const call = { call_id: "call-1", node_id: "n", from: "+15551234567", to: "+15557654321", headers: [] };
const fetched = post("", { call, vars: {}, envs: {}, params: { subject: "cust-1001", lang: "de" } });
const answered = post("/turn", { call_id: "call-1", step: "2", event: "match_digits", value: "123456" });

const withHeaders = (request: ChannelRequest, headers: Readonly<Record<string, string>>): ChannelRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

/** hex(HMAC(key, URL + raw body)), as the platform's documentation says. */
function signature(
  request: ChannelRequest,
  { url }: { url: string },
  hash = "sha1",
  by = signingKey,
): string {
  const query = request.query === "" ? "" : `?${request.query}`;
  return createHmac(hash, by).update(`${url}${request.path}${query}`).update(request.body).digest("hex");
}

const unsigned: ChannelFixture<SwmlSettings> = {
  channel: swml,
  settings: { access: "c1" },
  secrets: { c1: key },
  requests: [fetched, answered],
  prove: (request, published) => {
    if (request.path !== "/turn") return withHeaders(request, { "x-api-key": key });
    const turnKey = createHmac("sha256", key).update(`swml turns|${published.id}`).digest("base64url");
    return withHeaders(request, { "x-countersign-key": turnKey });
  },
  namesIn: ({ body }) => Object.keys(JSON.parse(body)),
};
describe("by key", () => describeChannel(unsigned));
describe("signed", () =>
  describeChannel({
    ...unsigned,
    settings: { access: "c1", signingKey: "c2" },
    secrets: { c1: key, c2: signingKey },
    prove: (request, published) =>
      request.path === "/turn"
        ? unsigned.prove(request, published)
        : withHeaders(request, { "x-signalwire-signature": signature(request, published) }),
  }));

const published = publishedBy(unsigned);
const tools = toolsOf(unsigned);
const receive = async (request: ChannelRequest, to: Published<SwmlSettings> = published) =>
  swml.receive(request, to, tools);
const documentOf = async (request: ChannelRequest, settings: Partial<SwmlSettings> = {}) => {
  const to = { ...published, settings: { ...published.settings, ...settings } };
  return JSON.parse(((await receive(request, to)) as ChannelResponse).body);
};

describe("swml: the signature of a fetch", () => {
  const signed = {
    ...unsigned,
    settings: { access: "c1", signingKey: "c2" },
    secrets: { c1: key, c2: signingKey },
  };
  const taken = (request: ChannelRequest) =>
    swml.authenticate(request, publishedBy(signed), toolsOf(signed)).then(
      () => "taken",
      ({ status }: { status: number }) => status,
    );

  it("holds by SHA-1, by SHA-256, and by both; never when one of them is wrong", async () => {
    const [sha1, sha256] = [signature(fetched, published), signature(fetched, published, "sha256")];
    const by = (headers: Record<string, string>) => taken(withHeaders(fetched, headers));
    expect(await by({ "x-signalwire-signature": sha1 })).toBe("taken");
    expect(await by({ "x-signalwire-sha256-signature": sha256 })).toBe("taken");
    expect(await by({ "x-signalwire-signature": sha1, "x-signalwire-sha256-signature": sha256 })).toBe(
      "taken",
    );
    expect(await by({ "x-signalwire-signature": sha1, "x-signalwire-sha256-signature": sha1 })).toBe(403);
    expect(await by({ "x-signalwire-signature": sha256, "x-signalwire-sha256-signature": sha256 })).toBe(403);
  });

  it.each(["", "0", "00", "ff".repeat(20), "é".repeat(40)])(
    "WHK-01: %j is refused with 403",
    async (given) => {
      expect(await taken(withHeaders(fetched, { "x-signalwire-signature": given }))).toBe(403);
    },
  );

  it("WHK-02: neither another address nor a forwarded host is signed", async () => {
    const elsewhere = signature(fetched, { url: "https://evil.example/channels/swml/x" });
    const headers = {
      "x-signalwire-signature": elsewhere,
      "x-forwarded-host": "evil.example",
      host: "evil.example",
    };
    expect(await taken(withHeaders(fetched, headers))).toBe(403);
  });

  it("WHK-04: another body than the signed one is refused", async () => {
    const other = { ...fetched, body: Buffer.from('{"call":{}}') };
    expect(await taken(withHeaders(other, { "x-signalwire-signature": signature(fetched, published) }))).toBe(
      403,
    );
  });

  it("the key of the publication does not replace it", async () => {
    expect(await taken(withHeaders(fetched, { "x-api-key": key }))).toBe(403);
  });
});

describe("swml: the document", () => {
  const path = schemasFolder("swml.json");

  it.skipIf(path === undefined || !existsSync(path)).each([
    ["plain", {}],
    [
      "with speech, voice and paths",
      { input: "keys_and_speech", voice: "Polly.Joanna", paths: { agent: { dial: "+15005550006" } } },
    ],
  ] as const)("is valid by SignalWire's schema: %s", async (_name, settings) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(JSON.parse(readFileSync(path!, "utf8")));
    const document = await documentOf(fetched, settings);
    validate(document);
    expect(validate.errors).toBeNull();
    expect(validate({ ...document, sections: { main: [{ no_such_method: {} }] } })).toBe(false);
  });

  it("carries whom it concerns, and a key for turns that is not the key itself", async () => {
    const text = JSON.stringify(await documentOf(fetched));
    expect(text).toContain('"subject":"cust-1001","lang":"de"');
    expect(text).toContain(`${published.url}/turn`);
    expect(text).not.toContain(key);
    expect(
      JSON.stringify(await documentOf({ ...fetched, body: Buffer.from(""), query: "subject=u1" })),
    ).toContain('"subject":"u1"');
  });

  it("WHK-11: a parameter that the platform would fill in is refused", async () => {
    const request = post("", { params: { subject: `\${request_response.receipt}` } });
    await expect(receive(request)).rejects.toMatchObject({ status: 400 });
  });
});

describe("swml: turns", () => {
  const turn = (more: object) => receive(post("/turn", { call_id: "call-1", step: "2", ...more }));

  it.each([
    [
      { event: "match_digits", value: "123456" },
      { kind: "keys", keys: "123456" },
    ],
    [
      { event: "match_digits", value: "1", star: "follows" },
      { kind: "keys", keys: "1" },
    ],
    [
      { event: "match_digits", value: "2", star: "pressed" },
      { kind: "keys", keys: "*2" },
    ],
    [
      { event: "no_input", value: "2", star: "pressed" },
      { kind: "keys", keys: "*" },
    ],
    [{ event: "no_input", value: "123456" }, { kind: "silence" }],
    [{ event: "no_match", value: "123456" }, { kind: "no_match" }],
    [{ event: "failed", value: "123456" }, { kind: "no_match" }],
    [
      { event: "match_speech", value: "four two", confidence: "0.8" },
      { kind: "speech", text: "four two" },
    ],
    [{ event: "match_digits", value: "12345\n6" }, { kind: "no_match" }],
    // As the platform fills in variables that stand alone.
    [{ event: "no_input", step: 2, value: null, confidence: null }, { kind: "silence" }],
    [
      { event: "match_speech", step: 2, value: "four two", confidence: 0.8 },
      { kind: "speech", text: "four two" },
    ],
  ])("WHK-10: %j", async (body, input) => {
    expect(await turn(body)).toEqual({ conversation: "call-1", step: 2, input });
  });

  it("a star in a menu waits for the key after it, without a turn", async () => {
    const answer = (await turn({ event: "match_digits", value: "*", star: "follows" })) as ChannelResponse;
    expect(JSON.parse(answer.body)).toEqual({ kind: "star", step: "2" });
  });

  it("the start of a call", async () => {
    expect(
      await turn({
        event: "start",
        from: "+15551234567",
        to: "sip:+15557654321@x",
        subject: "u1",
        lang: "de",
      }),
    ).toEqual({
      conversation: "call-1",
      input: { kind: "start" },
      subject: "u1",
      locale: "de",
      caller: "+15551234567",
      called: "+15557654321",
    });
  });

  it.each([
    ["no JSON", "{", 400],
    ["a name twice", '{"call_id":"a","call_id":"b","event":"start"}', 400],
    ["no call", '{"event":"start"}', 400],
    ["a number where a text belongs", '{"call_id":"a","event":"match_digits","value":123456}', 400],
  ])("refuses %s", async (_name, body, status) => {
    await expect(receive({ ...answered, body: Buffer.from(body) })).rejects.toMatchObject({ status });
  });
});

describe("swml: answers", () => {
  const say: Reply["say"] = [
    { kind: "text", text: "It ends in " },
    { kind: "digits", digits: "42" },
  ];
  const common = { conversation: "c", step: 3, locale: "de", say, pace: "slow" } as const;
  const answer = (reply: Reply) =>
    JSON.parse(swml.respond(reply, { conversation: "c", input: { kind: "start" } }, published).body);

  it("a code, slowly, in plain words", () => {
    expect(answer({ ...common, expect: { kind: "code", minDigits: 4, maxDigits: 8 } })).toEqual({
      kind: "code",
      step: 3,
      conversation: "c",
      say: expect.stringMatching(/^It ends in 4[,;]? 2$/),
      language: "de-DE",
      max_digits: 8,
    });
  });

  it("a refusal ends the document's loop, whatever was said before", () => {
    const answer = swml.refuse!(new ChannelRejected(401, "x"), published);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([401, { kind: "silent_done", path: "error" }]);
  });

  it("the end, with its receipt", () => {
    const done = { path: "success", verification: "v", receipt: "r" };
    expect(answer({ ...common, expect: { kind: "nothing" }, done })).toMatchObject({ kind: "done", ...done });
    expect(answer({ ...common, say: [], expect: { kind: "nothing" }, done })).toMatchObject({
      kind: "silent_done",
    });
  });

  it("WHK-11: no variable of the platform stands in the words", () => {
    const hostile: Reply = {
      ...common,
      say: [{ kind: "text", text: `\${call.from} %{x}` }],
      expect: { kind: "nothing" },
    };
    expect(answer(hostile).say).not.toMatch(/[{}]/);
  });
});
