import { createHmac } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { schemasFolder } from "../../../test/schemas.ts";
import { signatureOf } from "../../../test/swaig.ts";
import type { ChannelRequest } from "../channel.ts";
import {
  type ChannelFixture,
  describeChannel,
  knownConversation,
  publishedBy,
  toolsOf,
} from "../contract.ts";
import type { FunctionDefinition } from "./definitions.ts";
import { redacted } from "./redact.ts";
import { type SwaigSettings, validateSwaig } from "./settings.ts";
import { swaig } from "./swaig.ts";
import { readAnswer } from "./verify.ts";

const key = "correct horse battery";
const signingKey = "PSK_test_key";

function post(path: string, body: unknown): ChannelRequest {
  const headers = { "content-type": "application/json" };
  return { method: "POST", path, query: "", headers, body: Buffer.from(JSON.stringify(body)) };
}
const fetched = post("", { call: { call_id: "call-1" }, vars: {}, envs: {}, params: {} });
const asked = post("/swaig", { action: "get_signature", functions: ["send_mfa"] });
const typed = post("/keypad", { event: "match_digits", value: "123456" });

const login = `Basic ${Buffer.from(`countersign:${key}`).toString("base64")}`;
const withHeaders = (request: ChannelRequest, headers: Readonly<Record<string, string>>): ChannelRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
});

const plain: ChannelFixture<SwaigSettings> = {
  channel: swaig,
  settings: { access: "c1" },
  secrets: { c1: key },
  requests: [fetched, asked, typed],
  prove: (request, published) => {
    if (request.path !== "/keypad") return withHeaders(request, { authorization: login });
    const place = `cv_${knownConversation}.1`;
    const text = `swaig keypad|${published.id}|${place.replace(".", "|")}`;
    const mac = createHmac("sha256", key).update(text).digest("base64url");
    return withHeaders(request, { "x-countersign-key": `${place}.${mac}` });
  },
  namesIn: ({ body }) => Object.keys(JSON.parse(body)),
};
describe("by log-in", () => describeChannel(plain));
describe("signed", () =>
  describeChannel({
    ...plain,
    settings: { access: "c1", signingKey: "c2" },
    secrets: { c1: key, c2: signingKey },
    requests: [fetched, asked],
    prove: (request, published) =>
      withHeaders(request, {
        authorization: login,
        "x-signalwire-signature": signatureOf(
          `${published.url}${request.path}`,
          Buffer.from(request.body).toString(),
          signingKey,
        ),
      }),
  }));

const functions = [
  {
    name: "pay_bill",
    description: "Pay a bill.",
    parameters: {
      type: "object" as const,
      properties: { amount: { type: "number" as const, description: "How much." } },
      required: ["amount"],
    },
    http: { url: "https://api.example.com/pay" },
  },
];

async function answerTo(request: ChannelRequest, settings: Readonly<Record<string, unknown>> = {}) {
  const fixture = { ...plain, settings: { ...plain.settings, ...settings } };
  const { body } = await swaig.handle(request, publishedBy(fixture), toolsOf(fixture));
  return JSON.parse(body);
}
const aiOf = async (settings: Readonly<Record<string, unknown>> = {}, request = fetched) =>
  (await answerTo(request, settings)).sections.main[1].ai;

describe("swaig: the agent document", () => {
  const path = schemasFolder("swml.json");

  it.skipIf(path === undefined || !existsSync(path)).each([
    ["plain", {}],
    ["by keypad", { codeEntry: "keypad", greeting: "Hello!", methods: ["sms", "voice"] }],
    ["with functions", { functions, codeEntry: "speech", instructions: "You sell boats." }],
  ])("is valid by SignalWire's schema: %s", async (_name, settings) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile(JSON.parse(readFileSync(path!, "utf8")));
    const document = await answerTo(fetched, settings);
    validate(document);
    expect(validate.errors).toBeNull();
    document.sections.main[1].ai.SWAIG.functions[0].no_such_member = 1;
    expect(validate(document)).toBe(false);
  });

  it("goes through the four steps of the digital employee", async () => {
    const { prompt } = await aiOf({ functions });
    const steps = prompt.text.split("\n").filter((line: string) => /^\d\. /.test(line));
    expect(steps).toEqual([
      expect.stringMatching(/Greet.*send_mfa/),
      expect.stringMatching(/Ask for the digits/),
      expect.stringMatching(/verify_mfa/),
      expect.stringMatching(/anything else/),
    ]);
    expect(prompt.text).toContain("You are Jim");
    expect(prompt.text).toContain("pay_bill: Pay a bill.");
  });

  it("gives every function an address with the log-in, one token, its own activity, and what it requires", async () => {
    const { SWAIG, post_prompt_url: posted } = await aiOf({ functions });
    const { id } = publishedBy(plain);
    const address = `https://countersign:${encodeURIComponent(key)}@mfa.example.com/channels/swaig/${id}`;
    expect(posted).toBe(`${address}/post`);
    for (const one of SWAIG.functions) {
      expect([one.web_hook_url, one.meta_data_token]).toEqual([`${address}/swaig`, "countersign"]);
    }
    const told = SWAIG.functions.map((one: FunctionDefinition) => [
      one.function,
      one.active,
      one.parameters.required,
    ]);
    expect(told).toEqual([
      ["send_mfa", true, []],
      ["verify_mfa", false, []],
      ["pay_bill", false, ["amount"]],
    ]);
  });

  it("takes no code where codes are typed past the model, and demands one where they are spoken", async () => {
    const parameters = async (codeEntry: string) => (await aiOf({ codeEntry })).SWAIG.functions[1].parameters;
    expect(await parameters("keypad")).toEqual({ type: "object", properties: {}, required: [] });
    expect((await parameters("speech")).required).toEqual(["token"]);
    expect(Object.keys((await parameters("either")).properties)).toEqual(["token", "keypad"]);
  });

  it("is the same for GET, and carries whom the calling system names", async () => {
    const get: ChannelRequest = {
      ...fetched,
      method: "GET",
      query: "subject=cust%201001",
      body: new Uint8Array(),
    };
    const { SWAIG } = await aiOf({}, get);
    expect(SWAIG.functions[0].web_hook_url).toMatch(/\/swaig\?subject=cust%201001$/);
    const transferred = post("", { params: { subject: "u1" } });
    expect((await aiOf({}, transferred)).SWAIG.functions[0].web_hook_url).toMatch(/\?subject=u1$/);
  });

  it("get_signature lists what is asked for, and everything when nothing is named", async () => {
    const names = async (wanted: readonly string[]) =>
      (await answerTo(post("/swaig", { action: "get_signature", functions: wanted }), { functions })).map(
        (one: Record<string, unknown>) => one["function"],
      );
    expect(await names([])).toEqual(["send_mfa", "verify_mfa", "pay_bill"]);
    expect(await names(["verify_mfa", "nothing"])).toEqual(["verify_mfa"]);
  });
});

