import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { describeProvider, describeReports, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { type SevenSettings, seven } from "./seven.ts";

const settings: SevenSettings = { apiKey: "key", signingKey: "signing", from: "Acme" };

function yes(message: object = {}, body: object = {}) {
  const one = {
    id: "77233308468",
    recipient: "4915112345678",
    text: "Your code is 493827.",
    parts: 1,
    price: 0.075,
  };
  const messages = [{ ...one, success: true, error: null, error_text: null, ...message }];
  return {
    body: JSON.stringify({
      success: "100",
      total_price: 0.075,
      balance: 3218.9,
      debug: "false",
      messages,
      ...body,
    }),
  };
}
const no = (success: string) => yes({ success: false, id: null, error: null }, { success, messages: [] });

const answers = {
  success: { reply: yes(), reference: "77233308468" },
  errors: [
    {
      title: "answers a bare 900 with 200",
      reply: { body: "900" },
      expected: "configuration",
      providerCode: "900",
    },
    {
      title: 'answers a bare "900" with 200',
      reply: { body: '"900"' },
      expected: "configuration",
      providerCode: "900",
    },
    { title: "answers a bare 402", reply: { body: "402\n" }, expected: "throttled", providerCode: "402" },
    { title: "answers a bare 100", reply: { body: "100" }, expected: "ambiguous" },
    { title: "says 202", reply: no("202"), expected: "invalid_recipient", providerCode: "202" },
    { title: "says 500", reply: no("500"), expected: "configuration", providerCode: "500" },
    { title: "says 600", reply: no("600"), expected: "temporary", providerCode: "600" },
    { title: "says 403", reply: no("403"), expected: "throttled", providerCode: "403" },
    { title: "says a code that nobody knows", reply: no("999"), expected: "rejected", providerCode: "999" },
    {
      title: "says 101 and why",
      reply: yes({ success: false, id: null, error: "202" }, { success: "101" }),
      expected: "invalid_recipient",
      providerCode: "202",
    },
    {
      title: "says 100 of a message that failed",
      reply: yes({ success: false, id: null, error: "201" }),
      expected: "configuration",
      providerCode: "201",
    },
    {
      title: "says it as an object",
      reply: { status: 400, body: '{"error_code":"305","error_message":"493827 to +4915112345678"}' },
      expected: "configuration",
      providerCode: "305",
    },
    {
      title: "says it as an object with 200",
      reply: { body: '{"code":"901","error_message":"no"}' },
      expected: "configuration",
      providerCode: "901",
    },
    { title: "answers in words", reply: { body: "OK 493827" }, expected: "ambiguous" },
    {
      title: "answers 401",
      reply: { status: 401, body: "900" },
      expected: "configuration",
      providerCode: "900",
    },
  ],
} as const;

const common = {
  provider: seven,
  to: "+4915112345678",
  settings: (baseUrl: string) => ({ ...settings, baseUrl }),
};
describeProvider<SevenSettings>({ ...common, ...answers, via: "sms" });
const call = { reply: yes({ id: 1384013 }), reference: "call:1384013" };
describeProvider<SevenSettings>({ ...common, ...answers, via: "voice", success: call });

describe("seven.io", () => {
  const bench = useBench();
  const chosen = () => ({ ...settings, baseUrl: bench.url() });

  it("asks for one message that ends with its code", async () => {
    const { request, body, result } = await bench.send(
      seven,
      chosen(),
      { from: undefined, ttlSeconds: 330 },
      yes(),
    );
    expect(`${request.method} ${request.target}`).toBe("POST /sms");
    expect(request.headers).toMatchObject({
      "x-api-key": "key secret",
      sentwith: "countersign",
      accept: "application/json",
    });
    expect(body).toEqual({
      to: "+4915112345678",
      text: "Your code is 493827.",
      from: "Acme",
      ttl: 5,
      foreign_id: "0190a1b2-0000-7000-8000-000000000001",
    });
    expect(result).toMatchObject({ price: { amount: 0.075, currency: "EUR" } });
    const short = await bench.send(seven, chosen(), { ttlSeconds: 45 }, yes());
    expect(short.body).toMatchObject({ ttl: 1 });
  });

  it("calls with SSML in the person's language", async () => {
    const { request, body, result } = await bench.send(
      seven,
      { ...chosen(), callFrom: "+4930123456", ringSeconds: 20, voice: "male" },
      { via: "voice", locale: "de" },
      yes({ id: 1384013 }),
    );
    expect(`${request.method} ${request.target}`).toBe("POST /voice");
    expect(body).toEqual({
      to: "+4915112345678",
      text: expect.stringMatching(/^<voice name="de-de-male">.*4:9:3:8:2:7.*<\/voice>$/),
      from: "+4930123456",
      ringtime: 20,
      foreign_id: "0190a1b2-0000-7000-8000-000000000001",
    });
    expect(result).toMatchObject({ ok: true, reference: "call:1384013" });
  });

  it("calls with plain words, or the organization's own SSML, where told", async () => {
    const plain = await bench.send(seven, { ...chosen(), speech: "plain" }, { via: "voice" }, yes());
    expect(plain.body).toMatchObject({ text: "Your code is 4. 9. 3. 8. 2. 7." });
    const ssml = '<voice loop="2">4 9 3 8 2 7</voice>';
    const speech = { parts: [], invitation: "", ssml };
    const own = await bench.send(seven, chosen(), { via: "voice", speech }, yes());
    expect(own.body).toMatchObject({ text: ssml });
  });

  it("probes by asking for the balance, and is not taken in by a status", async () => {
    bench.reply({ body: '{"amount":"50.1","currency":"EUR"}' });
    expect(await seven.probe?.(chosen(), bench.tools)).toMatchObject({ ok: true });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /balance");
    bench.reply({ body: "900" });
    expect(await seven.probe?.(chosen(), bench.tools)).toMatchObject({ ok: false });
  });
});

const url = "https://mfa.example.test/hooks/seven";
const now = 1_700_000_000_000;
const nonce = "0123456789abcdef0123456789abcdef";

function sign(body: string, { key = "countersign-test-key", to = url, method = "POST" } = {}): ReportRequest {
  const time = `${now / 1000}`;
  const md5 = createHash("md5").update(body).digest("hex");
  const text = [time, nonce, method, to, md5].join("\n");
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const headers = { "x-timestamp": time, "x-nonce": nonce, "x-signature": signature };
  return { method, url, headers, body: Buffer.from(body) };
}

/** Spelled as in the published vector. */
const dlr = (status: string) =>
  `{"data":{"msg_id":"77149843739","status":"${status}","timestamp":"2021-08-24 08:08:00.000000"},"webhook_event":"dlr","webhook_timestamp":"2021-08-24T08:08:00+02:00"}`;
const voice = (status: string) =>
  JSON.stringify({ webhook_event: "voice_status", data: { id: 1384013, status, duration: "12" } });

const reports = {
  provider: seven,
  settings,
  secrets: { signing: "countersign-test-key" },
  unconfigured: { apiKey: "key" },
  now,
  headers: ["x-timestamp", "x-nonce", "x-signature"],
  covers: { body: true, url: true, time: true },
} as const;

describeReports<SevenSettings>({
  ...reports,
  genuine: (status) => sign(dlr(status)),
  delivered: { status: "DELIVERED", report: { reference: "77149843739", state: "delivered" } },
  states: {
    ACCEPTED: "accepted",
    BUFFERED: "accepted",
    TRANSMITTED: "accepted",
    NOTDELIVERED: "failed",
    EXPIRED: "failed",
    REJECTED: "failed",
    FAILED: "failed",
    UNKNOWN: "ignored",
  },
});

describeReports<SevenSettings>({
  ...reports,
  genuine: (status) => sign(voice(status)),
  delivered: { status: "completed", report: { reference: "call:1384013", state: "delivered" } },
  states: { ringing: "accepted", "no-answer": "failed", busy: "failed", failed: "failed" },
});

describe("reports of seven.io, further", () => {
  const read = (request: ReportRequest, more: Partial<SevenSettings> = {}) =>
    seven.readReports?.(
      request,
      { ...settings, ...more },
      { now: () => now, secret: async () => "countersign-test-key" },
    );

  it("are what the published vector says", async () => {
    const signed = sign(dlr("DELIVERED"));
    expect(signed.headers["x-signature"]).toBe(
      "9f7bee64113d8faff2127d5d9204c52775ef551fb01d6d53b9f0226b9abef910",
    );
    expect(await read(signed)).toHaveLength(1);
  });

  it("may be signed for the path alone where the settings say so, and then only so", async () => {
    const byPath = sign(dlr("DELIVERED"), { to: "/hooks/seven" });
    expect(await read(byPath, { signedUrl: "path" })).toHaveLength(1);
    await expect(read(byPath)).rejects.toMatchObject({ status: 403 });
    await expect(read(sign(dlr("DELIVERED")), { signedUrl: "path" })).rejects.toMatchObject({ status: 403 });
  });

  it("say why; other events say nothing of a message; what is no JSON is told so", async () => {
    expect(await read(sign(voice("no-answer")))).toEqual([
      { reference: "call:1384013", state: "failed", reason: "unanswered", providerCode: "no-answer" },
    ]);
    expect(await read(sign('{"webhook_event":"sms_mo","data":{"id":"1","text":"hi"}}'))).toEqual([]);
    await expect(read(sign("data=1"))).rejects.toMatchObject({ status: 400 });
  });
});
