import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { elementNames } from "../../../test/xml-names.ts";
import type { Turn } from "../../dialogue/model.ts";
import { ChannelRejected, type ChannelRequest, type ChannelResponse, type Published } from "../channel.ts";
import {
  type ChannelFixture,
  describeChannel,
  knownConversation,
  publishedBy,
  toolsOf,
} from "../contract.ts";
import type { TwimlSettings } from "./settings.ts";
import { twiml } from "./twiml.ts";

const token = "12345678901234567890123456789012";
const call = { CallSid: "call-1", From: "+14158675309", To: "+18005551212", CallStatus: "in-progress" };

function post(path: string, more: Readonly<Record<string, string>> = {}, query = ""): ChannelRequest {
  return {
    method: "POST",
    path,
    query,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
    body: Buffer.from(`${new URLSearchParams({ ...call, ...more })}`),
  };
}
const step = `/t/${knownConversation}/2`;

/** As the vendor's own package makes it. */
function signature({ path, query, body }: ChannelRequest, { url }: { url: string }, key = token): string {
  const parameters = Object.fromEntries(new URLSearchParams(Buffer.from(body).toString()));
  return twilio.getExpectedTwilioSignature(
    key,
    `${url}${path}${query === "" ? "" : `?${query}`}`,
    parameters,
  );
}

const withHeaders = (request: ChannelRequest, headers: Readonly<Record<string, string>>): ChannelRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

const fixture: ChannelFixture<TwimlSettings> = {
  channel: twiml,
  settings: { access: "c1" },
  secrets: { c1: token },
  requests: [post("", {}, "subject=cust-1001"), post(step, { Digits: "123456" })],
  prove: (request, published) =>
    withHeaders(request, { "x-twilio-signature": signature(request, published) }),
  namesIn: ({ body }) => elementNames(body),
};
describeChannel(fixture);

const published = publishedBy(fixture);
const tools = toolsOf(fixture);
const refusal = (request: ChannelRequest, to: Published<TwimlSettings> = published) =>
  twiml.authenticate(request, to, tools).then(
    () => "taken",
    ({ status }: { status: number }) => status,
  );
const withSettings = (settings: Partial<TwimlSettings>): Published<TwimlSettings> => ({
  ...published,
  settings: { ...published.settings, ...settings },
});

