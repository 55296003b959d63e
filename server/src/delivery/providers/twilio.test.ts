import vendorPackage from "twilio";
import { describe, expect, it } from "vitest";
import { describeProvider, describeReports, useBench } from "../contract.ts";
import type { CallScript, DeliveryReport, ReportRequest } from "../provider.ts";
import { type TwilioSettings, twilio } from "./twilio.ts";

const account = `AC${"a1".repeat(16)}`;
const message = `SM${"b2".repeat(16)}`;
const call = `CA${"c3".repeat(16)}`;
const settings: TwilioSettings = { accountSid: account, authToken: "token", from: "+12025550100" };

const refusal = (code: number, status = 400) => ({
  status,
  body: JSON.stringify({
    code,
    message: "+4915112345678 493827",
    more_info: "https://www.twilio.com",
    status,
  }),
});

describeProvider<TwilioSettings>({
  provider: twilio,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: {
    reply: {
      status: 201,
      body: JSON.stringify({ sid: message, status: "queued", error_code: null, price: null }),
    },
    reference: message,
  },
  errors: [
    {
      title: "knows no such number",
      reply: refusal(21211),
      expected: "invalid_recipient",
      providerCode: "21211",
    },
    {
      title: "may not send to the country",
      reply: refusal(21408),
      expected: "rejected",
      providerCode: "21408",
    },
    {
      title: "was told to STOP",
      reply: refusal(21610),
      expected: "invalid_recipient",
      providerCode: "21610",
    },
    {
      title: "refuses the login",
      reply: refusal(20003, 401),
      expected: "configuration",
      providerCode: "20003",
    },
    { title: "is asked too often", reply: refusal(20429, 429), expected: "throttled", providerCode: "20429" },
    {
      title: "does not have the sender",
      reply: refusal(21606),
      expected: "configuration",
      providerCode: "21606",
    },
    {
      title: "says a code that nobody knows",
      reply: refusal(29999),
      expected: "rejected",
      providerCode: "29999",
    },
    {
      title: "fails in its yes",
      reply: { status: 201, body: `{"sid":"${message}","status":"failed","error_code":30006}` },
      expected: "invalid_recipient",
      providerCode: "30006",
    },
    { title: "says yes in words", reply: { status: 201, body: "queued" }, expected: "ambiguous" },
  ],
});

describeProvider<TwilioSettings>({
  provider: twilio,
  via: "voice",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl, pressKeyFirst: false }),
  success: { reply: { status: 201, body: `{"sid":"${call}","status":"queued"}` }, reference: `call:${call}` },
  errors: [
    { title: "cannot reach it", reply: refusal(21214), expected: "invalid_recipient", providerCode: "21214" },
  ],
});

