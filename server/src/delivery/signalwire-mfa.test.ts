import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenServer, openServer } from "../../test/open-server.ts";
import { messageFor, tokenFor } from "../../test/signalwire.ts";
import { SecretUnavailable } from "./failure.ts";
import { createOutbound, type Outbound } from "./http.ts";
import { createSignalwireMfa, type SignalwireMfaTools } from "./signalwire-mfa.ts";

let outbound: Outbound;
let tools: SignalwireMfaTools;
let secret = "PTtoken";
beforeAll(() => {
  outbound = createOutbound({ allow: ["127.0.0.0/8"] });
  tools = {
    fetch: outbound.fetch,
    signal: new AbortController().signal,
    secret: async () => secret,
  };
});
afterAll(() => outbound.close());

/** SignalWire as its documentation describes it, and whatever else a test wants it to say. */
interface Stub {
  readonly url: string;
  readonly asked: { path: string; headers: IncomingMessage["headers"]; body: Record<string, unknown> }[];
  answer: (
    path: string,
    body: Record<string, unknown>,
  ) => { status: number; text: string } | "reset" | "hang";
  close(): void;
}

async function openStub(): Promise<Stub> {
  const server: Server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const body = JSON.parse(text);
      const path = request.url ?? "";
      stub.asked.push({ path, headers: request.headers, body });
      const answer = stub.answer(path, body);
      if (answer === "reset") request.socket.destroy();
      else if (answer !== "hang") {
        response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: () => ({ status: 500, text: '{"error":"Internal Server Error"}' }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return stub;
}

const project = "4d0d6f16-5881-4fcc-92a4-02c51a91954d";
const id = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const to = "+12025550123";

describe("against what SignalWire documents", () => {
  let stub: Stub;
  beforeAll(async () => {
    stub = await openStub();
  });
  afterAll(() => stub.close());
  const mfa = () =>
    createSignalwireMfa({ baseUrl: `${stub.url}/`, project, credential: "c", timeoutMs: 300 }, tools);
  const answering = (status: number, body: unknown) => {
    stub.answer = () => ({ status, text: typeof body === "string" ? body : JSON.stringify(body) });
  };

  it("sends the documented fields, logged in as the project, and nothing that was not asked for", async () => {
    answering(200, { id, success: true, to, channel: "sms" });
    expect(await mfa().send({ via: "sms", to })).toEqual({ ok: true, id });
    expect(stub.asked.at(-1)).toMatchObject({ path: "/api/relay/rest/mfa/sms", body: { to } });
    expect(Object.keys(stub.asked.at(-1)?.body ?? {})).toEqual(["to"]);
    const login = stub.asked.at(-1)?.headers.authorization?.replace("Basic ", "") ?? "";
    expect(Buffer.from(login, "base64").toString()).toBe(`${project}:PTtoken`);
    await mfa().send({
      ...{ via: "voice", to, from: "+12025550100", message: "Code:", tokenLength: 6, ttlSeconds: 300 },
      ...{ maxAttempts: 3, idempotencyKey: "delivery-1" },
    });
    expect(stub.asked.at(-1)).toMatchObject({
      path: "/api/relay/rest/mfa/call",
      headers: { "idempotency-key": "delivery-1" },
      body: { to, from: "+12025550100", message: "Code:", token_length: 6, valid_for: 300, max_attempts: 3 },
    });
  });

  const errors = (detail: string) => ({
    errors: [{ detail, status: "422", title: "Invalid Attribute", code: "422" }],
  });
  it.each([
    [201, { id, success: true }, undefined],
    [401, { error: "Unauthorized" }, "configuration"],
    [403, { error: "Forbidden" }, "configuration"],
    [404, { error: "Not Found" }, "configuration"],
    [422, errors("To is not a valid phone number"), "invalid_recipient"],
    [422, errors("to cannot be used. This is not a valid telephone number."), "invalid_recipient"],
    [422, errors("From must be a number you own"), "configuration"],
    [422, errors("Token length is too long"), "configuration"],
    [422, "", "rejected"],
    [429, { error: "Too Many Requests" }, "throttled"],
    [500, { error: "Internal Server Error" }, "temporary"],
    [503, "<html>", "temporary"],
    [504, "", "ambiguous"],
    [302, "", "configuration"],
    [200, { id, success: false }, "rejected"],
    [200, { success: true }, "ambiguous"],
    [200, { id: "../../v1", success: true }, "ambiguous"],
    [200, "<html>", "ambiguous"],
    [200, "", "ambiguous"],
  ] as const)("a send answered with %i %j is %s", async (status, body, reason) => {
    answering(status, body);
    const sent = await mfa().send({ via: "sms", to });
    expect(sent).toMatchObject(reason === undefined ? { ok: true, id } : { ok: false, reason });
    expect(JSON.stringify(sent)).not.toContain(to);
  });

  it.each([
    [200, { success: true }, { kind: "approved" }],
    [200, { success: false }, { kind: "wrong" }],
    [200, { success: "true" }, { kind: "failed", reason: "ambiguous" }],
    [200, { success: 1 }, { kind: "failed", reason: "ambiguous" }],
    [200, [true], { kind: "failed", reason: "ambiguous" }],
    [200, "true", { kind: "failed", reason: "ambiguous" }],
    [200, "", { kind: "failed", reason: "ambiguous" }],
    [201, { success: true }, { kind: "failed", reason: "ambiguous" }],
    [404, { error: "Not Found" }, { kind: "over" }],
    [401, { error: "Unauthorized" }, { kind: "failed", reason: "configuration" }],
    [422, errors("Token can't be blank"), { kind: "failed", reason: "rejected" }],
    [429, { error: "Too Many Requests" }, { kind: "failed", reason: "throttled" }],
    [500, { error: "Internal Server Error" }, { kind: "failed", reason: "temporary" }],
  ] as const)("a check answered with %i %j is %j", async (status, body, outcome) => {
    answering(status, body);
    expect(await mfa().verify(id, "123456")).toEqual(outcome);
    expect(stub.asked.at(-1)).toMatchObject({
      path: `/api/relay/rest/mfa/${id}/verify`,
      body: { token: "123456" },
    });
  });

  it("a broken line, silence and a missing credential are failures, never approvals and never errors", async () => {
    stub.answer = () => "reset";
    expect(await mfa().send({ via: "sms", to })).toEqual({ ok: false, reason: "ambiguous" });
    expect(await mfa().verify(id, "1")).toEqual({ kind: "failed", reason: "ambiguous" });
    stub.answer = () => "hang";
    expect(await mfa().send({ via: "sms", to })).toEqual({ ok: false, reason: "ambiguous" });
    const settings = { baseUrl: "http://127.0.0.1:1", project, credential: "c" };
    expect(await createSignalwireMfa(settings, tools).send({ via: "sms", to })).toEqual({
      ...{ ok: false, reason: "unreachable" },
    });
    const missing = {
      ...tools,
      secret: async () => {
        throw new SecretUnavailable();
      },
    };
    const without = createSignalwireMfa({ ...settings, baseUrl: stub.url }, missing);
    expect(await without.send({ via: "sms", to })).toEqual({ ok: false, reason: "configuration" });
    const inside = createSignalwireMfa({ ...settings, baseUrl: "http://10.0.0.1" }, tools);
    expect(await inside.verify(id, "1")).toEqual({ kind: "failed", reason: "configuration" });
  });

  it("an id that would lead elsewhere is asked of nobody", async () => {
    const before = stub.asked.length;
    for (const bad of ["", "../../v1/users", "a/b", "a?b", "a b"]) {
      expect(await mfa().verify(bad, "1")).toEqual({ kind: "over" });
    }
    expect(stub.asked.length).toBe(before);
  });
});

describe("against our own surface", () => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer();
    secret = server.demo.signalwire.token;
  });
  afterAll(() => server.close());

  it("sends by SMS and call, is told right, wrong and over, and repeats nothing", async () => {
    const { signalwire, organization } = server.demo;
    const settings = { baseUrl: server.url, project: signalwire.project, credential: "c" };
    const mfa = createSignalwireMfa(settings, tools);
    for (const via of ["sms", "voice"] as const) {
      const request = {
        via,
        to: "+12025550147",
        message: "Your code:",
        idempotencyKey: `once-${via}`,
      } as const;
      const sent = await mfa.send(request);
      if (!sent.ok) throw new Error(sent.reason);
      expect(await mfa.send(request)).toEqual(sent);
      const token = await tokenFor(server.countersign, organization, sent.id);
      expect((await messageFor(server.countersign, organization, sent.id)).via).toBe(via);
      expect(await mfa.verify(sent.id, "000000")).toEqual({ kind: "wrong" });
      expect(await mfa.verify(sent.id, token)).toEqual({ kind: "approved" });
      expect(await mfa.verify(sent.id, token)).toEqual({ kind: "over" });
    }
    const reasonOf = async (more: object) => {
      const sent = await mfa.send({ via: "sms", to: "+12025550147", ...more });
      return sent.ok ? "sent" : sent.reason;
    };
    expect(await reasonOf({ to: "+1900" })).toBe("invalid_recipient");
    expect(await reasonOf({ from: "+12025550000" })).toBe("configuration");
    expect(await reasonOf({ tokenLength: 99 })).toBe("configuration");
    const stranger = createSignalwireMfa({ ...settings, project }, tools);
    expect(await stranger.send({ via: "sms", to: "+12025550147" })).toMatchObject({
      ...{ ok: false, reason: "configuration", providerCode: "401" },
    });
  });
});
