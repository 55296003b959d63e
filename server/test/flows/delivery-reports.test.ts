import twilio from "twilio";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Stub, type StubRequest, startStub } from "../../src/delivery/contract.ts";
import { codeIn, type OpenServer, openServer } from "../open-server.ts";

const publicUrl = "https://mfa.example.test";
const token = "auth-token-of-twilio";

let server: OpenServer;
/** Two providers' servers; what they were asked by message or call, not to wipe. */
let first: Stub;
let second: Stub;
const ids: Record<"first" | "second", string> = { first: "", second: "" };

beforeAll(async () => {
  [first, second] = await Promise.all([startStub(), startStub()]);
  server = await openServer({
    environment: { COUNTERSIGN_PUBLIC_URL: publicUrl, COUNTERSIGN_OUTBOUND_ALLOW: "127.0.0.0/8" },
  });
  const { body: list } = await server.api.get<{ providers: { id: string }[] }>("/v1/providers");
  for (const { id } of list.providers) await server.api.patch(`/v1/providers/${id}`, { enabled: false });
  const credential = await server.api.post("/v1/credentials", { name: "Twilio", secret: token });
  for (const [position, [name, stub]] of [["first", first] as const, ["second", second] as const].entries()) {
    const { status, body } = await server.api.post("/v1/providers", {
      name,
      kind: "twilio",
      vias: ["sms", "voice"],
      position,
      settings: {
        accountSid: `AC${"0".repeat(31)}${position}`,
        authToken: credential.body.id,
        from: "+12025550100",
        baseUrl: stub.url,
      },
    });
    expect(status).toBe(201);
    ids[name] = body.id;
  }
});
afterAll(async () => {
  await server.close();
  await Promise.all([first.close(), second.close()]);
});

let made = 0;
/** Sids in the order in which messages and calls were made, by every stub. */
beforeEach(() => {
  for (const stub of [first, second]) {
    stub.requests.length = 0;
    stub.reply = ({ target }) => {
      made += 1;
      const sid = `${target.includes("Calls") ? "CA" : "SM"}${String(made).padStart(32, "0")}`;
      return { status: 201, body: JSON.stringify({ sid, status: "queued" }) };
    };
  }
});

interface Verification {
  readonly id: string;
  readonly status: string;
  readonly deliveries: readonly { readonly state: string; readonly provider?: string }[];
}

let numbers = 0;
async function start(via: "sms" | "voice") {
  numbers += 1;
  const to = `+1202555${String(2000 + numbers)}`;
  const { status, body } = await server.api.post<Verification>("/v1/verifications", { to, via });
  expect(status).toBe(201);
  await server.countersign.dispatcher.waitFor(body.id, 5_000);
  return { id: body.id, to };
}

const fieldsOf = ({ body }: StubRequest) => Object.fromEntries(new URLSearchParams(body));
const sentBy = (stub: Stub) => stub.requests.filter(({ target }) => /(?:Messages|Calls)\.json$/.test(target));
const sidNow = (prefix: string) => `${prefix}${String(made).padStart(32, "0")}`;
const find = async (id: string) => (await server.api.get<Verification>(`/v1/verifications/${id}`)).body;

interface Event {
  readonly type: string;
  readonly verification?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}
async function eventsOf(verification: string): Promise<readonly Event[]> {
  const { body } = await server.api.get<{ events: Event[] }>("/v1/audit?limit=100");
  return body.events.filter((event) => event.verification === verification).toReversed();
}

interface Post {
  /** What the sender signs; the server is told the same. */
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signature?: string;
}

/** A web-hook as Twilio sends it to the public URL, which a proxy hands to this server. */
async function post({ path, fields, headers = {}, signature }: Post) {
  const right = twilio.getExpectedTwilioSignature(token, `${publicUrl}${path}`, fields);
  const answer = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(signature === "" ? {} : { "x-twilio-signature": signature ?? right }),
      ...headers,
    },
    body: `${new URLSearchParams(fields)}`,
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const report = (sid: string, status: string, more: Partial<Post> = {}) =>
  post({
    path: `/delivery/reports/${ids.first}`,
    fields: { MessageSid: sid, MessageStatus: status },
    ...more,
  });

/** Redaction and what goes out instead follow the answer. */
async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200 && !(await look()); turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await look()).toBe(true);
}

