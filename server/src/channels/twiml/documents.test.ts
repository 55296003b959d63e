import { XMLParser } from "fast-xml-parser";
import VoiceResponse from "twilio/lib/twiml/VoiceResponse.js";
import { describe, expect, it } from "vitest";
import { elementNames } from "../../../test/xml-names.ts";
import type { Reply } from "../../dialogue/model.ts";
import type { Published } from "../channel.ts";
import { errorDocument, replyDocument } from "./documents.ts";
import type { TwimlSettings } from "./settings.ts";

const settings: TwimlSettings = {
  signature: "twilio",
  access: "c",
  input: "keys",
  minConfidence: 0,
  markup: "ssml",
  voice: "",
  paths: {},
  menuTimeoutSeconds: 8,
  codeTimeoutSeconds: 15,
  digitTimeoutSeconds: 5,
};
const url = "https://mfa.example.com/channels/twiml/p1";
const published = (more: Partial<TwimlSettings> = {}) =>
  ({ url, settings: { ...settings, ...more } }) as Published<TwimlSettings>;
const action = `${url}/t/tx_7Q2/2`;

const say: Reply["say"] = [
  { kind: "text", text: "We sent a code to the number ending in " },
  { kind: "digits", digits: "42" },
  { kind: "pause", ms: 300 },
];
const common = { conversation: "tx_7Q2", step: 2, locale: "en", say, pace: "normal" } as const;
const code: Reply = { ...common, expect: { kind: "code", minDigits: 6, maxDigits: 6 } };
const menu: Reply = {
  ...common,
  say: [{ kind: "text", text: "By email, press 1. By text, press 2." }],
  locale: "de",
  expect: {
    kind: "choice",
    options: [
      { key: "1", label: "E-Mail", value: "email" },
      { key: "2", label: "SMS, Text", value: "sms" },
    ],
  },
};
const done = (path: string, more = {}): Reply => ({
  ...common,
  say: [{ kind: "text", text: "Thank you." }],
  expect: { kind: "nothing" },
  done: { path, ...more },
});

/** Structure without the order of attributes. */
function parsed(document: string): unknown {
  return new XMLParser({ ignoreAttributes: false, preserveOrder: true, trimValues: false }).parse(document);
}

/** Every document, and the same as the builder of Twilio makes it. */
function built(build: (response: InstanceType<typeof VoiceResponse>) => void): unknown {
  const response = new VoiceResponse();
  build(response);
  return parsed(response.toString());
}

describe("TwiML documents, as the vendor's builder makes them", () => {
  it("a menu", () => {
    expect(parsed(replyDocument(menu, published()))).toEqual(
      built((response) => {
        const gather = response.gather({
          input: ["dtmf"],
          numDigits: 1,
          timeout: 8,
          action: `${action}?star=follows`,
          method: "POST",
          actionOnEmptyResult: true,
        });
        gather.say({ language: "de-DE" }, "By email, press 1. By text, press 2.");
        response.redirect({ method: "POST" }, `${action}?star=follows&event=noinput`);
      }),
    );
  });

  it("a code by keys or speech, slowly", () => {
    const document = replyDocument(
      { ...code, pace: "slow" },
      published({ input: "keys_and_speech", voice: "Polly.Joanna" }),
    );
    expect(parsed(document)).toEqual(
      built((response) => {
        const gather = response.gather({
          input: ["dtmf", "speech"],
          numDigits: 6,
          finishOnKey: "#",
          timeout: 15,
          language: "en-US",
          speechTimeout: "auto",
          action,
          method: "POST",
          actionOnEmptyResult: true,
        });
        const prosody = gather
          .say({ voice: "Polly.Joanna", language: "en-US" }, "")
          .prosody({ rate: "slow" }, "We sent a code to the number ending in ");
        prosody.break({ time: "400ms" });
        for (const digit of ["4", "2"]) {
          prosody.sayAs({ "interpret-as": "digits" }, digit);
          prosody.break({ time: "600ms" });
        }
        prosody.break({ time: "600ms" });
        response.redirect({ method: "POST" }, `${action}?event=noinput`);
      }),
    );
  });

  it("the end by a registered address", () => {
    const document = replyDocument(
      done("success", { receipt: "eyJ.a.b", verification: "v1" }),
      published({ returnUrl: "https://ivr.customer.example/after?a=1&path=forged" }),
    );
    expect(parsed(document)).toEqual(
      built((response) => {
        response.say({ language: "en-US" }, "Thank you.");
        response.redirect(
          { method: "POST" },
          "https://ivr.customer.example/after?a=1&path=success&conversation=tx_7Q2&verification=v1&receipt=eyJ.a.b",
        );
      }),
    );
  });

  it("the end by putting through, by path", () => {
    const paths = { agent: { dial: "+15005550006" }, error: { dial: "sip:desk@pbx.example.com" } };
    expect(parsed(replyDocument(done("agent"), published({ paths })))).toEqual(
      built((response) => {
        response.say({ language: "en-US" }, "Thank you.");
        response.dial({ timeout: 20 }, "+15005550006");
      }),
    );
    expect(parsed(errorDocument(published({ paths }).settings))).toEqual(
      built((response) => response.dial({ timeout: 20 }).sip("sip:desk@pbx.example.com")),
    );
  });

  it("the end by hanging up", () => {
    expect(parsed(replyDocument(done("constructor"), published()))).toEqual(
      built((response) => {
        response.say({ language: "en-US" }, "Thank you.");
        response.hangup();
      }),
    );
  });
});

describe("TwiML documents", () => {
  it("hints are the words of the options, one each", () => {
    const document = replyDocument(menu, published({ input: "speech" }));
    expect(document).toContain('input="speech"');
    expect(document).toContain('hints="E-Mail, SMS  Text"');
    expect(document).not.toContain("numDigits");
  });

  it("without markup digits are written apart and long pauses are verbs", () => {
    const parts: Reply["say"] = [
      ...say,
      { kind: "pause", ms: 1_400 },
      { kind: "text", text: "Enter it now." },
    ];
    const document = replyDocument({ ...code, say: parts }, published({ markup: "plain" }));
    expect(elementNames(document)).toEqual(["Response", "Gather", "Say", "Pause", "Say", "Redirect"]);
    expect(document).toContain("ending in 4, 2");
  });

  it("WHK-11: words stay words, and nobody is dialled", () => {
    const attack = `</Say></Gather><Dial>+19005550100</Dial><Say><audio src="x"/>\${OTP}`;
    for (const markup of ["ssml", "plain"] as const) {
      const hostile: Reply = {
        ...code,
        say: [
          { kind: "text", text: attack },
          { kind: "digits", digits: attack },
        ],
      };
      const document = replyDocument(hostile, published({ markup }));
      const allowed = ["Response", "Gather", "Say", "say-as", "Redirect"];
      expect(elementNames(document).filter((name) => !allowed.includes(name))).toEqual([]);
    }
  });
});