describe("swaig: settings", () => {
  const problemsOf = (settings: Readonly<Record<string, unknown>>) =>
    validateSwaig(publishedBy({ ...plain, settings: { ...plain.settings, ...settings } }).settings);
  const one = functions[0]!;

  it.each([
    [{ functions: [one, one] }, "given twice"],
    [{ functions: [{ ...one, name: "send_mfa" }] }, "has a meaning"],
    [{ functions: [{ ...one, http: undefined }] }, "one of allow and http"],
    [{ functions: [{ ...one, allow: { text: "x" } }] }, "one of allow and http"],
    [{ functions: [{ ...one, parameters: { ...one.parameters, required: ["other"] } }] }, "does not have"],
    [{ mfa: "signalwire" }, "signalwireUrl"],
  ])("%j: %s", (settings, problem) => {
    expect(problemsOf(settings).join(" ")).toContain(problem);
    expect(problemsOf({ functions })).toEqual([]);
  });
});

const languages = [
  { name: "English", code: "en-US", voice: "v" },
  { name: "German", code: "de-DE", voice: "v" },
];

describe("SWG-10: reading an answer", () => {
  it("a JSON number is its digits with the zeros that it lost", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999 }), (number) => {
        const read = readAnswer(number, [6], { languages });
        expect(read).toMatchObject({ kind: "right_length", canonical: String(number).padStart(6, "0") });
      }),
    );
  });

  it.each([
    ["12345", "repeat"],
    ["1234", "repeat"],
    [-123456, "repeat"],
    [1.5, "repeat"],
    [Number.NaN, "repeat"],
    ["012345", "right_length"],
    ["0 1 2 3 4 5", "right_length"],
    ["eins zwei drei vier fünf sechs", "right_length"],
    ["1234567", "long"],
    [1_234_567, "long"],
    ["", "repeat"],
    [undefined, "repeat"],
  ])("%j: %s", (answer, kind) => {
    expect(readAnswer(answer, [6], { languages }).kind).toBe(kind);
  });
});

describe("swaig: what is kept of a conversation", () => {
  it.each([
    ["The code was 408127.", "408127"],
    ["Codes 408 127 and 4-0-8-1-2-7", "408"],
    ["She said four zero eight one two seven, twice.", "eight"],
    ["It was double four, zero, eight one two.", "four"],
    ["Er sagte vier null acht eins zwei sieben.", "acht"],
    ["quatre zéro huit un deux sept", "huit"],
    ["٤٠٨١٢٧", "٨"],
    ["Call +1 (202) 555-0123 or write to jane.doe@example.com", "555"],
    ["write to jane.doe@example.com", "jane.doe"],
  ])("%j without its code", (text, secret) => {
    expect(redacted(text)).not.toContain(secret);
    expect(redacted(text)).toContain("[…]");
  });

  it("and the rest as it was", () => {
    const text = "The caller asked for the balance and got it; no one else was on the line.";
    expect(redacted(text)).toBe(text);
  });

  it("never a run of digits, whatever stands between them", () => {
    const parts = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom("", " ", "-", ". ", ", ")),
      {
        minLength: 4,
        maxLength: 10,
      },
    );
    fc.assert(
      fc.property(parts, (digits) => {
        expect(redacted(`It was ${digits.flat().join("")} I think`)).not.toMatch(/\d/);
      }),
    );
  });
});
