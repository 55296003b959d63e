import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  describeProvider,
  openLoopback,
  type Stub,
  type StubAnswer,
  type StubRequest,
  startStub,
} from "../contract.ts";
import type { HttpGatewaySettings } from "../gateway-settings.ts";
import type { Outbound } from "../http.ts";
import type { DeliveryResult, OutboundMessage } from "../provider.ts";
import { httpGateway } from "./http-gateway.ts";

describeProvider<HttpGatewaySettings>({
  provider: httpGateway,
  via: "sms",
  to: "+4915112345678",
  settings: (url) => ({
    method: "POST",
    url: `${url}/send`,
    headers: [{ name: "X-Api-Key", credential: "cred-1" }],
    bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
    success: { statusCodes: [200], jsonPath: "messages.0.status", equals: "0" },
    idPath: "messages.0.id",
    errorPath: "messages.0.status",
    errorMap: { "3": "invalid_recipient", "4": "configuration", "1": "throttled" },
  }),
  success: { reply: { body: '{"messages":[{"status":"0","id":"abc-1"}]}' }, reference: "abc-1" },
  errors: [
    {
      title: "says 3",
      reply: { body: '{"messages":[{"status":"3"}]}' },
      expected: "invalid_recipient",
      providerCode: "3",
    },
    {
      title: "says 4",
      reply: { body: '{"messages":[{"status":4}]}' },
      expected: "configuration",
      providerCode: "4",
    },
    {
      title: "says 1 with 500",
      reply: { status: 500, body: '{"messages":[{"status":"1"}]}' },
      expected: "throttled",
    },
    {
      title: "says what nobody mapped",
      reply: { body: '{"messages":[{"status":"77"}]}' },
      expected: "rejected",
      providerCode: "77",
    },
    {
      title: "says yes in words that cannot be read",
      reply: { body: "<html>OK</html>" },
      expected: "ambiguous",
    },
    { title: "answers 401", reply: { status: 401 }, expected: "configuration", providerCode: "401" },
    {
      title: "answers 400",
      reply: { status: 400, body: '{"text":"Your code is 493827."}' },
      expected: "rejected",
      providerCode: "400",
    },
    { title: "answers 202, which was not agreed", reply: { status: 202 }, expected: "ambiguous" },
  ],
});

describeProvider<HttpGatewaySettings>({
  provider: httpGateway,
  via: "voice",
  to: "+4915112345678",
  settings: (url) => ({
    method: "GET",
    url: `${url}/call?to=\${to}&text=\${text}&key=\${secret:key}`,
    secrets: [{ name: "key", credential: "cred-1" }],
    plusPrefix: false,
    success: { contains: "OK" },
    errorPath: "",
    errorMap: { ERR7: "temporary" },
  }),
  success: { reply: { body: "OK: queued" } },
  errors: [
    { title: "says ERR7", reply: { body: " ERR7\n" }, expected: "temporary", providerCode: "ERR7" },
    { title: "says nothing", reply: { body: "" }, expected: "rejected" },
  ],
});

let stub: Stub;
let outbound: Outbound;
beforeAll(async () => {
  stub = await startStub();
  outbound = openLoopback();
});
afterAll(async () => {
  await outbound.close();
  await stub.close();
});

const message: OutboundMessage = {
  id: "delivery-1",
  verification: "verification-1",
  organization: "acme",
  via: "sms",
  to: "+4915112345678",
  from: "Acme",
  text: "Code 493827 & more",
  locale: "de-DE",
  ttlSeconds: 300,
};

async function send(
  settings: Partial<HttpGatewaySettings>,
  change: Partial<OutboundMessage> = {},
  answer: StubAnswer = {},
): Promise<{ readonly result: DeliveryResult; readonly request: StubRequest }> {
  stub.reply = () => answer;
  const whole: HttpGatewaySettings = { method: "POST", url: `${stub.url}/`, ...settings };
  const result = await httpGateway.send({ ...message, ...change }, whole, {
    fetch: outbound.fetch,
    addressesOf: outbound.addressesOf,
    signal: new AbortController().signal,
    secret: async (id) => (id === "cred-long" ? "p&ss w\u00f6rd" : "the-secret"),
    now: () => 0,
  });
  const request = stub.requests.at(-1);
  if (request === undefined) {
    throw new Error("nothing was sent");
  }
  return { result, request };
}

const allPlaces = `\${to}|\${text}|\${from}|\${clientRef}|\${lang}|\${via}`;

