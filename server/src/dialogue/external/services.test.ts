import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { openLoopback, type Stub, type StubReply, startStub } from "../../delivery/contract.ts";
import type { Outbound } from "../../delivery/http.ts";
import { type DialogueSettings, settingsInForce } from "../settings.ts";
import type { Method } from "../state.ts";
import type { ServiceTools } from "./client.ts";
import { checkMethods, sendCode, verifyCode } from "./services.ts";

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
beforeEach(() => {
  stub.requests.length = 0;
});

const customer = { id: "acc 1&2", session: "cv_1", caller: "+12025550123", called: "+12025550199" };
const sms: Method = { kind: "sms", listed: "SMS" };

function toolsWith(ws: DialogueSettings["ws"] = {}, more: Partial<ServiceTools> = {}): ServiceTools {
  const urls = { test: `${stub.url}/test`, production: `${stub.url}/production` };
  const { ws: settings } = settingsInForce({
    ws: { checkMethods: urls, sendCode: urls, verifyCode: urls, ...ws },
  });
  return { fetch: outbound.fetch, settings, environment: "production", ...more };
}

const answering = (root: string, status: string, inner = ""): (() => StubReply) => {
  const body = `<${root}><status>${status}</status>${inner}</${root}>`;
  return () => ({ headers: { "content-type": "text/xml" }, body });
};

describe("a call", () => {
  it("posts a form with everything that is known of the customer", async () => {
    stub.reply = answering("sendAuthenticationCode", "success");
    const tools = toolsWith(
      { extraParams: { Tenant: "ä", SessionID: "ours" } },
      { authorization: "Basic eDp5" },
    );
    expect(await sendCode(sms, customer, tools)).toEqual({ outcome: "sent" });
    const [request] = stub.requests;
    expect(request).toMatchObject({
      method: "POST",
      target: "/production",
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        authorization: "Basic eDp5",
      },
    });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      Tenant: "ä",
      SessionID: "cv_1",
      CustomerID: "acc 1&2",
      CLI: "+12025550123",
      DNIS: "+12025550199",
      TwoFactorAuthSelectedMethod: "SMS",
    });
  });

  it("or sends a query beside the one of the URL, to the URL of its environment, under the names of the settings", async () => {
    stub.reply = answering("codeAuthentication", "success");
    const urls = { test: `${stub.url}/t?key=1`, production: `${stub.url}/p` };
    const tools = toolsWith(
      { method: "GET", customerParam: "Account", verifyCode: urls },
      { environment: "test" },
    );
    expect(await verifyCode("012345", { session: "cv_2", id: "7" }, tools)).toEqual({ outcome: "right" });
    expect(stub.requests).toMatchObject([
      { method: "GET", target: "/t?key=1&Account=7&SessionID=cv_2&authCode_nbest1=012345", body: "" },
    ]);
  });

  test.each([
    ["Title", "email", "Email"],
    ["Title", "sms", "SMS"],
    ["Title", "external", "Authenticator"],
    ["asListed", "email", "eMail"],
  ] as const)(
    "names the chosen method in the letters of the setting: %s %s",
    async (methodCase, kind, name) => {
      stub.reply = answering("sendAuthenticationCode", "success");
      await sendCode({ kind, listed: "eMail" }, customer, toolsWith({ methodCase }));
      expect(new URLSearchParams(stub.requests[0]?.body).get("TwoFactorAuthSelectedMethod")).toBe(name);
    },
  );
});

describe("a status", () => {
  test.each([
    ["success", { outcome: "found", methods: [{ name: "SMS", value: "+12025550123" }] }],
    [" Success ", { outcome: "found", methods: [{ name: "SMS", value: "+12025550123" }] }],
    ["not found", { outcome: "none" }],
    ["NOT  FOUND", { outcome: "none" }],
    ["VIP desk", { outcome: "path", path: "VIP desk" }],
    ["error", { outcome: "path", path: "error" }],
    ["incorrect code", { outcome: "path", path: "incorrect code" }],
    ["&lt;b&gt;", { outcome: "path", path: "error" }],
    ["x".repeat(65), { outcome: "path", path: "error" }],
  ])("of the check service: %s", async (status, expected) => {
    const methods = '<methods><method name="SMS" value="+12025550123"/></methods>';
    stub.reply = answering("checkVerifiedContactMethods", status, methods);
    expect(await checkMethods(customer, toolsWith())).toEqual(expected);
  });

  test.each([
    ["SUCCESS", { outcome: "sent" }],
    ["error", { outcome: "failed" }],
    ["incorrect code", { outcome: "failed" }],
    ["no mobile", { outcome: "path", path: "no mobile" }],
    ["ü", { outcome: "failed" }],
  ])("of the send service: %s", async (status, expected) => {
    stub.reply = answering("sendAuthenticationCode", status);
    expect(await sendCode(sms, customer, toolsWith())).toEqual(expected);
  });

  test.each([
    ["success", { outcome: "right" }],
    ["Incorrect Code", { outcome: "wrong" }],
    ["agent", { outcome: "path", path: "agent" }],
    ["successful", { outcome: "path", path: "successful" }],
    ["not/a/path", { outcome: "path", path: "error" }],
  ])("of the code service: %s", async (status, expected) => {
    stub.reply = answering("codeAuthentication", status);
    expect(await verifyCode("123456", customer, toolsWith())).toEqual(expected);
  });
});

describe("a service that does not answer as it should is an error, and is asked once", () => {
  const right = "<codeAuthentication><status>success</status></codeAuthentication>";
  const bomb = `<!DOCTYPE a [<!ENTITY b "c">]>${right}`;
  const failures: readonly [string, StubReply | (() => StubReply)][] = [
    ["another status than 2xx", { status: 500, body: right }],
    ["a redirect", () => ({ status: 302, headers: { location: `${stub.url}/else` }, body: right })],
    ["no content", { status: 204 }],
    ["a document type", { body: bomb }],
    ["another root", { body: right.replaceAll("codeAuthentication", "sendAuthenticationCode") }],
    ["no XML", { body: '{"status":"success"}' }],
    ["too much", { body: `${right}<!--${"x".repeat(70_000)}-->` }],
    ["a reset", "reset"],
    ["no HTTP", "garbage"],
    ["silence", "hang"],
    ["one byte at a time", "drip"],
  ];
  test.each(failures)("%s", async (_, reply) => {
    stub.reply = () => (typeof reply === "function" ? reply() : reply);
    const tools = toolsWith({ timeoutMs: 150 });
    expect(await verifyCode("123456", customer, tools)).toEqual({ outcome: "path", path: "error" });
    expect(stub.requests).toHaveLength(1);
  });

  it("nor is one asked that the guard forbids, or that has no URL in this environment", async () => {
    const inside = { production: "http://169.254.169.254/latest" };
    const error = { outcome: "path", path: "error" };
    expect(await checkMethods(customer, toolsWith({ checkMethods: inside }))).toEqual(error);
    expect(
      await checkMethods(customer, toolsWith({ checkMethods: inside }, { environment: "test" })),
    ).toEqual(error);
    expect(stub.requests).toHaveLength(0);
  });
});
