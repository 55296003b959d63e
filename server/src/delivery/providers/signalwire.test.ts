import { createHmac } from "node:crypto";
import vendorPackage from "twilio";
import { describe, expect, it } from "vitest";
import { describeProvider, describeReports, useBench } from "../contract.ts";
import type { CallScript, ReportRequest } from "../provider.ts";
import { type SignalwireSettings, signalwire } from "./signalwire.ts";

const project = "7e1a2b3c-0000-4000-8000-000000000001";
const id = "0f0f0f0f-1111-4222-8333-444444444444";
const settings: Omit<SignalwireSettings, "baseUrl"> = {
  projectId: project,
  token: "token",
  signingKey: "signing",
  from: "+12025550100",
};

const refusal = (code: string, attribute: string | null, status = 422) => ({
  status,
  body: JSON.stringify({
    errors: [
      { type: "validation_error", code, message: "+4915112345678 493827", attribute, url: "https://x" },
    ],
  }),
});
const yes = { status: 201, body: JSON.stringify({ id: id.toUpperCase(), status: "queued", body: "493827" }) };
const common = { provider: signalwire, to: "+4915112345678" } as const;

describeProvider<SignalwireSettings>({
  ...common,
  via: "sms",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: id },
  errors: [
    {
      title: "does not have the sender",
      reply: refusal("invalid_from_number", "from"),
      expected: "configuration",
      providerCode: "invalid_from_number",
    },
    { title: "refuses the number", reply: refusal("invalid_parameter", "to"), expected: "invalid_recipient" },
    { title: "refuses something else", reply: refusal("something_new", null), expected: "rejected" },
    {
      title: "refuses the login",
      reply: { status: 401, body: '{"error":"Unauthorized"}' },
      expected: "configuration",
    },
    { title: "says yes and no id", reply: { status: 201, body: "{}" }, expected: "ambiguous" },
  ],
});

describeProvider<SignalwireSettings>({
  ...common,
  via: "voice",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: {
    reply: { status: 200, body: JSON.stringify({ id, status: "created" }) },
    reference: `call:${id}`,
  },
  errors: [
    {
      title: "misses something",
      reply: refusal("missing_required_parameter", "from"),
      expected: "configuration",
      providerCode: "missing_required_parameter",
    },
  ],
});

describeProvider<SignalwireSettings>({
  ...common,
  via: "sms",
  settings: (baseUrl) => ({ ...settings, api: "compatibility", baseUrl }),
  success: { reply: { status: 201, body: JSON.stringify({ sid: id, status: "queued" }) }, reference: id },
  errors: [
    {
      title: "knows no such number",
      reply: { status: 422, body: '{"code":"21211","message":"+4915112345678","status":422}' },
      expected: "invalid_recipient",
      providerCode: "21211",
    },
    {
      title: "says it in a list",
      reply: { status: 422, body: '{"errors":[{"code":"21606","message":"no"}]}' },
      expected: "configuration",
      providerCode: "21606",
    },
  ],
});