describe("twiml: Twilio's signature", () => {
  const request = post(step, { Digits: "123456" });
  const right = signature(request, published);

  it("the vendor's package takes what we take", () => {
    const parameters = Object.fromEntries(new URLSearchParams(Buffer.from(request.body).toString()));
    expect(twilio.validateRequest(token, right, `${published.url}${step}`, parameters)).toBe(true);
  });

  it.each([
    ["none", undefined],
    ["empty", ""],
    ["by another key", signature(request, published, "another")],
    ["truncated", right.slice(0, -2)],
    ["longer", `${right}AA`],
    ["another spelling", right.toLowerCase()],
    ["not Base64", "***"],
  ])("WHK-01: %s is refused with 403", async (_name, given) => {
    const headers = given === undefined ? {} : { "x-twilio-signature": given };
    expect(await refusal(withHeaders(request, headers))).toBe(403);
  });

  it("WHK-02: a signature of another path or host, and forwarded headers, are refused", async () => {
    const elsewhere = signature(request, { url: "https://evil.example/channels/twiml/x" });
    const forwarded = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "443",
      host: "evil.example",
    };
    expect(await refusal(withHeaders(request, { "x-twilio-signature": elsewhere, ...forwarded }))).toBe(403);
    const otherPath = signature({ ...request, path: `/t/${knownConversation}/3` }, published);
    expect(await refusal(withHeaders(request, { "x-twilio-signature": otherPath }))).toBe(403);
    const otherQuery = withHeaders(
      { ...request, query: "subject=someone-else" },
      { "x-twilio-signature": right },
    );
    expect(await refusal(otherQuery)).toBe(403);
    expect(await refusal(withHeaders(request, { "x-twilio-signature": right, ...forwarded }))).toBe("taken");
  });

  it("WHK-03: only what the platform signed passes", async () => {
    const altered = (body: string) =>
      withHeaders({ ...request, body: Buffer.from(body) }, { "x-twilio-signature": right });
    const body = Buffer.from(request.body).toString();
    expect(await refusal(altered(`${body}&Extra=1`))).toBe(403);
    expect(await refusal(altered(`${body}&Digits=654321`))).toBe(403);
    expect(await refusal(altered(body.replace("123456", "654321")))).toBe(403);
    // The scheme signs sorted names and decoded values: these are the same request.
    expect(await refusal(altered(body.split("&").reverse().join("&")))).toBe("taken");
    expect(await refusal(altered(body.replace("%2B1415", "%2b1415")))).toBe("taken");
    const twice = post(step, { Digits: "1" });
    const repeated = { ...twice, body: Buffer.from(`${Buffer.from(twice.body)}&Digits=1`) };
    const taken = withHeaders(repeated, { "x-twilio-signature": signature(twice, published) });
    expect(await refusal(taken)).toBe("taken");
    await expect((async () => twiml.receive(taken, published, tools))()).rejects.toMatchObject({
      status: 400,
    });
  });

  it("WHK-04: a JSON body that the signed address does not name is refused", async () => {
    const json = {
      ...post(step),
      headers: { "content-type": "application/json" },
      body: Buffer.from(`{"Digits":"1"}`),
    };
    const bare = twilio.getExpectedTwilioSignature(token, `${published.url}${step}`, {});
    expect(await refusal(withHeaders(json, { "x-twilio-signature": bare }))).toBe(403);
    const query = `bodySHA256=${"0".repeat(64)}`;
    const named = twilio.getExpectedTwilioSignature(token, `${published.url}${step}?${query}`, {});
    expect(await refusal(withHeaders({ ...json, query }, { "x-twilio-signature": named }))).toBe(403);
  });

  it("holds with and without the port of the scheme", async () => {
    const withPort = { url: published.url.replace("mfa.example.com", "mfa.example.com:443") };
    expect(await refusal(withHeaders(request, { "x-twilio-signature": signature(request, withPort) }))).toBe(
      "taken",
    );
  });
});

describe("twiml: other platforms", () => {
  const request = post("", {}, "subject=cust-1001");

  it("SignalWire's cXML is proved by its own header", async () => {
    const signalwire = withSettings({ signature: "signalwire" });
    const proof = signature(request, published);
    expect(await refusal(withHeaders(request, { "x-signalwire-signature": proof }), signalwire)).toBe(
      "taken",
    );
    expect(
      await refusal(
        withHeaders(request, { "x-signalwire-signature": "x", "x-twilio-signature": proof }),
        signalwire,
      ),
    ).toBe(403);
    // The JSON scheme of the same platform is no proof of a form.
    const text = Buffer.concat([Buffer.from(`${published.url}?subject=cust-1001`), request.body]);
    const hex = createHmac("sha1", token).update(text).digest("hex");
    expect(await refusal(withHeaders(request, { "x-signalwire-signature": hex }), signalwire)).toBe(403);
  });

  it("Telnyx's TeXML is proved by Ed25519, for five minutes", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("base64");
    const telnyx = {
      ...fixture,
      secrets: { c1: raw },
      settings: { ...fixture.settings, signature: "telnyx" },
    };
    const now = toolsOf(telnyx).services.clock.now() / 1_000;
    const at = async (time: number, body: Uint8Array = request.body) => {
      const proof = sign(null, Buffer.concat([Buffer.from(`${time}|`), request.body]), privateKey);
      const headers = { "telnyx-timestamp": `${time}`, "telnyx-signature-ed25519": proof.toString("base64") };
      const made = withHeaders({ ...request, body }, headers);
      return twiml.authenticate(made, publishedBy(telnyx), toolsOf(telnyx)).then(
        () => "taken",
        ({ status }) => status,
      );
    };
    expect([await at(now), await at(now - 299), await at(now + 299)]).toEqual(["taken", "taken", "taken"]);
    expect([await at(now - 301), await at(now + 301)]).toEqual([403, 403]);
    expect(await at(now, Buffer.from("CallSid=other"))).toBe(403);
    expect(await refusal(request, withSettings({ signature: "telnyx" }))).toBe(403);
  });

  it("one that signs nothing shows the key once, and then the address it was told", async () => {
    const none = withSettings({ signature: "none" });
    expect(await refusal({ ...request, query: `key=${token}` }, none)).toBe("taken");
    expect(await refusal({ ...request, query: "key=wrong" }, none)).toBe(401);
    expect(await refusal(request, none)).toBe(401);
    expect(await refusal(post(step), none)).toBe("taken");
    expect(await refusal(post("/t/guessed/2"), none)).toBe(404);
  });
});

