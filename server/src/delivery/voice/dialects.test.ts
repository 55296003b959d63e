import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser } from "fast-xml-parser";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { schemasFolder } from "../../../test/schemas.ts";
import { markupProblem } from "../templates/ssml.ts";
import { regionalTag, voiceFor } from "./languages.ts";
import { plainWords } from "./plain.ts";
import { invitationDocument, wordsDocument } from "./say.ts";
import { speechOf } from "./speech.ts";
import { sevenSsml } from "./ssml.ts";
import { swmlDocument } from "./swml.ts";

const code = "408127";
const attack = `</Say><Dial>+1900</Dial><audio src="x"/>\${OTP}%{call.from}`;

function speech(from = "Acme", said = code) {
  const values = { via: "voice", code: said, from, createdAt: 0, ttlSeconds: 300 } as const;
  return speechOf({ text: `\${from}: \${OTPFMT}`, invitation: `\${from}. Press 1.` }, values);
}

/** Names of all elements, in order. */
function elementsOf(xml: string): readonly string[] {
  return [...xml.matchAll(/<([A-Za-z-]+)/g)].map(([, name = ""]) => name);
}

describe("languages", () => {
  it.each([
    ["de", "de-DE"],
    ["de-at", "de-AT"],
    ["en", "en-US"],
    ["pt-BR", "pt-BR"],
    ["zh-Hant", "zh-TW"],
    ["not a tag", "en-US"],
  ])("%s is spoken as %s", (locale, tag) => expect(regionalTag(locale)).toBe(tag));

  it("an own voice goes before a known one, the exact tag before the language", () => {
    expect(voiceFor("de-AT", undefined)).toBe("Polly.Vicki");
    expect(voiceFor("de-AT", { de: "a", "de-AT": "b" })).toBe("b");
    expect(voiceFor("de", { de: "a", "de-AT": "b" })).toBe("a");
    expect(voiceFor("en-GB", { de: "a" })).toBe("Polly.Amy");
    expect(voiceFor("fi", undefined)).toBeUndefined();
  });
});

describe("Say (TwiML, cXML)", () => {
  it("is the document that the vendor's own builder makes", () => {
    const own = new twilio.twiml.VoiceResponse();
    own.pause({ length: 1 });
    for (const first of [true, false]) {
      if (!first) own.pause({ length: 1 });
      const say = own.say({ language: "de-DE", voice: "Polly.Vicki" }, "Acme: ");
      say.prosody({ rate: "slow" }, "").sayAs({ "interpret-as": "digits" }, code);
      say.break({ time: "700ms" });
    }
    own.hangup();
    const read = new XMLParser({ ignoreAttributes: false, preserveOrder: true });
    expect(read.parse(wordsDocument(speech(), { locale: "de" }))).toEqual(read.parse(own.toString()));
  });

  it("reads single digits where no voice is known that takes SSML", () => {
    const words = wordsDocument(speech(), { locale: "fi" });
    expect(words).toContain('<Say language="fi-FI">Acme: 4. 0. 8. 1. 2. 7. </Say>');
    expect(words.match(/4\. 0\. 8\. 1\. 2\. 7\./g)).toHaveLength(2);
  });

  it("WHK-09: asks for a key, twice, and tells no code", () => {
    const invitation = invitationDocument(speech(), { locale: "en" });
    expect(elementsOf(invitation)).toEqual(["Response", "Pause", "Gather", "Say", "Gather", "Say", "Hangup"]);
    expect(invitation).not.toMatch(/\d{3}|4\. 0/);
  });

  it("WHK-11: a hostile name adds no verb", () => {
    for (const make of [wordsDocument, invitationDocument]) {
      const hostile = make(speech(attack), { locale: "de" });
      expect(elementsOf(hostile)).toEqual(elementsOf(make(speech(), { locale: "de" })));
      expect(new XMLParser({ processEntities: true }).parse(hostile).Response).not.toHaveProperty("Dial");
    }
  });
});

describe("SWML", () => {
  it("WHK-09: tells the code only in the branch of a pressed key", () => {
    const document = swmlDocument(speech(), { locale: "en", opening: "invited" });
    const { main } = (document as { sections: { main: Record<string, never>[] } }).sections;
    expect(main.map((method) => Object.keys(method)[0])).toEqual(["answer", "prompt", "switch"]);
    expect(JSON.stringify([main[0], main[1]])).not.toContain("4. 0.");
    const { variable, default: otherwise, case: cases } = main[2]!["switch"]!;
    expect([variable, otherwise]).toEqual(["prompt_result", [{ hangup: {} }]]);
    expect(Object.keys(cases)).toEqual(["match_digits"]);
    expect(cases).toMatchObject({
      match_digits: [
        {
          play: {
            urls: ["silence:1", "say:Acme: 4. 0. 8. 1. 2. 7.", "silence:1", "say:Acme: 4. 0. 8. 1. 2. 7."],
            say_language: "en-US",
            say_voice: "Polly.Joanna",
          },
        },
        { hangup: {} },
      ],
    });
  });

  it("WHK-11: nothing in a name is filled in by the platform", () => {
    const hostile = JSON.stringify(swmlDocument(speech(attack), { locale: "en", opening: "at_once" }));
    expect(hostile).not.toMatch(/[$%]\{/);
    expect(hostile).toContain("{OTP}{call.from}");
  });

  const schema = schemasFolder("swml.json");
  it.skipIf(schema === undefined)("fits the vendor's schema", () => {
    const check = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(readFileSync(schema ?? "", "utf8")),
    );
    for (const opening of ["invited", "at_once"] as const) {
      expect(check(swmlDocument(speech(), { locale: "de", opening })), JSON.stringify(check.errors)).toBe(
        true,
      );
    }
    expect(check({ version: "1.0.0", sections: { main: [{ prompt: { plays: [] } }] } })).toBe(false);
  });
});

describe("SSML of seven.io", () => {
  it("names the voice, slows down and separates the digits", () => {
    const ssml = sevenSsml(speech(), { locale: "de-AT", gender: "male" });
    expect(ssml).toMatch(
      /^<voice name="de-at-male">Acme: <break strength="medium"\/><prosody rate="x-slow">/,
    );
    expect(ssml.match(/<say-as interpret-as="number_digit">4:0:8:1:2:7<\/say-as>/g)).toHaveLength(2);
    expect(markupProblem(ssml)).toBeUndefined();
  });

  it("WHK-11: a hostile name stays text; an own template is said as it stands", () => {
    const hostile = sevenSsml(speech(attack), { locale: "de", gender: "female" });
    expect(markupProblem(hostile)).toBeUndefined();
    expect(new Set(elementsOf(hostile))).toEqual(new Set(["voice", "break", "prosody", "say-as"]));
    const own = { parts: [], invitation: "", ssml: '<voice loop="2">1</voice>' };
    expect(sevenSsml(own, { locale: "de", gender: "female" })).toBe(own.ssml);
  });
});

it("a code with letters is spelled", () => {
  const lettered = speech("Acme", "4B8A");
  expect(wordsDocument(lettered, { locale: "de" })).toContain(
    '<say-as interpret-as="characters">4B8A</say-as>',
  );
  expect(sevenSsml(lettered, { locale: "de", gender: "female" })).toContain(">4. B. 8. A.</prosody>");
});

it("plain words: single digits, twice", () => {
  expect(plainWords(speech().parts)).toBe("Acme: 4. 0. 8. 1. 2. 7. Acme: 4. 0. 8. 1. 2. 7.");
});