describe("signalwire", () => {
  const bench = useBench();
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";
  const login = `Basic ${Buffer.from(`${project}:token secret`).toString("base64")}`;
  const chosen = (more: Partial<SignalwireSettings> = {}) => ({ ...settings, baseUrl: bench.url(), ...more });

  it("asks for one message by the current API", async () => {
    const { request, body } = await bench.send(signalwire, chosen(), { from: undefined, reportUrl }, yes);
    expect(`${request.method} ${request.target}`).toBe("POST /api/messaging/messages");
    expect(request.headers["authorization"]).toBe(login);
    expect(body).toEqual({
      to: "+4915112345678",
      from: "+12025550100",
      body: "Your code is 493827.",
      custom_variables: { delivery: "0190a1b2-0000-7000-8000-000000000001" },
      status_callback: reportUrl,
    });
  });

  it("sends from a number of the project where the template names no number", async () => {
    const named = await bench.send(signalwire, chosen(), { from: "Acme" }, yes);
    const numbered = await bench.send(signalwire, chosen(), { from: "+12025550122" }, yes);
    expect(named.body).toMatchObject({ from: "+12025550100" });
    expect(numbered.body).toMatchObject({ from: "+12025550122" });
  });

  it("asks for no report that it could not check", async () => {
    const { signingKey: _, ...unsigned } = chosen();
    const current = await bench.send(signalwire, unsigned, { reportUrl }, yes);
    expect(current.body).not.toHaveProperty("status_callback");
    const other = await bench.send(signalwire, { ...unsigned, api: "compatibility" }, { reportUrl }, yes);
    expect(other.request.body).not.toContain("StatusCallback");
  });

  it("WHK-09: calls with the whole document in the request, the code behind a key", async () => {
    const speech = {
      parts: [
        { kind: "text", text: "Ihr Code: " },
        { kind: "digits", digits: "493827" },
      ],
      invitation: "Drücken Sie die 1.",
    } as const;
    const change = { via: "voice", locale: "de", speech, reportUrl } as const;
    const answer = { status: 200, body: JSON.stringify({ id }) };
    const { request, body } = await bench.send(
      signalwire,
      chosen({ callFrom: "+12025550111" }),
      change,
      answer,
    );
    expect(`${request.method} ${request.target}`).toBe("POST /api/calling/calls");
    const words = "say:Ihr Code: 4. 9. 3. 8. 2. 7.";
    const speaker = { say_language: "de-DE", say_voice: "Polly.Vicki" };
    expect(body).toEqual({
      command: "dial",
      params: {
        from: "+12025550111",
        to: "+4915112345678",
        timeout: 30,
        status_url: reportUrl,
        status_events: ["answered", "ended"],
        swml: {
          version: "1.0.0",
          sections: {
            main: [
              { answer: { max_duration: 120 } },
              {
                prompt: {
                  play: ["silence:1", "say:Drücken Sie die 1.", "silence:2", "say:Drücken Sie die 1."],
                  max_digits: 1,
                  initial_timeout: 8,
                  ...speaker,
                },
              },
              {
                switch: {
                  variable: "prompt_result",
                  case: {
                    match_digits: [{ play: { urls: ["silence:1", words], ...speaker } }, { hangup: {} }],
                  },
                  default: [{ hangup: {} }],
                },
              },
            ],
          },
        },
      },
    });
    const atOnce = await bench.send(signalwire, chosen({ pressKeyFirst: false }), change, answer);
    expect(JSON.stringify(atOnce.body)).not.toContain("prompt");
    expect(
      await signalwire.send({ ...message("voice"), speech }, chosen({ from: "Acme" }), bench.tools),
    ).toMatchObject({
      providerCode: "no_caller",
    });
  });

  it("calls by the Compatibility API with a script at a URL, which its signature must open", async () => {
    const kept: CallScript[] = [];
    const keepCallScript = async (script: CallScript) => {
      kept.push(script);
      return "https://mfa.example.test/delivery/calls/token";
    };
    const speech = { parts: [{ kind: "digits", digits: "493827" }], invitation: "Press 1." } as const;
    const reachable = { ...bench.tools, keepCallScript };
    const compatible = chosen({ api: "compatibility" });
    bench.reply({ body: JSON.stringify({ sid: id, status: "queued" }) });
    const result = await signalwire.send({ ...message("voice"), speech }, compatible, reachable);
    expect(result).toEqual({ ok: true, reference: `call:${id}` });
    expect(bench.last().target).toBe(`/api/laml/2010-04-01/Accounts/${project}/Calls.json`);
    expect(bench.last().body).not.toContain("493827");
    expect(new URLSearchParams(bench.last().body).get("Url")).toBe(
      "https://mfa.example.test/delivery/calls/token",
    );
    await signalwire.send(
      { ...message("voice"), speech },
      { ...compatible, pressKeyFirst: false },
      reachable,
    );
    expect(kept.map(({ invitation }) => invitation === undefined)).toEqual([false, true]);
    const before = bench.last();
    const { signingKey: _, ...unsigned } = compatible;
    for (const [given, tools] of [
      [unsigned, reachable],
      [compatible, bench.tools],
    ] as const) {
      expect(await signalwire.send({ ...message("voice"), speech }, given, tools)).toMatchObject({
        reason: "configuration",
        providerCode: "no_public_url",
      });
    }
    expect(bench.last()).toBe(before);
  });

  it("probes and wipes by the API of its settings", async () => {
    const asked: string[] = [];
    for (const api of ["current", "compatibility"] as const) {
      bench.reply({ body: "{}" });
      expect(await signalwire.probe?.(chosen({ api }), bench.tools)).toMatchObject({ ok: true });
      asked.push(`${bench.last().method} ${bench.last().target}`);
      expect(await signalwire.redact?.(id, chosen({ api }), bench.tools)).toBe(true);
      asked.push(`${bench.last().method} ${bench.last().target} ${bench.last().body}`);
      bench.reply({ status: 422, body: "{}" });
      expect(await signalwire.redact?.(id, chosen({ api }), bench.tools)).toBe(false);
      const before = bench.last();
      expect(await signalwire.redact?.(`call:${id}`, chosen({ api }), bench.tools)).toBe(false);
      expect(bench.last()).toBe(before);
    }
    expect(asked).toEqual([
      "GET /api/messaging/messages?page_size=1",
      `PATCH /api/messaging/messages/${id} {"body":""}`,
      `GET /api/laml/2010-04-01/Accounts/${project}.json`,
      `POST /api/laml/2010-04-01/Accounts/${project}/Messages/${id}.json Body=`,
    ]);
  });
});