describe("a signed report", () => {
  it("is seen on the verification and in the feed, and the text is wiped at the provider", async () => {
    const { id, to } = await start("sms");
    const [asked] = sentBy(first);
    expect(fieldsOf(asked!)).toMatchObject({ StatusCallback: `${publicUrl}/delivery/reports/${ids.first}` });
    const sid = sidNow("SM");
    expect(await report(sid, "sent")).toMatchObject({ status: 200, text: "" });
    expect(await report(sid, "delivered")).toMatchObject({ status: 200, text: "" });
    expect((await find(id)).deliveries).toMatchObject([{ state: "delivered", provider: "first" }]);
    await eventually(async () => (await eventsOf(id)).some(({ type }) => type === "delivery.redacted"));
    const events = await eventsOf(id);
    expect(events.map(({ type }) => type)).toEqual([
      "verification.started",
      "delivery.accepted",
      "delivery.delivered",
      "delivery.redacted",
    ]);
    const wiped = first.requests.at(-1);
    expect([wiped?.target.endsWith(`/Messages/${sid}.json`), wiped?.body]).toEqual([true, "Body="]);
    const said = JSON.stringify(events);
    expect(said).not.toContain(codeIn({ text: fieldsOf(asked!)["Body"] ?? "" }));
    expect(said).not.toContain(to.slice(1));
  });

  it("WHK-05/06: replayed, late, out of order and of nobody's message changes nothing and is answered alike", async () => {
    const { id } = await start("sms");
    const sid = sidNow("SM");
    await report(sid, "delivered");
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => report(sid, "delivered")),
      report(sid, "sent"),
      report(sid, "failed"),
      report(`SM${"f".repeat(32)}`, "failed"),
    ]);
    const seen = answers.map(({ status, text }) => `${status} ${text}`);
    expect(new Set(seen)).toEqual(new Set(["200 "]));
    expect((await find(id)).deliveries).toMatchObject([{ state: "delivered" }]);
    const told = (await eventsOf(id)).filter(({ type }) => /delivered|failed/.test(type));
    expect(told).toHaveLength(1);
    expect(sentBy(second)).toEqual([]);
  });

  it("WHK-01…05: unproved, proved for another place, by another key or re-encoded is refused, whatever headers claim", async () => {
    const { id } = await start("sms");
    const sid = sidNow("SM");
    const fields = { MessageSid: sid, MessageStatus: "delivered" };
    const path = `/delivery/reports/${ids.first}`;
    const signedFor = (url: string, key = token) => twilio.getExpectedTwilioSignature(key, url, fields);
    const right = signedFor(`${publicUrl}${path}`);
    const base64url = right.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    const evil = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", host: "evil.example" };
    const refused = await Promise.all([
      post({ path, fields, signature: "" }),
      post({ path, fields, signature: "AAAA" }),
      post({ path, fields, signature: base64url }),
      post({ path, fields, signature: `${right}=` }),
      post({ path, fields, signature: signedFor(`${publicUrl}${path}`, "another key") }),
      post({ path, fields, signature: signedFor(`http://evil.example${path}`), headers: evil }),
      post({ path, fields, signature: signedFor(`${server.url}${path}`) }),
      post({ path, fields: { ...fields, To: "+1" }, signature: right }),
      post({ path: `${path}?x=1`, fields, signature: right }),
      post({ path: `/delivery/reports/${ids.second}`, fields, signature: right }),
      post({ path: "/delivery/reports/nobody", fields }),
      post({ path, fields, headers: { "content-type": "application/json" } }),
    ]);
    expect(refused.map(({ status, text }) => `${status}${text}`)).toEqual(refused.map(() => "403"));
    expect((await find(id)).deliveries).toMatchObject([{ state: "accepted" }]);
    expect(await post({ path, fields, headers: { "x-forwarded-host": "evil.example" } })).toMatchObject({
      status: 200,
    });
    expect((await find(id)).deliveries).toMatchObject([{ state: "delivered" }]);
  });

  it("refuses what is too large before it is looked at", async () => {
    const { status } = await report("SM1", "delivered", { fields: { x: "x".repeat(70_000) } });
    expect(status).toBe(413);
  });
});