describe("the request", () => {
  it("fills every place", async () => {
    const { request } = await send({ contentType: "text", bodyTemplate: allPlaces });
    expect(request.body).toBe("+4915112345678|Code 493827 & more|Acme|delivery-1|de-DE|sms");
    expect(request.headers["content-type"]).toBe("text/plain; charset=utf-8");
  });

  it.each([
    ["json", "application/json"],
    ["form", "application/x-www-form-urlencoded"],
    ["xml", "application/xml; charset=utf-8"],
  ] as const)("names its content as %s", async (contentType, mediaType) => {
    const { request } = await send({ contentType, bodyTemplate: "x" });
    expect(request.headers["content-type"]).toBe(mediaType);
  });

  it("lets settings name the content themselves", async () => {
    const headers = [{ name: "Content-Type", value: "application/vnd.acme+json" }];
    const { request } = await send({ headers, bodyTemplate: "{}" });
    expect(request.headers["content-type"]).toBe("application/vnd.acme+json");
  });

  it("uses the method it was told to, and a GET has no body", async () => {
    expect((await send({ method: "PUT", bodyTemplate: "{}" })).request).toMatchObject({
      method: "PUT",
      body: "{}",
    });
    const { request } = await send({ method: "GET", bodyTemplate: "{}" });
    expect(request).toMatchObject({ method: "GET", body: "" });
    expect(request.headers["content-type"]).toBeUndefined();
  });

  it("writes the number with or without plus, and an address as it is", async () => {
    const body = { contentType: "text", bodyTemplate: `\${to}` } as const;
    expect((await send({ ...body, plusPrefix: true })).request.body).toBe("+4915112345678");
    expect((await send({ ...body, plusPrefix: false })).request.body).toBe("4915112345678");
    expect((await send(body)).request.body).toBe("+4915112345678");
    const mail = { via: "email", to: "anna@example.net" } as const;
    expect((await send({ ...body, plusPrefix: true }, mail)).request.body).toBe("anna@example.net");
  });

  it("takes credentials as whole header values, and into places", async () => {
    const { request } = await send({
      url: `${stub.url}/?key=\${secret:key}`,
      headers: [
        { name: "Authorization", value: `Bearer \${secret:token}` },
        { name: "X-Key", credential: "cred-1" },
      ],
      secrets: [
        { name: "key", credential: "cred-long" },
        { name: "token", credential: "cred-1" },
      ],
      bodyTemplate: `{"key":"\${secret:key}"}`,
    });
    expect(request.headers).toMatchObject({ authorization: "Bearer the-secret", "x-key": "the-secret" });
    expect(new URL(request.target, stub.url).searchParams.get("key")).toBe("p&ss w\u00f6rd");
    expect(JSON.parse(request.body)).toEqual({ key: "p&ss w\u00f6rd" });
  });

  it("trusts an extra authority only where it was told to", () => {
    expect(Value.Check(httpGateway.settings, { method: "POST", url: "https://x.test/", ca: "pem" })).toBe(
      true,
    );
  });
});

describe("values that want to be more (PRV-09)", () => {
  const hostile = [
    '","admin":true,"x":"',
    "</text><admin/>",
    "a&admin=1",
    "x\r\nX-Admin: 1",
    `\${from}`,
    "\u0000\\",
    "😀 ü",
  ];

  it.each(hostile)("JSON: %j", async (text) => {
    const { request } = await send({ bodyTemplate: `{"text":"\${text}","from":"\${from}"}` }, { text });
    expect(JSON.parse(request.body)).toEqual({ text, from: "Acme" });
  });

  it.each(hostile)("form: %j", async (text) => {
    const { request } = await send(
      { contentType: "form", bodyTemplate: `text=\${text}&from=\${from}` },
      { text },
    );
    expect([...new URLSearchParams(request.body)]).toEqual([
      ["text", text],
      ["from", "Acme"],
    ]);
  });

  it.each(hostile)("XML: %j", async (text) => {
    const { request } = await send(
      { contentType: "xml", bodyTemplate: `<m to="\${text}"><text>\${text}</text></m>` },
      { text },
    );
    const readable = text.replace("\u0000", "");
    const inner = /^<m to="([^"<]*)"><text>([^<]*)<\/text><\/m>$/.exec(request.body);
    expect(inner?.slice(1).map(unescapeXml)).toEqual([readable, readable]);
  });

  it.each(hostile)("URL: %j", async (text) => {
    const { request } = await send(
      { method: "GET", url: `${stub.url}/send/\${text}?text=\${text}&from=\${from}` },
      { text },
    );
    const url = new URL(request.target, stub.url);
    expect([...url.searchParams]).toEqual([
      ["text", text],
      ["from", "Acme"],
    ]);
    expect(decodeURIComponent(url.pathname)).toBe(`/send/${text}`);
  });

  it.each(hostile)("header: %j", async (text) => {
    const { request } = await send({ headers: [{ name: "X-Text", value: `\${text}` }] }, { text });
    expect(request.headers["x-text"]).toMatch(/^[\x20-\x7e]*$/);
    expect(request.headers["x-admin"]).toBeUndefined();
  });

  it("half a character does not stop the message", async () => {
    const { request } = await send(
      { contentType: "form", bodyTemplate: `text=\${text}` },
      { text: "a\ud83d" },
    );
    expect(new URLSearchParams(request.body).get("text")).toBe("a\ufffd");
  });
});