function message(via: "voice") {
  return {
    id: "d1",
    verification: "v1",
    organization: "acme",
    via,
    to: "+4915112345678",
    text: "493827",
    locale: "en",
    ttlSeconds: 300,
  };
}

const url = "https://mfa.example.test/delivery/reports/p1";
const space = { ...settings, baseUrl: "https://acme.signalwire.com" };
const { signingKey: _, ...unconfigured } = space;

function signedBody(said: object): ReportRequest {
  const body = JSON.stringify(said);
  const signature = createHmac("sha1", "PSKtest").update(`${url}${body}`).digest("hex");
  const headers = { "content-type": "application/json", "x-signalwire-signature": signature };
  return { method: "POST", url, headers, body: Buffer.from(body) };
}

function signedForm(fields: Readonly<Record<string, string>>): ReportRequest {
  const signature = vendorPackage.getExpectedTwilioSignature("PSKtest", url, fields);
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-signalwire-signature": signature,
  };
  return { method: "POST", url, headers, body: Buffer.from(`${new URLSearchParams(fields)}`) };
}

const reports = {
  provider: signalwire,
  secrets: { signing: "PSKtest" },
  now: 0,
  headers: ["x-signalwire-signature"],
  covers: { body: true, url: true, time: false },
} as const;

describeReports<SignalwireSettings>({
  ...reports,
  settings: space,
  unconfigured,
  genuine: (status) => signedBody({ id, project_id: project, status, to: "+4915112345678", body: "493827" }),
  delivered: { status: "delivered", report: { reference: id, state: "delivered" } },
  states: {
    queued: "accepted",
    sent: "accepted",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
  },
});

const ended = ["hangup", "busy", "noAnswer", "decline", "cancel", "error"];
describeReports<SignalwireSettings>({
  ...reports,
  settings: { ...space, pressKeyFirst: false },
  unconfigured,
  genuine: (status) => {
    const state = ended.includes(status)
      ? { call_state: "ended", end_reason: status }
      : { call_state: status };
    return signedBody({ event_type: "calling.call.state", params: { call_id: id, ...state } });
  },
  delivered: { status: "hangup", report: { reference: `call:${id}`, state: "delivered" } },
  states: { ringing: "accepted", answered: "accepted", busy: "failed", noAnswer: "failed", error: "failed" },
});

describeReports<SignalwireSettings>({
  ...reports,
  settings: { ...space, api: "compatibility" },
  unconfigured: { ...unconfigured, api: "compatibility" },
  genuine: (status) => signedForm({ MessageSid: id, MessageStatus: status, To: "+4915112345678" }),
  delivered: { status: "delivered", report: { reference: id, state: "delivered" } },
  states: { sent: "accepted", undelivered: "failed", failed: "failed" },
});

describe("reports of signalwire, further", () => {
  const tools = { now: () => 0, secret: async () => "PSKtest" };

  it("SWG-02: one scheme per API: a form is no proof for JSON, nor the other way round", async () => {
    const form = signedForm({ MessageSid: id, MessageStatus: "delivered" });
    const json = signedBody({ id, status: "delivered" });
    const compatible = { ...space, api: "compatibility" } as const;
    await expect(signalwire.readReports?.(form, space, tools)).rejects.toMatchObject({ status: 403 });
    await expect(signalwire.readReports?.(json, compatible, tools)).rejects.toMatchObject({ status: 403 });
  });

  it("may be signed by SHA-256 instead", async () => {
    const { body, ...request } = signedBody({ id, status: "delivered" });
    const read = (text: string) => {
      const signature = createHmac("sha256", "PSKtest").update(`${url}${text}`).digest("hex");
      const headers = { "x-signalwire-sha256-signature": signature };
      return signalwire.readReports?.({ ...request, headers, body }, space, tools);
    };
    expect(await read(Buffer.from(body).toString())).toHaveLength(1);
    await expect(read("{}")).rejects.toMatchObject({ status: 403 });
  });

  it("WHK-09: an answered call that waits for a key has not told the code", async () => {
    const params = { call_id: id, call_state: "ended", end_reason: "hangup" };
    expect(await signalwire.readReports?.(signedBody({ params }), space, tools)).toEqual([
      { reference: `call:${id}`, state: "accepted" },
    ]);
  });

  it("tell of a key in a call by the Compatibility API", async () => {
    const compatible = { ...space, api: "compatibility" } as const;
    const read = (fields: Readonly<Record<string, string>>) =>
      signalwire.readCall?.(signedForm(fields), compatible, tools);
    expect(await read({ CallSid: id })).toEqual({ keyPressed: false });
    expect(await read({ CallSid: id, Digits: "1" })).toEqual({ keyPressed: true });
  });
});
