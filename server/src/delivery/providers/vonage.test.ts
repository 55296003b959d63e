import { createHash } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { type VonageSettings, vonage } from "./vonage.ts";

const uuid = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const settings = { apiKey: "abcd1234", apiSecret: "key", from: "Acme", signatureSecret: "signing" };
const problem = (code: string, status = 422) => ({
  status,
  body: JSON.stringify({
    type: `https://developer.vonage.com/api-errors/messages#${code}`,
    title: "Refused",
    detail: "The code 493827 cannot go to 4915112345678.",
  }),
});

describeProvider<VonageSettings>({
  provider: vonage,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: {
    reply: { status: 202, body: JSON.stringify({ message_uuid: uuid.toUpperCase() }) },
    reference: uuid,
  },
  errors: [
    { title: "says throttled", reply: problem("1000"), expected: "throttled", providerCode: "1000" },
    { title: "says bad number", reply: problem("1170"), expected: "invalid_recipient", providerCode: "1170" },
    { title: "says bad recipient", reply: problem("1430"), expected: "invalid_recipient" },
    { title: "says illegal sender", reply: problem("1120"), expected: "configuration", providerCode: "1120" },
    { title: "says barred number", reply: problem("1050"), expected: "rejected" },
    { title: "says no quota", reply: problem("1070"), expected: "configuration" },
    { title: "says low balance", reply: problem("low-balance", 402), expected: "configuration" },
    { title: "says internal error", reply: problem("1030", 500), expected: "temporary" },
    { title: "refuses the login", reply: problem("unauthorized", 401), expected: "configuration" },
    { title: "answers a rate limit", reply: problem("rate-limit", 429), expected: "throttled" },
    { title: "says what nobody knows", reply: problem("9999"), expected: "rejected", providerCode: "9999" },
    {
      title: "names the code as its code",
      reply: problem("493827"),
      expected: "rejected",
      providerCode: "422",
    },
    { title: "says yes and no id", reply: { status: 202, body: "<html>OK</html>" }, expected: "ambiguous" },
  ],
});

describe("vonage", () => {
  const bench = useBench();
  const yes = { status: 202, body: JSON.stringify({ message_uuid: uuid }) };

  it("asks for one message, in full", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    const change = { from: "+447700900001", reportUrl: "https://mfa.example.test/delivery/reports/p1" };
    const { request, body, result } = await bench.send(vonage, chosen, change, yes);
    expect(result).toEqual({ ok: true, reference: uuid });
    expect(`${request.method} ${request.target}`).toBe("POST /v1/messages");
    const login = Buffer.from("abcd1234:key secret").toString("base64");
    expect(request.headers).toMatchObject({
      authorization: `Basic ${login}`,
      "content-type": "application/json",
      accept: "application/json",
    });
    expect(body).toEqual({
      message_type: "text",
      channel: "sms",
      to: "4915112345678",
      from: "447700900001",
      text: "Your code is 493827.",
      client_ref: "0190a1b2-0000-7000-8000-000000000001",
      ttl: 300,
      sms: { encoding_type: "auto" },
      webhook_url: "https://mfa.example.test/delivery/reports/p1",
      webhook_version: "v1",
    });
  });

  it("asks for no report that it could not check, and sends under the configured name", async () => {
    const { signatureSecret: _, ...unsigned } = settings;
    const change = { from: undefined, reportUrl: "https://mfa.example.test/delivery/reports/p1" };
    const { body } = await bench.send(vonage, { ...unsigned, baseUrl: bench.url() }, change, yes);
    expect(body).toMatchObject({ from: "Acme" });
    expect(body).not.toHaveProperty("webhook_url");
  });

  it("probes without a message", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    bench.reply({ body: "{}" });
    expect(await vonage.probe?.(chosen, bench.tools)).toMatchObject({ ok: true });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /accounts/abcd1234/secrets");
    bench.reply({ status: 401 });
    expect(await vonage.probe?.(chosen, bench.tools)).toMatchObject({ ok: false });
  });

  it.each([
    ["http://api.example.com", 1],
    ["https://user:pass@api.example.com", 1],
    ["https://api.example.com/", 1],
    ["https://api.example.com/x?y=1", 1],
    ["ftp://api.example.com", 1],
    ["http://127.0.0.1:4000", 0],
    ["https://api-eu.example.com/base", 0],
  ])("base URL %s has %i problems", (baseUrl, problems) => {
    expect(vonage.validate?.({ ...settings, baseUrl })).toHaveLength(problems);
  });

  it("takes no sender that no network takes", () => {
    for (const from of ["Acme Portal AG", "A+B", "12", "+49 151"]) {
      expect(vonage.validate?.({ ...settings, from }), from).toHaveLength(1);
    }
    expect(vonage.validate?.({ ...settings, from: "+4915112345678" })).toEqual([]);
  });
});

