import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, type StubAnswer, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { withReportToken } from "../report-token.ts";
import { type InfobipSettings, infobip } from "./infobip.ts";

const settings = { apiKey: "key", from: "Acme" };
const id = "0190a1b2-0000-7000-8000-000000000001";

function status(groupName: string, statusId: number): StubAnswer {
  const description = "Message 493827 to 4915112345678";
  const one = {
    messageId: id,
    destination: "4915112345678",
    status: { groupName, id: statusId, description },
  };
  return { body: JSON.stringify({ bulkId: "1", messages: [one] }) };
}
const refusal = (httpStatus: number, errorCode: string): StubAnswer => ({
  status: httpStatus,
  body: JSON.stringify({ errorCode, description: "4915112345678", action: "", violations: [] }),
});
const oldRefusal = (httpStatus: number, messageId: string): StubAnswer => ({
  status: httpStatus,
  body: JSON.stringify({ requestError: { serviceException: { messageId, text: "493827" } } }),
});

for (const via of ["sms", "voice"] as const) {
  describeProvider<InfobipSettings>({
    provider: infobip,
    via,
    to: "+4915112345678",
    settings: (baseUrl) => ({ ...settings, baseUrl }),
    success: { reply: status("PENDING", 26), reference: id },
    errors: [
      {
        title: "has no credit",
        reply: status("REJECTED", 12),
        expected: "configuration",
        providerCode: "12",
      },
      { title: "knows no such prefix", reply: status("REJECTED", 8), expected: "invalid_recipient" },
      { title: "refuses the destination", reply: status("REJECTED", 52), expected: "invalid_recipient" },
      { title: "refuses the sender", reply: status("REJECTED", 13), expected: "configuration" },
      { title: "filters a flood", reply: status("REJECTED", 20), expected: "throttled" },
      { title: "has a system error", reply: status("REJECTED", 21), expected: "temporary" },
      { title: "took it before", reply: status("REJECTED", 23), expected: "ambiguous" },
      { title: "rejects for another reason", reply: status("REJECTED", 6), expected: "rejected" },
      { title: "cannot deliver at once", reply: status("UNDELIVERABLE", 31), expected: "rejected" },
      {
        title: "refuses the login",
        reply: refusal(401, "E401"),
        expected: "configuration",
        providerCode: "E401",
      },
      {
        title: "refuses the login, old form",
        reply: oldRefusal(401, "UNAUTHORIZED"),
        expected: "configuration",
      },
      {
        title: "refuses the request",
        reply: refusal(400, "E400"),
        expected: "rejected",
        providerCode: "E400",
      },
      { title: "is asked too often", reply: oldRefusal(429, "TOO_MANY_REQUESTS"), expected: "throttled" },
      { title: "fails", reply: refusal(500, "E500"), expected: "temporary" },
      { title: "says yes in words", reply: { body: "<html>OK</html>" }, expected: "ambiguous" },
      { title: "says nothing of the message", reply: { body: '{"messages":[]}' }, expected: "ambiguous" },
    ],
  });
}