describe("twilio", () => {
  const bench = useBench();
  const yes = (sid = message) => ({ status: 201, body: JSON.stringify({ sid, status: "queued" }) });
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";
  const chosen = (more: Partial<TwilioSettings> = {}) => ({ ...settings, baseUrl: bench.url(), ...more });
  const fieldsOf = ({ body }: { readonly body: string }) => Object.fromEntries(new URLSearchParams(body));

  it("asks for one message that expires with its code", async () => {
    const { request } = await bench.send(twilio, chosen(), { from: undefined, reportUrl }, yes());
    expect(`${request.method} ${request.target}`).toBe(`POST /2010-04-01/Accounts/${account}/Messages.json`);
    const login = Buffer.from(`${account}:token secret`).toString("base64");
    expect(request.headers).toMatchObject({
      authorization: `Basic ${login}`,
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(fieldsOf(request)).toEqual({
      To: "+4915112345678",
      From: "+12025550100",
      Body: "Your code is 493827.",
      ValidityPeriod: "300",
      StatusCallback: reportUrl,
    });
  });

  it("leaves the sender to a messaging service, logs in by an API key, and needs what belongs together", async () => {
    const service = `MG${"d4".repeat(16)}`;
    const key = `SK${"e5".repeat(16)}`;
    const { from: _, ...nobody } = chosen({ apiKeySid: key, apiKeySecret: "key" });
    expect(twilio.validate?.(nobody)).toHaveLength(1);
    expect(twilio.validate?.({ ...settings, apiKeySid: key })).toHaveLength(1);
    const { request } = await bench.send(
      twilio,
      { ...nobody, messagingServiceSid: service },
      { from: undefined, ttlSeconds: 604_800 },
      yes(),
    );
    expect(request.headers["authorization"]).toBe(
      `Basic ${Buffer.from(`${key}:key secret`).toString("base64")}`,
    );
    expect(fieldsOf(request)).toEqual({
      To: "+4915112345678",
      MessagingServiceSid: service,
      Body: "Your code is 493827.",
      ValidityPeriod: "14400",
    });
  });

  it("WHK-09: a call waits for a key, so its words stand nowhere in the request", async () => {
    const kept: CallScript[] = [];
    bench.reply(yes(call));
    const speech = { parts: [{ kind: "digits", digits: "493827" }], invitation: "Press 1." } as const;
    const outbound = {
      id: "d1",
      verification: "v1",
      organization: "acme",
      via: "voice",
      to: "+4915112345678",
      text: "493827",
      locale: "en",
      ttlSeconds: 300,
      reportUrl,
      speech,
    } as const;
    const keepCallScript = async (script: CallScript) => {
      kept.push(script);
      return "https://mfa.example.test/delivery/calls/token";
    };
    const reachable = { ...bench.tools, keepCallScript };
    expect(await twilio.send(outbound, chosen(), reachable)).toEqual({ ok: true, reference: `call:${call}` });
    expect(bench.last().target).toBe(`/2010-04-01/Accounts/${account}/Calls.json`);
    expect(fieldsOf(bench.last())).toEqual({
      To: "+4915112345678",
      From: "+12025550100",
      Url: "https://mfa.example.test/delivery/calls/token",
      Method: "POST",
      Timeout: "30",
      TimeLimit: "120",
      StatusCallback: reportUrl,
      StatusCallbackMethod: "POST",
    });
    expect(kept).toHaveLength(1);
    expect(kept[0]).toMatchObject({ mediaType: "text/xml; charset=utf-8" });
    expect(kept[0]?.words).toContain(">493827<");
    expect(kept[0]?.invitation).toContain("Press 1.");
    expect(kept[0]?.invitation).not.toContain("493827");

    // Where the platform cannot reach us there is no waiting for a key, and so no call.
    const before = bench.last();
    expect(await twilio.send(outbound, chosen(), bench.tools)).toEqual({
      ok: false,
      reason: "configuration",
      providerCode: "no_public_url",
    });
    const failing = { ...bench.tools, keepCallScript: () => Promise.reject(new Error("disk full")) };
    expect(await twilio.send(outbound, chosen(), failing)).toMatchObject({ ok: false, reason: "temporary" });
    expect(await twilio.send(outbound, chosen({ from: "Acme" }), reachable)).toMatchObject({
      reason: "configuration",
      providerCode: "no_caller",
    });
    expect(bench.last()).toBe(before);
  });

  it("says the words at once where told, and then in the request", async () => {
    const { request } = await bench.send(
      twilio,
      chosen({
        pressKeyFirst: false,
        callFrom: "+12025550111",
        ringSeconds: 20,
        voices: { en: "Polly.Matthew" },
      }),
      { via: "voice" },
      yes(call),
    );
    const { Twiml, ...rest } = fieldsOf(request);
    expect(rest).toEqual({ To: "+4915112345678", From: "+12025550111", Timeout: "20", TimeLimit: "120" });
    expect(Twiml).toContain('voice="Polly.Matthew"');
    expect(Twiml).toContain(">493827<");
  });

  it("probes by reading the account, and wipes a text but no call", async () => {
    bench.reply({ body: "{}" });
    expect(await twilio.probe?.(chosen(), bench.tools)).toMatchObject({ ok: true });
    expect(`${bench.last().method} ${bench.last().target}`).toBe(`GET /2010-04-01/Accounts/${account}.json`);
    expect(await twilio.redact?.(message, chosen(), bench.tools)).toBe(true);
    expect(`${bench.last().method} ${bench.last().target}`).toBe(
      `POST /2010-04-01/Accounts/${account}/Messages/${message}.json`,
    );
    expect(bench.last().body).toBe("Body=");
    bench.reply(refusal(20404, 404));
    expect(await twilio.redact?.(message, chosen(), bench.tools)).toBe(false);
    const before = bench.last();
    expect(await twilio.redact?.(`call:${call}`, chosen(), bench.tools)).toBe(false);
    expect(bench.last()).toBe(before);
  });
});

const url = "https://mfa.example.test/delivery/reports/p1";

function signed(fields: Readonly<Record<string, string>>, to = url): ReportRequest {
  const signature = vendorPackage.getExpectedTwilioSignature("12345", to, fields);
  const headers = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature };
  return { method: "POST", url: to, headers, body: Buffer.from(`${new URLSearchParams(fields)}`) };
}

const common = {
  provider: twilio,
  settings,
  secrets: { token: "12345" },
  now: 0,
  headers: ["x-twilio-signature"],
  covers: { body: true, url: true, time: false },
} as const;
const about = { AccountSid: account, From: "+12025550100", To: "+4915112345678" };

describeReports<TwilioSettings>({
  ...common,
  genuine: (status) => signed({ ...about, MessageSid: message, MessageStatus: status }),
  delivered: { status: "delivered", report: { reference: message, state: "delivered" } },
  states: {
    queued: "accepted",
    sending: "accepted",
    sent: "accepted",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
    canceled: "failed",
    received: "ignored",
  },
});

describeReports<TwilioSettings>({
  ...common,
  settings: { ...settings, pressKeyFirst: false },
  genuine: (status) => signed({ ...about, CallSid: call, CallStatus: status }),
  delivered: { status: "completed", report: { reference: `call:${call}`, state: "delivered" } },
  states: {
    ringing: "accepted",
    "in-progress": "accepted",
    busy: "failed",
    "no-answer": "failed",
    failed: "failed",
  },
});

describe("reports of twilio, further", () => {
  const tools = { now: () => 0, secret: async () => "12345" };
  const read = (fields: Readonly<Record<string, string>>) =>
    twilio.readReports?.(signed({ ...about, ...fields }), settings, tools) as Promise<
      readonly DeliveryReport[]
    >;

  it("say why, by the code alone", async () => {
    const failed = { MessageSid: message, MessageStatus: "undelivered", ErrorCode: "30007" };
    expect(await read(failed)).toEqual([
      { reference: message, state: "failed", reason: "rejected", providerCode: "30007" },
    ]);
    expect(await read({ CallSid: call, CallStatus: "no-answer" })).toMatchObject([{ reason: "unanswered" }]);
  });

  it("WHK-09: an answered call that waits for a key has not told the code", async () => {
    expect(await read({ CallSid: call, CallStatus: "completed" })).toEqual([
      { reference: `call:${call}`, state: "accepted" },
    ]);
  });
});

describe("call scripts of twilio", () => {
  const script = "https://mfa.example.test/delivery/calls/token";
  const tools = { now: () => 0, secret: async () => "12345" };
  const ask = (request: ReportRequest) => twilio.readCall?.(request, settings, tools);
  const begun = { CallSid: call, CallStatus: "in-progress", ...about };

  it("WHK-10: a key is a key; anything else is none", async () => {
    expect(await ask(signed(begun, script))).toEqual({ keyPressed: false });
    for (const Digits of ["1", "#", "*", "12"]) {
      expect(await ask(signed({ ...begun, Digits }, script))).toEqual({ keyPressed: true });
    }
    for (const Digits of ["", "12345\n6", "a", "1".repeat(1000)]) {
      expect(await ask(signed({ ...begun, Digits }, script))).toEqual({ keyPressed: false });
    }
  });

  it("may be asked for by GET, with the query signed", async () => {
    const to = `${script}?CallSid=${call}&Digits=1`;
    const signature = vendorPackage.getExpectedTwilioSignature("12345", to, {});
    const get = {
      method: "GET",
      url: to,
      headers: { "x-twilio-signature": signature },
      body: new Uint8Array(),
    };
    expect(await ask(get)).toEqual({ keyPressed: true });
    await expect(ask({ ...get, url: `${script}?CallSid=${call}&Digits=2` })).rejects.toMatchObject({
      status: 403,
    });
  });

  it("WHK-08: are told to nobody else", async () => {
    const right = signed({ ...begun, Digits: "1" }, script);
    const wrong = [
      { ...right, headers: { ...right.headers, "x-twilio-signature": undefined } },
      { ...right, url: `${script}x` },
      { ...right, body: Buffer.from("Digits=2") },
    ];
    for (const request of wrong) await expect(ask(request)).rejects.toMatchObject({ status: 403 });
  });
});
