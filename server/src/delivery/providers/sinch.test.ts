import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, type StubAnswer, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { withReportToken } from "../report-token.ts";
import { type SinchSettings, sinch } from "./sinch.ts";

const settings = { servicePlanId: "plan1", apiToken: "token", from: "+447700900001" };
const id = "0190a1b2-0000-7000-8000-000000000001";
const yes: StubAnswer = { status: 201, body: '{"id":"01FC66621XXXXX119Z8PMV1QPQ","to":["4915112345678"]}' };
const refusal = (status: number, code: string): StubAnswer => ({
  status,
  body: JSON.stringify({ code, text: "4915112345678 got 493827" }),
});

describeProvider<SinchSettings>({
  provider: sinch,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: "01FC66621XXXXX119Z8PMV1QPQ" },
  errors: [
    {
      title: "finds a malformed field, maybe the number",
      reply: refusal(400, "syntax_invalid_parameter_format"),
      expected: "rejected",
      providerCode: "syntax_invalid_parameter_format",
    },
    {
      title: "misses a field",
      reply: refusal(400, "syntax_constraint_violation"),
      expected: "configuration",
    },
    { title: "refuses the login", reply: { status: 401 }, expected: "configuration", providerCode: "401" },
    { title: "has no credit", reply: { status: 402 }, expected: "configuration" },
    { title: "refuses the plan", reply: refusal(403, "unknown_campaign"), expected: "configuration" },
    { title: "is unknown there", reply: { status: 404 }, expected: "configuration" },
    { title: "fails", reply: { status: 500, body: "493827" }, expected: "temporary", providerCode: "500" },
    { title: "says yes in words", reply: { status: 201, body: "queued" }, expected: "ambiguous" },
  ],
});

describe("sinch", () => {
  const bench = useBench();
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";

  it("asks for a batch of one, in full", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    const { request, body } = await bench.send(sinch, chosen, { from: undefined, reportUrl }, yes);
    expect(`${request.method} ${request.target}`).toBe("POST /xms/v1/plan1/batches");
    expect(request.headers["authorization"]).toBe("Bearer token secret");
    expect(body).toEqual({
      to: ["4915112345678"],
      from: "447700900001",
      body: "Your code is 493827.",
      type: "mt_text",
      client_reference: id,
      expire_at: new Date(benchNow + 300_000).toISOString(),
      delivery_report: "per_recipient",
      callback_url: withReportToken(reportUrl, id, "token secret"),
    });
  });

  it("needs no proof in the URL where callbacks are signed, and wants none without a URL", async () => {
    const signing = { ...settings, callbackSecret: "hmac", baseUrl: bench.url() };
    const { body } = await bench.send(sinch, signing, { reportUrl }, yes);
    expect(body).toMatchObject({ callback_url: reportUrl });
    const { from: _, ...bare } = settings;
    const quiet = await bench.send(sinch, { ...bare, baseUrl: bench.url() }, { from: undefined }, yes);
    expect(quiet.body).toMatchObject({ delivery_report: "none" });
    expect(quiet.body).not.toHaveProperty("callback_url");
    expect(quiet.body).not.toHaveProperty("from");
  });

  it("probes without a message", async () => {
    bench.reply({ body: "{}" });
    expect(await sinch.probe?.({ ...settings, baseUrl: bench.url() }, bench.tools)).toMatchObject({
      ok: true,
    });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /xms/v1/plan1/groups?page_size=1");
  });
});

function bodyOf(status: string, code = 0): string {
  return JSON.stringify({
    type: "recipient_delivery_report_sms",
    batch_id: "01FC66621XXXXX119Z8PMV1QPQ",
    recipient: "4915112345678",
    code,
    status,
    at: "2026-11-22T12:00:00.000Z",
    client_reference: id,
  });
}

function signed(body: string, secret = "hmac secret"): ReportRequest {
  const timestamp = `${benchNow / 1000}`;
  const nonce = "01FJA8B4A7BM43YGWSG9GBV067";
  const signature = createHmac("sha256", secret).update(`${body}.${nonce}.${timestamp}`).digest("base64");
  return {
    method: "POST",
    url: "https://mfa.example.test/delivery/reports/p1",
    headers: {
      "x-sinch-webhook-signature": signature,
      "x-sinch-webhook-signature-algorithm": "HmacSHA256",
      "x-sinch-webhook-signature-nonce": nonce,
      "x-sinch-webhook-signature-timestamp": timestamp,
    },
    body: Buffer.from(body),
  };
}

function tokened(body: string): ReportRequest {
  const url = withReportToken("https://mfa.example.test/delivery/reports/p1", id, "token secret");
  return { method: "POST", url, headers: {}, body: Buffer.from(body) };
}

const delivered = {
  status: "Delivered",
  report: { reference: "01FC66621XXXXX119Z8PMV1QPQ", state: "delivered" },
} as const;
const states = {
  Queued: "accepted",
  Dispatched: "accepted",
  DELIVERED: "delivered",
  Aborted: "failed",
  Rejected: "failed",
  Failed: "failed",
  Expired: "failed",
  Deleted: "failed",
  Cancelled: "failed",
  Unknown: "ignored",
} as const;

describeReports<SinchSettings>({
  provider: sinch,
  settings: { ...settings, callbackSecret: "hmac" },
  secrets: { token: "token secret", hmac: "hmac secret" },
  now: benchNow,
  genuine: (status) => signed(bodyOf(status)),
  delivered,
  headers: [
    "x-sinch-webhook-signature",
    "x-sinch-webhook-signature-nonce",
    "x-sinch-webhook-signature-timestamp",
  ],
  covers: { body: true, url: false, time: true },
  states,
});

describeReports<SinchSettings>({
  provider: sinch,
  settings,
  secrets: { token: "token secret" },
  now: benchNow,
  genuine: (status) => tokened(bodyOf(status)),
  delivered,
  headers: [],
  covers: { body: false, url: false, time: false },
  states,
});

describe("reports of sinch, further", () => {
  const tools = { now: () => benchNow, secret: async (key: string) => `${key} secret` };
  const signing = { ...settings, callbackSecret: "hmac" };

  it("by the URL alone are not believed where callbacks are signed", async () => {
    await expect(sinch.readReports?.(tokened(bodyOf("Delivered")), signing, tools)).rejects.toMatchObject({
      status: 403,
    });
  });

  it("say why, by the code alone; incoming messages are none", async () => {
    expect(await sinch.readReports?.(signed(bodyOf("Aborted", 413)), signing, tools)).toMatchObject([
      { state: "failed", reason: "configuration", providerCode: "413" },
    ]);
    const inbound = JSON.stringify({ type: "mo_text", id: "1", from: "4915112345678", body: "STOP" });
    expect(await sinch.readReports?.(signed(inbound), signing, tools)).toEqual([]);
  });
});
