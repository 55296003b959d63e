import { createHmac } from "node:crypto";
import fc from "fast-check";
import plivoPackage from "plivo";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, describeReports, type StubAnswer, useBench } from "../contract.ts";
import type { ReportRequest } from "../provider.ts";
import { type PlivoSettings, plivo } from "./plivo.ts";

const settings = { authId: "MAXXXXXXXXXXXXXXXXXX", authToken: "token", from: "+14155550100" };
const uuid = "db3ce55a-7f1d-11e1-8ea7-1231380bc196";
const yes: StubAnswer = {
  status: 202,
  body: JSON.stringify({ api_id: "1", message: "message(s) queued", message_uuid: [uuid] }),
};
const refusal = (status: number): StubAnswer => ({
  status,
  body: '{"api_id":"1","error":"4915112345678 is not a valid number: 493827"}',
});

describeProvider<PlivoSettings>({
  provider: plivo,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: uuid },
  errors: [
    {
      title: "takes no number of the list",
      reply: { status: 202, body: '{"message_uuid":[],"invalid_number":["4915112345678"]}' },
      expected: "invalid_recipient",
    },
    { title: "refuses the request", reply: refusal(400), expected: "rejected", providerCode: "400" },
    {
      title: "refuses the login",
      reply: { status: 401, body: "Could not verify" },
      expected: "configuration",
    },
    { title: "has no credit", reply: refusal(402), expected: "configuration", providerCode: "402" },
    { title: "is unknown there", reply: refusal(404), expected: "configuration" },
    { title: "fails", reply: refusal(500), expected: "temporary" },
    { title: "says yes in words", reply: { status: 202, body: "queued" }, expected: "ambiguous" },
    {
      title: "says yes and no id",
      reply: { status: 202, body: '{"message_uuid":[]}' },
      expected: "ambiguous",
    },
  ],
});

describe("plivo", () => {
  const bench = useBench();
  const reportUrl = "https://mfa.example.test/delivery/reports/p1";

  it("asks for one message whose text is not kept, in full", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    const { request, body } = await bench.send(plivo, chosen, { from: undefined, reportUrl }, yes);
    expect(`${request.method} ${request.target}`).toBe("POST /Account/MAXXXXXXXXXXXXXXXXXX/Message/");
    const login = Buffer.from("MAXXXXXXXXXXXXXXXXXX:token secret").toString("base64");
    expect(request.headers["authorization"]).toBe(`Basic ${login}`);
    expect(body).toEqual({
      src: "14155550100",
      dst: "4915112345678",
      text: "Your code is 493827.",
      type: "sms",
      log: false,
      message_expiry: 300,
      url: reportUrl,
      method: "POST",
    });
  });

  it("leaves the sender to a powerpack, and needs one of both", async () => {
    const { from: _, ...nobody } = settings;
    expect(plivo.validate?.(nobody)).toHaveLength(1);
    const chosen = { ...nobody, powerpackId: "pack-1", baseUrl: bench.url() };
    const { body } = await bench.send(plivo, chosen, { from: undefined }, yes);
    expect(body).toMatchObject({ powerpack_uuid: "pack-1" });
    expect(body).not.toHaveProperty("src");
    expect(body).not.toHaveProperty("url");
  });

  it("probes without a message", async () => {
    bench.reply({ body: "{}" });
    expect(await plivo.probe?.({ ...settings, baseUrl: bench.url() }, bench.tools)).toMatchObject({
      ok: true,
    });
    expect(`${bench.last().method} ${bench.last().target}`).toBe("GET /Account/MAXXXXXXXXXXXXXXXXXX/");
  });
});

const url = "https://mfa.example.test/delivery/reports/p1";
const nonce = "05429567804466091622";

function formOf(status: string, code = "000"): string {
  const said = {
    MessageUUID: uuid,
    Status: status,
    ErrorCode: code,
    To: "4915112345678",
    From: "14155550100",
  };
  return `${new URLSearchParams({ ...said, Units: "1", TotalAmount: "0.00350" })}`;
}

function request(body: string, headers: Record<string, string>, to = url): ReportRequest {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return { method: "POST", url: to, headers: { ...type, ...headers }, body: Buffer.from(body) };
}

