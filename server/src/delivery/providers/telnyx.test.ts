import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, type StubAnswer, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { type TelnyxSettings, telnyx } from "./telnyx.ts";

const settings = { apiKey: "key", from: "+447700900001" };
const id = "40385f64-5717-4562-b3fc-2c963f66afa6";
const yes: StubAnswer = {
  body: JSON.stringify({
    data: {
      id,
      to: [{ phone_number: "+4915112345678", status: "queued" }],
      text: "Your code is 493827.",
      cost: { amount: "0.0051", currency: "USD" },
    },
  }),
};
const refusal = (status: number, code: string): StubAnswer => ({
  status,
  body: JSON.stringify({ errors: [{ code, title: "No", detail: "+4915112345678: 493827" }] }),
});

describeProvider<TelnyxSettings>({
  provider: telnyx,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: id },
  errors: [
    {
      title: "finds the number malformed",
      reply: refusal(400, "40310"),
      expected: "invalid_recipient",
      providerCode: "40310",
    },
    { title: "finds a landline", reply: refusal(422, "40001"), expected: "invalid_recipient" },
    { title: "refuses the sender", reply: refusal(400, "40305"), expected: "configuration" },
    {
      title: "refuses the login",
      reply: refusal(401, "10009"),
      expected: "configuration",
      providerCode: "10009",
    },
    { title: "has no credit", reply: refusal(403, "20100"), expected: "configuration" },
    { title: "knows a STOP", reply: refusal(403, "40300"), expected: "rejected", providerCode: "40300" },
    { title: "is asked too often", reply: refusal(429, "10011"), expected: "throttled" },
    { title: "fails", reply: refusal(500, "10007"), expected: "temporary" },
    {
      title: "repeats the code as its code",
      reply: refusal(400, "493827"),
      expected: "rejected",
      providerCode: "400",
    },
    {
      title: "repeats the number as its code",
      reply: refusal(400, "4915112345678"),
      expected: "rejected",
      providerCode: "400",
    },
    { title: "says yes in words", reply: { body: "OK" }, expected: "ambiguous" },
  ],
});

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const rawKey = (key: KeyObject) => Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");
const checking: TelnyxSettings = { ...settings, publicKey: rawKey(publicKey).toString("base64") };

describe("telnyx", () => {
  const bench = useBench();
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";

  it("asks for one message, in full, and reads the price", async () => {
    const chosen = { ...checking, messagingProfileId: "4000eba1", baseUrl: bench.url() };
    const { request, body, result } = await bench.send(telnyx, chosen, { from: undefined, reportUrl }, yes);
    expect(result).toEqual({ ok: true, reference: id, price: { amount: 0.0051, currency: "USD" } });
    expect(`${request.method} ${request.target}`).toBe("POST /messages");
    expect(request.headers["authorization"]).toBe("Bearer key secret");
    expect(body).toEqual({
      from: "+447700900001",
      messaging_profile_id: "4000eba1",
      to: "+4915112345678",
      text: "Your code is 493827.",
      type: "SMS",
      webhook_url: reportUrl,
      use_profile_webhooks: false,
    });
  });

  it("asks for no report that it could not check", async () => {
    const { body } = await bench.send(telnyx, { ...settings, baseUrl: bench.url() }, { reportUrl }, yes);
    expect(body).toEqual({ from: "Acme", to: "+4915112345678", text: "Your code is 493827.", type: "SMS" });
  });

  it("needs somebody who sends", () => {
    const { from: _, ...nobody } = settings;
    expect(telnyx.validate?.(nobody)).toHaveLength(1);
    expect(telnyx.validate?.({ ...nobody, messagingProfileId: "p" })).toEqual([]);
    expect(telnyx.validate?.({ ...settings, from: "Acme" })).toHaveLength(1);
    expect(telnyx.validate?.({ ...settings, from: "Acme", messagingProfileId: "p" })).toEqual([]);
  });

  it("probes without a message", async () => {
    bench.reply({ body: '{"data":{"balance":"1.00"}}' });
    expect(await telnyx.probe?.({ ...settings, baseUrl: bench.url() }, bench.tools)).toMatchObject({
      ok: true,
    });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /balance");
  });
});

function bodyOf(status: string, more: object = {}): string {
  const to = [{ phone_number: "+4915112345678", status }];
  const payload = {
    record_type: "message",
    direction: "outbound",
    id,
    to,
    text: "493827",
    errors: [],
    ...more,
  };
  return JSON.stringify({ data: { record_type: "event", event_type: "message.finalized", payload } });
}

function signed(body: string): ReportRequest {
  const timestamp = `${benchNow / 1000}`;
  const signature = sign(null, Buffer.from(`${timestamp}|${body}`), privateKey).toString("base64");
  return {
    method: "POST",
    url: "https://mfa.example.test/delivery/reports/p1",
    headers: { "telnyx-signature-ed25519": signature, "telnyx-timestamp": timestamp },
    body: Buffer.from(body),
  };
}

describeReports<TelnyxSettings>({
  provider: telnyx,
  settings: checking,
  secrets: {},
  unconfigured: settings,
  foreign: { ...settings, publicKey: rawKey(generateKeyPairSync("ed25519").publicKey).toString("base64") },
  now: benchNow,
  genuine: (status) => signed(bodyOf(status, { cost: { amount: "0.0051", currency: "USD" } })),
  delivered: {
    status: "delivered",
    report: { reference: id, state: "delivered", price: { amount: 0.0051, currency: "USD" } },
  },
  headers: ["telnyx-signature-ed25519", "telnyx-timestamp"],
  covers: { body: true, url: false, time: true },
  states: {
    queued: "accepted",
    sending: "accepted",
    sent: "accepted",
    sending_failed: "failed",
    delivery_failed: "failed",
    delivery_unconfirmed: "ignored",
  },
});

describe("reports of telnyx, further", () => {
  const tools = { now: () => benchNow, secret: async () => "" };

  it("say why, by the code alone; incoming messages are none", async () => {
    const errors = [{ code: "40012", title: "Invalid destination", detail: "+4915112345678" }];
    expect(
      await telnyx.readReports?.(signed(bodyOf("delivery_failed", { errors })), checking, tools),
    ).toEqual([{ reference: id, state: "failed", reason: "invalid_recipient", providerCode: "40012" }]);
    const inbound = signed(bodyOf("delivered", { direction: "inbound" }));
    expect(await telnyx.readReports?.(inbound, checking, tools)).toEqual([]);
  });

  it("agree with the platform's own verifier (WebCrypto)", async () => {
    const { headers, body } = signed(bodyOf("delivered"));
    const key = await crypto.subtle.importKey("raw", rawKey(publicKey), "Ed25519", false, ["verify"]);
    const proof = Buffer.from(headers["telnyx-signature-ed25519"] ?? "", "base64");
    const text = Buffer.concat([Buffer.from(`${headers["telnyx-timestamp"]}|`), body]);
    expect(await crypto.subtle.verify("Ed25519", key, proof, text)).toBe(true);
  });
});