describe("infobip", () => {
  const bench = useBench();
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";
  const withToken = withReportToken(reportUrl, id, "key secret");

  it("asks for one SMS, in full", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    const { request, body } = await bench.send(infobip, chosen, { reportUrl }, status("PENDING", 26));
    expect(`${request.method} ${request.target}`).toBe("POST /sms/3/messages");
    expect(request.headers["authorization"]).toBe("App key secret");
    expect(body).toEqual({
      messages: [
        {
          sender: "Acme",
          destinations: [{ to: "4915112345678", messageId: id }],
          content: { text: "Your code is 493827." },
          options: { validityPeriod: { amount: 300, timeUnit: "SECONDS" } },
          webhooks: { delivery: { url: withToken }, contentType: "application/json" },
        },
      ],
    });
    expect(withToken).toMatch(/^https:\/\/mfa\.example\.test\/delivery\/reports\/p1\?token=[\w-]{43}$/);
    expect(withToken).not.toContain("key");
  });

  it("asks for one call that no answering machine hears, in full", async () => {
    const chosen = { ...settings, from: "+4930123456", baseUrl: bench.url() };
    const change = { via: "voice", from: undefined, locale: "de-AT", reportUrl } as const;
    const { request, body } = await bench.send(infobip, chosen, change, status("PENDING", 26));
    expect(request.target).toBe("/tts/3/advanced");
    expect(body).toEqual({
      messages: [
        {
          from: "4930123456",
          destinations: [{ to: "4915112345678", messageId: id }],
          text: "Your code is 4. 9. 3. 8. 2. 7.",
          language: "de-at",
          machineDetection: "hangup",
          callTimeout: 120,
          ringTimeout: 30,
          validityPeriod: 5,
          notifyUrl: withToken,
          notifyContentType: "application/json",
        },
      ],
    });
  });

  it("calls in a language that is spoken there, and under no name", async () => {
    const chosen = { ...settings, ringSeconds: 12, baseUrl: bench.url() };
    for (const [locale, language] of [
      ["pt-BR", "pt-br"],
      ["fr-LU", "fr"],
      ["sw", "en"],
    ] as const) {
      const { body } = await bench.send(infobip, chosen, { via: "voice", locale }, status("PENDING", 26));
      const { messages } = body as { messages: readonly Record<string, unknown>[] };
      expect(messages[0]).toMatchObject({ language, ringTimeout: 12 });
      expect(messages[0]).not.toHaveProperty("from");
    }
  });

  it("probes without a message", async () => {
    bench.reply({ body: '{"balance":1,"currency":"EUR"}' });
    const chosen = { ...settings, baseUrl: bench.url() };
    expect(await infobip.probe?.(chosen, bench.tools)).toMatchObject({ ok: true });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /account/1/balance");
    for (const [status, ok] of [
      [403, true],
      [401, false],
      [503, false],
    ] as const) {
      bench.reply({ status });
      expect(await infobip.probe?.(chosen, bench.tools)).toMatchObject({ ok });
    }
  });
});

function result(groupName: string, more: object = {}): object {
  return {
    bulkId: "1",
    messageId: id,
    to: "4915112345678",
    messageCount: 2,
    price: { pricePerMessage: 0.035, currency: "EUR" },
    status: { groupName, id: 5, name: groupName },
    error: { id: 0, name: "NO_ERROR" },
    ...more,
  };
}

function report(results: readonly object[], key = "key secret"): ReportRequest {
  return {
    method: "POST",
    url: withReportToken("https://mfa.example.test/delivery/reports/p1", id, key),
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ results })),
  };
}

describeReports<InfobipSettings>({
  provider: infobip,
  settings,
  secrets: { key: "key secret" },
  now: benchNow,
  genuine: (group) => report([result(group)]),
  delivered: {
    status: "DELIVERED",
    report: { reference: id, state: "delivered", price: { amount: 0.07, currency: "EUR" } },
  },
  headers: [],
  covers: { body: false, url: false, time: false },
  states: {
    PENDING: "accepted",
    ACCEPTED: "accepted",
    UNDELIVERABLE: "failed",
    EXPIRED: "failed",
    REJECTED: "failed",
  },
});

describe("reports of infobip, further", () => {
  const tools = { now: () => benchNow, secret: async () => "key secret" };

  it("prove themselves for their own message only", async () => {
    const other = { ...result("DELIVERED"), messageId: "0190a1b2-0000-7000-8000-000000000009" };
    for (const results of [[other], [result("DELIVERED"), other], [], [{ ...other, messageId: undefined }]]) {
      await expect(infobip.readReports?.(report(results), settings, tools)).rejects.toMatchObject({
        status: 403,
      });
    }
  });

  it("at the operator are on the way; an unknown subscriber is told apart", async () => {
    const onTheWay = report([result("DELIVERED", { status: { groupName: "DELIVERED", id: 2 } })]);
    expect(await infobip.readReports?.(onTheWay, settings, tools)).toMatchObject([{ state: "accepted" }]);
    const failed = { error: { id: 1, name: "EC_UNKNOWN_SUBSCRIBER" }, price: undefined };
    const unknown = report([result("UNDELIVERABLE", failed)]);
    expect(await infobip.readReports?.(unknown, settings, tools)).toEqual([
      { reference: id, state: "failed", reason: "invalid_recipient", providerCode: "EC_UNKNOWN_SUBSCRIBER" },
    ]);
    const credit = { status: { groupName: "REJECTED", id: 12 }, price: undefined };
    expect(await infobip.readReports?.(report([result("REJECTED", credit)]), settings, tools)).toEqual([
      { reference: id, state: "failed", reason: "configuration", providerCode: "12" },
    ]);
  });

  it("that are no JSON are refused", async () => {
    const garbage = { ...report([]), body: Buffer.from("results=1") };
    await expect(infobip.readReports?.(garbage, settings, tools)).rejects.toMatchObject({ status: 400 });
  });
});
