import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, type StubAnswer, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { type WhatsappSettings, whatsapp } from "./whatsapp.ts";

const settings = {
  phoneNumberId: "106540352242922",
  accessToken: "token",
  template: "sign_in_code",
  languages: ["en_US", "de", "pt_BR"],
  appSecret: "app",
  verifyToken: "verify",
};
const id = "wamid.HBgLMTY0NjcwNDM1OTUVAgARGBI1RjQyNUE3NEYxMzAzMzQ5MkEA";
const yes: StubAnswer = {
  body: JSON.stringify({
    messaging_product: "whatsapp",
    contacts: [{ input: "4915112345678", wa_id: "4915112345678" }],
    messages: [{ id, message_status: "accepted" }],
  }),
};
const refusal = (status: number, code: number): StubAnswer => ({
  status,
  body: JSON.stringify({
    error: { message: `(#${code}) 493827 to 4915112345678`, type: "OAuthException", code, fbtrace_id: "A" },
  }),
});

describeProvider<WhatsappSettings>({
  provider: whatsapp,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: id },
  errors: [
    { title: "refuses the token", reply: refusal(401, 190), expected: "configuration", providerCode: "190" },
    {
      title: "lacks a permission, with 500",
      reply: refusal(500, 3),
      expected: "configuration",
      providerCode: "3",
    },
    {
      title: "does not know the number, which an SMS still reaches",
      reply: refusal(400, 131026),
      expected: "rejected",
      providerCode: "131026",
    },
    { title: "may not write to the number yet", reply: refusal(400, 131030), expected: "configuration" },
    { title: "is not paid", reply: refusal(400, 131042), expected: "configuration", providerCode: "131042" },
    { title: "has no such template", reply: refusal(404, 132001), expected: "configuration" },
    { title: "is asked too often", reply: refusal(400, 130429), expected: "throttled" },
    { title: "wrote to the person too often", reply: refusal(400, 131056), expected: "throttled" },
    { title: "has trouble of its own", reply: refusal(503, 131016), expected: "temporary" },
    { title: "refuses the request", reply: refusal(400, 100), expected: "rejected", providerCode: "100" },
    { title: "says yes in words", reply: { body: "OK" }, expected: "ambiguous" },
  ],
});

describe("whatsapp", () => {
  const bench = useBench();

  it("hands over the code alone, in the template's language, in full", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    const { request, body } = await bench.send(whatsapp, chosen, { locale: "pt-BR" }, yes);
    expect(`${request.method} ${request.target}`).toBe("POST /v24.0/106540352242922/messages");
    expect(request.headers["authorization"]).toBe("Bearer token secret");
    const parameters = [{ type: "text", text: "493827" }];
    expect(body).toEqual({
      messaging_product: "whatsapp",
      recipient_type: "individual",
      to: "4915112345678",
      type: "template",
      template: {
        name: "sign_in_code",
        language: { code: "pt_BR" },
        components: [
          { type: "body", parameters },
          { type: "button", sub_type: "url", index: "0", parameters },
        ],
      },
      biz_opaque_callback_data: "0190a1b2-0000-7000-8000-000000000001",
    });
    expect(request.body).not.toContain("Your code");
  });

  it.each([
    ["de-AT", "de"],
    ["en-GB", "en_US"],
    ["ja", "en_US"],
  ])("writes to %s in %s", async (locale, language) => {
    const chosen = { ...settings, apiVersion: "v25.0", baseUrl: bench.url() };
    const { request, body } = await bench.send(whatsapp, chosen, { locale }, yes);
    expect(request.target).toBe("/v25.0/106540352242922/messages");
    expect(body).toMatchObject({ template: { language: { code: language } } });
  });

  it("sends nothing without a code", async () => {
    const message = {
      id: "1",
      verification: "1",
      organization: "a",
      via: "sms",
      to: "+49151",
      text: "x",
    } as const;
    const plain = { ...message, locale: "en", ttlSeconds: 300 };
    const before = await bench.send(whatsapp, { ...settings, baseUrl: bench.url() }, {}, yes);
    const result = await whatsapp.send(plain, { ...settings, baseUrl: bench.url() }, bench.tools);
    expect(result).toEqual({ ok: false, reason: "configuration" });
    expect(bench.last()).toBe(before.request);
  });

  it("probes without a message", async () => {
    bench.reply({ body: '{"id":"1"}' });
    const chosen = { ...settings, baseUrl: bench.url() };
    expect(await whatsapp.probe?.(chosen, bench.tools)).toMatchObject({ ok: true });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /v24.0/106540352242922?fields=id");
  });
});