function unescapeXml(text: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(\w+);/g, (_whole, name: string) => entities[name] ?? "?");
}

describe("settings", () => {
  const good: HttpGatewaySettings = {
    method: "POST",
    url: "https://gateway.example/send",
    bodyTemplate: `{"to":"\${to}","text":"\${text}"}`,
  };

  it("that are right have no problem", () => {
    expect(Value.Check(httpGateway.settings, good)).toBe(true);
    expect(httpGateway.validate?.(good)).toEqual([]);
  });

  it.each([
    ["a scheme of another kind", { url: "ftp://gateway.example/" }],
    ["a host made of a placeholder", { url: `https://\${to}/send` }],
    ["a host that ends in a placeholder", { url: `https://gateway.example\${to}/send` }],
    ["a login in the URL", { url: "https://user:word@gateway.example/" }],
    ["the header Host", { headers: [{ name: "Host", value: "x" }] }],
    ["the header Content-Length", { headers: [{ name: "content-length", value: "1" }] }],
    ["the header Transfer-Encoding", { headers: [{ name: "Transfer-Encoding", value: "chunked" }] }],
    ["a header name with a line break", { headers: [{ name: "X\r\nY", value: "x" }] }],
    ["a header value with a line break", { headers: [{ name: "X-A", value: "x\r\nHost: y" }] }],
    ["a header with nothing in it", { headers: [{ name: "X-A" }] }],
    ["a header with a value and a credential", { headers: [{ name: "X-A", value: "x", credential: "c" }] }],
    ["an unknown placeholder", { bodyTemplate: `{"to":"\${to}","text":"\${text}","x":"\${constructor}"}` }],
    ["an undeclared secret", { bodyTemplate: `{"to":"\${to}","text":"\${text}","x":"\${secret:key}"}` }],
    ["no place for the text", { bodyTemplate: `{"to":"\${to}"}` }],
    ["no place for the number", { bodyTemplate: `{"text":"\${text}"}` }],
    ["its places in a body that a GET does not have", { method: "GET" }],
    ["a body that is not JSON", { bodyTemplate: `{to:\${to}, text:\${text}}` }],
    ["a placeholder outside of quotation marks", { bodyTemplate: `{"to":\${to},"text":"\${text}"}` }],
  ] as const)("with %s are refused", (_title, change) => {
    expect(httpGateway.validate?.({ ...good, ...change } as HttpGatewaySettings).length).toBeGreaterThan(0);
  });

  it("say everything that is wrong at once", () => {
    const problems = httpGateway.validate?.({
      method: "POST",
      url: "gopher://x",
      headers: [{ name: "Host", value: "x" }],
      bodyTemplate: `\${nobody}`,
    });
    expect(problems).toHaveLength(5);
  });

  it("that got past it anyway send nothing", async () => {
    const before = stub.requests.length;
    const tools = {
      fetch: outbound.fetch,
      addressesOf: outbound.addressesOf,
      signal: new AbortController().signal,
      secret: async () => "x\r\ny",
      now: () => 0,
    };
    const crlf = { ...good, url: stub.url, headers: [{ name: "X-A", credential: "c" }] };
    expect(await httpGateway.send(message, crlf, tools)).toEqual({ ok: false, reason: "configuration" });
    const unknown = { ...good, url: `${stub.url}/\${nobody}` };
    expect(await httpGateway.send(message, unknown, tools)).toEqual({ ok: false, reason: "configuration" });
    expect(stub.requests.length).toBe(before);
  });
});