describe("a proved failure", () => {
  it("WHK-07: is made good by the next provider, once, with a code that is right", async () => {
    const { id } = await start("sms");
    expect(sentBy(first)).toHaveLength(1);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        report(sidNow("SM"), "undelivered", {
          fields: { MessageSid: sidNow("SM"), MessageStatus: "undelivered", ErrorCode: "30007" },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await server.countersign.dispatcher.waitFor(id, 5_000);
    expect([sentBy(first).length, sentBy(second).length]).toEqual([1, 1]);
    expect((await find(id)).deliveries).toMatchObject([
      { state: "failed", provider: "first" },
      { state: "accepted", provider: "second" },
    ]);
    const events = await eventsOf(id);
    expect(events.find(({ type }) => type === "delivery.failed")?.details).toMatchObject({
      failure: "rejected",
      code: "30007",
      provider: "first",
    });
    expect(events.find(({ type }) => type === "verification.resent")?.details).toMatchObject({
      insteadOf: "first",
    });
    // No third provider, no third message.
    const sid = sidNow("SM");
    const path = `/delivery/reports/${ids.second}`;
    await post({ path, fields: { MessageSid: sid, MessageStatus: "undelivered" } });
    expect((await find(id)).deliveries).toHaveLength(2);
    const code = codeIn({ text: fieldsOf(sentBy(second)[0]!)["Body"] ?? "" });
    const { body } = await server.api.post<{ approved: boolean }>(`/v1/verifications/${id}/check`, { code });
    expect(body.approved).toBe(true);
  });
});

describe("a call", () => {
  async function begin() {
    const { id } = await start("voice");
    const asked = fieldsOf(sentBy(first)[0]!);
    const url = new URL(asked["Url"] ?? "");
    expect(url.href.startsWith(`${publicUrl}/delivery/calls/`)).toBe(true);
    const about = { CallSid: sidNow("CA"), CallStatus: "in-progress" };
    const ask = (more: Readonly<Record<string, string>> = {}, signature?: string) =>
      post({
        path: url.pathname,
        fields: { ...about, ...more },
        ...(signature !== undefined && { signature }),
      });
    return { id, asked, path: url.pathname, ask };
  }

  it("WHK-08/09: tells its code once, to the platform alone, and only after a key", async () => {
    const { id, asked, path, ask } = await begin();
    expect(Object.keys(asked).sort()).toEqual([
      "From",
      "Method",
      "StatusCallback",
      "StatusCallbackMethod",
      "TimeLimit",
      "Timeout",
      "To",
      "Url",
    ]);
    expect(Buffer.from(path.slice(path.lastIndexOf("/") + 1), "base64url")).toHaveLength(16);
    const refused = [await ask({}, ""), await ask({ Digits: "1" }, "forged"), await ask({ Digits: "1" }, "")];
    refused.push(await post({ path: "/delivery/calls/AAAAAAAAAAAAAAAAAAAAAA", fields: { Digits: "1" } }));
    const machine = await ask();
    expect(machine.status).toBe(200);
    expect(machine.headers.get("content-type")).toBe("text/xml; charset=utf-8");
    expect(machine.text).toContain("<Gather");
    expect(machine.text).not.toMatch(/say-as/);
    expect((await find(id)).deliveries).toMatchObject([{ state: "accepted" }]);

    const person = await ask({ Digits: "1" });
    expect(person).toMatchObject({ status: 200 });
    for (const { headers } of [machine, person]) expect(headers.get("cache-control")).toBe("no-store");
    const code = />(\d{6})<\/say-as>/.exec(person.text)?.[1] ?? "";
    expect((await find(id)).deliveries).toMatchObject([{ state: "delivered" }]);
    refused.push(await ask({ Digits: "1" }), await ask());
    expect(refused.map(({ status, text }) => `${status}${text}`)).toEqual(refused.map(() => "403"));
    const { body } = await server.api.post<{ approved: boolean }>(`/v1/verifications/${id}/check`, { code });
    expect(body.approved).toBe(true);
  });

  it("WHK-08: tells nothing once the verification is closed", async () => {
    const { id, ask } = await begin();
    await server.api.post(`/v1/verifications/${id}/cancel`);
    expect(await ask()).toMatchObject({ status: 403, text: "" });
    expect(await ask({ Digits: "1" })).toMatchObject({ status: 403, text: "" });
  });

  it("that nobody picks up is not made again by another provider", async () => {
    const { id } = await begin();
    const fields = { CallSid: sidNow("CA"), CallStatus: "no-answer" };
    await post({ path: `/delivery/reports/${ids.first}`, fields });
    expect((await find(id)).deliveries).toMatchObject([{ state: "failed" }]);
    expect(sentBy(second)).toEqual([]);
  });
});