function bodyOf(status: string, more: object = {}, phone = settings.phoneNumberId): string {
  const one = { id, status, timestamp: "1790000000", recipient_id: "4915112345678", ...more };
  const metadata = { display_phone_number: "15550783881", phone_number_id: phone };
  const value = { messaging_product: "whatsapp", metadata, statuses: [one] };
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: "102290129340398", changes: [{ value, field: "messages" }] }],
  });
}

function signed(body: string): ReportRequest {
  const signature = createHmac("sha256", "app secret").update(body).digest("hex");
  return {
    method: "POST",
    url: "https://mfa.example.test/delivery/reports/p1",
    headers: { "x-hub-signature-256": `sha256=${signature}` },
    body: Buffer.from(body),
  };
}

const { appSecret: _appSecret, verifyToken: _verifyToken, ...unconfigured } = settings;
describeReports<WhatsappSettings>({
  provider: whatsapp,
  settings,
  secrets: { app: "app secret" },
  unconfigured,
  now: benchNow,
  genuine: (status) => signed(bodyOf(status)),
  delivered: { status: "delivered", report: { reference: id, state: "delivered" } },
  headers: ["x-hub-signature-256"],
  covers: { body: true, url: false, time: false },
  states: { sent: "accepted", read: "delivered", failed: "failed", deleted: "ignored" },
});

describe("reports of whatsapp, further", () => {
  const tools = { now: () => benchNow, secret: async (key: string) => `${key} secret` };

  it("say why, by the code alone; other numbers of the app are none of ours", async () => {
    const errors = [{ code: 131026, title: "Undeliverable", error_data: { details: "4915112345678" } }];
    expect(await whatsapp.readReports?.(signed(bodyOf("failed", { errors })), settings, tools)).toEqual([
      { reference: id, state: "failed", reason: "rejected", providerCode: "131026" },
    ]);
    expect(await whatsapp.readReports?.(signed(bodyOf("delivered", {}, "7")), settings, tools)).toEqual([]);
  });

  const handshake = (query: Record<string, string>, method = "GET"): ReportRequest => ({
    method,
    url: `https://mfa.example.test/delivery/reports/p1?${new URLSearchParams(query)}`,
    headers: {},
    body: Buffer.alloc(0),
  });
  const asking = {
    "hub.mode": "subscribe",
    "hub.verify_token": "verify secret",
    "hub.challenge": "1158201444",
  };

  it("begin with a question that is answered to who knows the word", async () => {
    expect(await whatsapp.answerHandshake?.(handshake(asking), settings, tools)).toBe("1158201444");
    for (const token of ["", "verify secre", "Verify secret"]) {
      const wrong = handshake({ ...asking, "hub.verify_token": token });
      await expect(whatsapp.answerHandshake?.(wrong, settings, tools)).rejects.toMatchObject({ status: 403 });
    }
    await expect(whatsapp.answerHandshake?.(handshake(asking), unconfigured, tools)).rejects.toMatchObject({
      status: 403,
    });
  });

  it("answer no other question, and echo nothing that could be markup", async () => {
    const others = [handshake({}), handshake(asking, "POST"), handshake({ ...asking, "hub.mode": "x" })];
    const markup = handshake({ ...asking, "hub.challenge": "<script>alert(1)</script>" });
    for (const request of [...others, markup]) {
      expect(await whatsapp.answerHandshake?.(request, settings, tools)).toBeUndefined();
    }
  });
});