const receive = async (request: ChannelRequest, to = published) => twiml.receive(request, to, tools);

describe("twiml: what is received", () => {
  it("a start: whom it concerns by the address, who calls by the platform", async () => {
    const start = post("", { From: "+14158675309" }, "subject=cust-1001&lang=de-DE&CustomerPhone=%2B491511");
    expect(await receive(start)).toEqual({
      conversation: "call-1",
      input: { kind: "start" },
      subject: "cust-1001",
      locale: "de-DE",
      caller: "+14158675309",
      called: "+18005551212",
      variables: { CustomerPhone: "+491511" },
    });
    expect(await receive(post("", { From: "anonymous", To: "client:alice" }))).toMatchObject({
      caller: undefined,
      called: undefined,
    });
  });

  it.each([
    [{ Digits: "123456" }, "", { kind: "keys", keys: "123456" }],
    [{ Digits: "" }, "", { kind: "silence" }],
    [{}, "", { kind: "silence" }],
    [{}, "event=noinput", { kind: "silence" }],
    [{ Digits: "1" }, "star=follows", { kind: "keys", keys: "1" }],
    [{ Digits: "3" }, "star=pressed", { kind: "keys", keys: "*3" }],
    [{}, "star=pressed&event=noinput", { kind: "keys", keys: "*" }],
    [{ SpeechResult: "four two", Confidence: "0.91" }, "", { kind: "speech", text: "four two" }],
    [{ SpeechResult: "mumble", Confidence: "0.2" }, "", { kind: "no_match" }],
    [{ Digits: "12345\n6" }, "", { kind: "no_match" }],
    [{ Digits: "1".repeat(1_000) }, "", { kind: "no_match" }],
    [{ Digits: "*#" }, "", { kind: "keys", keys: "*#" }],
  ])("WHK-10: %j %s", async (more, query, input) => {
    const found = await receive(
      post(step, more as Record<string, string>, query),
      withSettings({ minConfidence: 0.5 }),
    );
    expect(found).toEqual({ conversation: "call-1", step: 2, input });
  });

  it("a star in a menu waits for the key after it, without a turn", async () => {
    const answer = (await receive(post(step, { Digits: "*" }, "star=follows"))) as ChannelResponse;
    expect(elementNames(answer.body)).toEqual(["Response", "Gather", "Redirect"]);
    expect(answer.body).toContain(`${published.url}${step}?star=pressed`);
  });

  it("the address of one call is no way into another", async () => {
    await expect(receive(post(step, { CallSid: "call-2" }))).rejects.toMatchObject({ status: 403 });
  });

  it("a status callback ends what has ended, and says nothing else", async () => {
    const completed = (await receive(post("/status", { CallStatus: "completed" }))) as Turn;
    expect(completed).toEqual({ conversation: "call-1", input: { kind: "hangup" } });
    expect(await receive(post("/status", { CallStatus: "ringing" }))).toMatchObject({ status: 204 });
  });

  it("of an unknown run goes on where the settings say", () => {
    const answer = twiml.refuse!(
      new ChannelRejected(404, "x"),
      withSettings({ paths: { error: { dial: "+15005550006" } } }),
    );
    expect([answer.status, elementNames(answer.body)]).toEqual([200, ["Response", "Dial"]]);
    expect(twiml.refuse!(new ChannelRejected(403, "x"), published).status).toBe(403);
    expect(twiml.refuse!(new ChannelRejected(404, "x"), undefined).status).toBe(404);
  });

  it("settings that lead nowhere are refused", () => {
    const paths = { agent: {}, success: { dial: "+15005550006", redirect: "https://a.example/" } };
    expect(twiml.validate!({ ...published.settings, paths })).toHaveLength(2);
  });
});