/** V3 as the documentation of plivo describes it for a URL without a query. */
function third(status: string, token = "token secret"): ReportRequest {
  const body = formOf(status);
  const text = [...new URLSearchParams(body)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flat()
    .join("");
  const signature = createHmac("sha256", token).update(`${url}?${text}.${nonce}`).digest("base64");
  return request(body, { "x-plivo-signature-v3": signature, "x-plivo-signature-v3-nonce": nonce });
}

function second(status: string, name = "x-plivo-signature-v2"): ReportRequest {
  const signature = createHmac("sha256", "token secret").update(`${url}${nonce}`).digest("base64");
  return request(formOf(status), { [name]: signature, "x-plivo-signature-v2-nonce": nonce });
}

const common = {
  provider: plivo,
  settings,
  secrets: { token: "token secret" },
  now: benchNow,
  delivered: { status: "delivered", report: { reference: uuid, state: "delivered" } },
  states: {
    queued: "accepted",
    sent: "accepted",
    read: "delivered",
    undelivered: "failed",
    failed: "failed",
    rejected: "failed",
  },
} as const;

describeReports<PlivoSettings>({
  ...common,
  genuine: (status) => third(status),
  headers: ["x-plivo-signature-v3", "x-plivo-signature-v3-nonce"],
  covers: { body: true, url: true, time: false },
});

describeReports<PlivoSettings>({
  ...common,
  genuine: (status) => second(status),
  headers: ["x-plivo-signature-v2", "x-plivo-signature-v2-nonce"],
  covers: { body: false, url: true, time: false },
});

describe("reports of plivo, further", () => {
  const tools = { now: () => benchNow, secret: async () => "token secret" };
  const read = (one: ReportRequest) => plivo.readReports?.(one, settings, tools);

  it("are what the published vector of V2 says", async () => {
    const body = formOf("delivered");
    const signed = request(
      body,
      {
        "x-plivo-signature-v2": "HlGIOd4617Xt7S2Igj/GmGVCSOkAj55dycqY+qDJjdI=",
        "x-plivo-signature-v2-nonce": "12345",
      },
      "https://mfa.example.test/hooks/plivo?x=1",
    );
    const vector = { now: () => 0, secret: async () => "my_auth_token" };
    expect(await plivo.readReports?.(signed, settings, vector)).toHaveLength(1);
  });

  it("agree with the vendor's own package, in both forms", async () => {
    const word = fc.string({ unit: fc.constantFrom(..."abzAZ09 .-_&=+%/é漢"), minLength: 1, maxLength: 6 });
    const places = fc.constantFrom(
      url,
      `${url}?x=1`,
      `${url}?z=2&a=1`,
      "http://127.0.0.1:4000/delivery/reports/p1",
    );
    const fields = fc.uniqueArray(fc.tuple(fc.constantFrom("Status", "To", "b", "A1"), word), {
      selector: ([name]) => name,
    });
    await fc.assert(
      fc.asyncProperty(places, fields, async (to, pairs) => {
        const body = `${new URLSearchParams([["MessageUUID", uuid], ...pairs])}`;
        const form = Object.fromEntries(new URLSearchParams(body));
        const [place = "", query = ""] = to.split("?");
        const sortedQuery = query.split("&").sort().join("&");
        const text = Object.keys(form)
          .sort()
          .map((name) => `${name}${form[name]}`)
          .join("");
        const signedText = `${place}?${sortedQuery}${query === "" ? "" : "."}${text}.${nonce}`;
        const signature = createHmac("sha256", "token secret").update(signedText).digest("base64");
        const theirs = plivoPackage.validateV3Signature("POST", to, nonce, "token secret", signature, form);
        const signed = request(
          body,
          { "x-plivo-signature-v3": `abc,${signature}`, "x-plivo-signature-v3-nonce": nonce },
          to,
        );
        const ours = await read(signed)?.then(
          () => true,
          () => false,
        );
        expect([theirs, ours]).toEqual([true, true]);
      }),
      { numRuns: 60 },
    );
    const { headers } = second("delivered");
    const v2 = headers["x-plivo-signature-v2"] ?? "";
    expect(plivoPackage.validateSignature(url, nonce, v2, "token secret")).toBe(true);
  });

  it("may be signed for the main account", async () => {
    expect(await read(second("delivered", "x-plivo-signature-ma-v2"))).toHaveLength(1);
  });

  it("are not judged by V2 where V3 was sent", async () => {
    const good = second("delivered").headers;
    for (const headers of [{ "x-plivo-signature-v3": "wrong" }, { "x-plivo-signature-v3-nonce": nonce }]) {
      const both = request(formOf("delivered"), { ...(good as Record<string, string>), ...headers });
      await expect(read(both)).rejects.toMatchObject({ status: 403 });
    }
  });

  it("say why, by the code alone", async () => {
    const { headers } = second("failed");
    const failed = { ...second("failed"), headers, body: Buffer.from(formOf("failed", "50")) };
    expect(await read(failed)).toEqual([
      { reference: uuid, state: "failed", reason: "invalid_recipient", providerCode: "50" },
    ]);
  });
});