/** Signed by a library that is not ours, as the vendor's documentation describes it. */
async function signedBy(body: string, secret: string, claims: Record<string, unknown> = {}): Promise<string> {
  const token = await new SignJWT({
    payload_hash: createHash("sha256").update(body).digest("hex"),
    api_key: "abcd1234",
    jti: "1",
    iss: "Vonage",
    iat: benchNow / 1000,
    ...claims,
  })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secret));
  return `Bearer ${token}`;
}

const bodyOf = (status: string, more: object = {}) =>
  JSON.stringify({
    message_uuid: uuid,
    to: "4915112345678",
    from: "Acme",
    timestamp: "2026-11-22T12:00:00.000Z",
    status,
    client_ref: "0190a1b2-0000-7000-8000-000000000001",
    ...more,
  });
const usage = { usage: { currency: "EUR", price: "0.0333" } };

function request(body: string, authorization: string | undefined): ReportRequest {
  return {
    method: "POST",
    url: "https://mfa.example.test/delivery/reports/p1",
    headers: { authorization, "content-type": "application/json" },
    body: Buffer.from(body),
  };
}

const { signatureSecret: _unused, ...unconfigured } = settings;
describeReports<VonageSettings>({
  provider: vonage,
  settings,
  secrets: { key: "key secret", signing: "signature secret" },
  unconfigured,
  now: benchNow,
  genuine: async (status) => {
    const body = bodyOf(status, usage);
    return request(body, await signedBy(body, "signature secret"));
  },
  delivered: {
    status: "delivered",
    report: { reference: uuid, state: "delivered", price: { amount: 0.0333, currency: "EUR" } },
  },
  headers: ["authorization"],
  covers: { body: true, url: false, time: true },
  states: {
    submitted: "accepted",
    read: "delivered",
    rejected: "failed",
    undeliverable: "failed",
  },
});

describe("reports of vonage, further", () => {
  const tools = { now: () => benchNow, secret: async () => "signature secret" };

  it("say why, by the code alone", async () => {
    const error = {
      type: "https://developer.vonage.com/api-errors/messages#1170",
      title: 1170,
      detail: "4915112345678",
    };
    const body = bodyOf("rejected", { error });
    const signed = request(body, await signedBy(body, "signature secret"));
    expect(await vonage.readReports?.(signed, settings, tools)).toEqual([
      { reference: uuid, state: "failed", reason: "invalid_recipient", providerCode: "1170" },
    ]);
  });

  it("are not believed for another account, without a digest, or with another algorithm", async () => {
    const body = bodyOf("delivered");
    const others = [{ api_key: "other" }, { payload_hash: undefined }, { iat: undefined }];
    for (const claims of others) {
      const signed = request(body, await signedBy(body, "signature secret", claims));
      await expect(vonage.readReports?.(signed, settings, tools)).rejects.toMatchObject({ status: 403 });
    }
    const [, payload] = (await signedBy(body, "signature secret")).split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const token of [`${none}.${payload}.`, `${none}.${payload}`]) {
      const forged = request(body, `Bearer ${token}`);
      await expect(vonage.readReports?.(forged, settings, tools)).rejects.toMatchObject({ status: 403 });
    }
  });

  it("that are no JSON are refused after they proved themselves", async () => {
    const signed = request("<xml/>", await signedBy("<xml/>", "signature secret"));
    await expect(vonage.readReports?.(signed, settings, tools)).rejects.toMatchObject({ status: 400 });
  });
});
