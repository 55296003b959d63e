import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { benchNow, describeProvider, type StubAnswer, type StubRequest, useBench } from "../contract.ts";
import { type SnsSettings, sns } from "./sns.ts";

const settings = { region: "eu-central-1", accessKeyId: "AKIDEXAMPLEEXAMPLE", secretAccessKey: "secret" };
const id = "94f20ce6-13c5-43a0-9a9e-ca52d816e90b";
const namespace = 'xmlns="https://sns.amazonaws.com/doc/2010-03-31/"';
const yes: StubAnswer = {
  body: `<PublishResponse ${namespace}><PublishResult><MessageId>${id}</MessageId></PublishResult></PublishResponse>`,
};
const refusal = (status: number, code: string): StubAnswer => ({
  status,
  body: `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>${code}</Code>
    <Message>Invalid parameter: +4915112345678 493827</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

describeProvider<SnsSettings>({
  provider: sns,
  via: "sms",
  to: "+4915112345678",
  settings: (baseUrl) => ({ ...settings, baseUrl }),
  success: { reply: yes, reference: id },
  errors: [
    {
      title: "refuses the number or the sender",
      reply: refusal(400, "InvalidParameter"),
      expected: "rejected",
      providerCode: "InvalidParameter",
    },
    { title: "knows no such key", reply: refusal(403, "InvalidClientTokenId"), expected: "configuration" },
    {
      title: "refuses the signature",
      reply: refusal(403, "SignatureDoesNotMatch"),
      expected: "configuration",
    },
    { title: "finds the time wrong", reply: refusal(400, "RequestExpired"), expected: "configuration" },
    { title: "forbids it", reply: refusal(403, "AuthorizationError"), expected: "configuration" },
    {
      title: "is asked too often",
      reply: refusal(400, "Throttling"),
      expected: "throttled",
      providerCode: "Throttling",
    },
    { title: "throttles", reply: refusal(429, "Throttled"), expected: "throttled" },
    {
      title: "fails",
      reply: refusal(500, "InternalError"),
      expected: "temporary",
      providerCode: "InternalError",
    },
    { title: "says yes in words", reply: { body: "<html>OK</html>" }, expected: "ambiguous" },
  ],
});

/** The signature of a request (Signature Version 4), computed apart from the library that signs. */
function signatureOf({ method, target, headers, body }: StubRequest, secret: string): string {
  const [, credential = "", names = ""] =
    /^AWS4-HMAC-SHA256 Credential=[A-Z]+\/([^,]+), SignedHeaders=([^,]+), /.exec(
      headers["authorization"] ?? "",
    ) ?? [];
  const [date = "", region = "", service = "", end = ""] = credential.split("/");
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const fields = names.split(";").map((name) => `${name}:${headers[name]}\n`);
  const canonical = [method, target, "", fields.join(""), names, hash(body)].join("\n");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], credential, hash(canonical)].join("\n");
  const key = [date, region, service, end].reduce<string | Buffer>(
    (before, part) => createHmac("sha256", before).update(part).digest(),
    `AWS4${secret}`,
  );
  return createHmac("sha256", key).update(text).digest("hex");
}

describe("sns", () => {
  const bench = useBench();

  it("asks for one message, in full, and signs what it asks", async () => {
    const chosen = { ...settings, maxPrice: "0.50", baseUrl: bench.url() };
    const change = { from: "Acme Bank", text: "Your code is 493827 & more: äß" };
    const { request } = await bench.send(sns, chosen, change, yes);
    expect(`${request.method} ${request.target}`).toBe("POST /");
    expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
      Action: "Publish",
      Version: "2010-03-31",
      PhoneNumber: "+4915112345678",
      Message: "Your code is 493827 & more: äß",
      "MessageAttributes.entry.1.Name": "AWS.SNS.SMS.SMSType",
      "MessageAttributes.entry.1.Value.DataType": "String",
      "MessageAttributes.entry.1.Value.StringValue": "Transactional",
      "MessageAttributes.entry.2.Name": "AWS.SNS.SMS.SenderID",
      "MessageAttributes.entry.2.Value.DataType": "String",
      "MessageAttributes.entry.2.Value.StringValue": "AcmeBank",
      "MessageAttributes.entry.3.Name": "AWS.SNS.SMS.MaxPrice",
      "MessageAttributes.entry.3.Value.DataType": "Number",
      "MessageAttributes.entry.3.Value.StringValue": "0.50",
    });
    const { authorization = "", ...headers } = request.headers;
    expect(headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect(headers["x-amz-date"]).toBe("20260921T141320Z");
    expect(new Date(benchNow).toISOString()).toBe("2026-09-21T14:13:20.000Z");
    expect(authorization).toContain("Credential=AKIDEXAMPLEEXAMPLE/20260921/eu-central-1/sns/aws4_request");
    expect(authorization).toMatch(/SignedHeaders=content-length;content-type;host;x-amz-date, /);
    expect(authorization.split("Signature=")[1]).toBe(signatureOf(request, "secret secret"));
    expect(JSON.stringify(request)).not.toContain("secret secret");
  });

  it("sends from a number as from a number, and with a session token", async () => {
    const chosen = { ...settings, from: "+14155550100", sessionToken: "session", baseUrl: bench.url() };
    const { request } = await bench.send(sns, chosen, { from: undefined }, yes);
    const form = new URLSearchParams(request.body);
    expect(form.get("MessageAttributes.entry.2.Name")).toBe("AWS.MM.SMS.OriginationNumber");
    expect(form.get("MessageAttributes.entry.2.Value.StringValue")).toBe("+14155550100");
    expect(request.headers["x-amz-security-token"]).toBe("session secret");
    expect(request.headers["authorization"]?.split("Signature=")[1]).toBe(
      signatureOf(request, "secret secret"),
    );
  });

  it("probes without a message", async () => {
    const chosen = { ...settings, baseUrl: bench.url() };
    bench.reply({ body: "<GetSMSAttributesResponse/>" });
    expect(await sns.probe?.(chosen, bench.tools)).toMatchObject({ ok: true });
    expect(bench.last().body).toBe("Action=GetSMSAttributes&Version=2010-03-31");
    bench.reply(refusal(403, "InvalidClientTokenId"));
    expect(await sns.probe?.(chosen, bench.tools)).toMatchObject({ ok: false });
  });

  it("takes nothing from the environment", async () => {
    const tools = { ...bench.tools, secret: async () => Promise.reject(new Error("gone")) };
    await expect(sns.probe?.({ ...settings, baseUrl: bench.url() }, tools)).rejects.toThrow("gone");
  });
});
