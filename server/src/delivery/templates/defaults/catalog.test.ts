import { spawnSync } from "node:child_process";
import { SegmentedMessage } from "sms-segments-calculator";
import { describe, expect, it } from "vitest";
import { codeCoverage, parseTemplate } from "../placeholders.ts";
import { renderTemplate } from "../render.ts";
import { countSegments } from "../segments.ts";
import { markupProblem } from "../ssml.ts";
import { validateTemplate } from "../validate.ts";
import { defaultLocales, defaultTexts } from "./catalog.ts";

const xmllint = spawnSync("xmllint", ["--version"]).status === 0;
const values = {
  via: "sms" as const,
  code: "123456",
  from: "Acme Portal",
  createdAt: 0,
  ttlSeconds: 600,
  binding: { action: "transfer", amount: "250.00 EUR" },
};

describe("the built-in texts", () => {
  it("exist in seven languages", () => {
    expect(defaultLocales).toEqual(["en", "de", "fr", "es", "it", "nl", "pt-BR"]);
  });

  /** Septets of the SMS, of the SMS that approves something, and of the SMS with a WebOTP line; each is one segment. */
  it.each([
    ["en", 103, 133, 132],
    ["de", 114, 139, 143],
    ["fr", 118, 138, 147],
    ["es", 98, 126, 127],
    ["it", 101, 124, 130],
    ["nl", 116, 135, 145],
    ["pt-BR", 107, 134, 136],
  ])("%s: one segment of GSM-7", (locale, plain, binding, webOtp) => {
    const texts = defaultTexts[locale]!;
    const messages = [
      renderTemplate(texts.sms, values),
      renderTemplate(texts.smsBinding, values),
      `${renderTemplate(texts.sms, values)}\n\n@portal.example.com #123456`,
    ];
    const counted = messages.map(countSegments);
    for (const message of messages) {
      expect(new SegmentedMessage(message)).toMatchObject({ encodingName: "GSM-7", segmentsCount: 1 });
    }
    expect(counted.map(({ encoding, segments, units }) => [encoding, segments, units])).toEqual(
      [plain, binding, webOtp].map((units) => ["GSM-7", 1, units]),
    );
  });

  for (const locale of ["en", "de", "fr", "es", "it", "nl", "pt-BR"]) {
    const texts = defaultTexts[locale]!;
    it(`${locale}: validate for every length of a code, begin with the code where it is read`, () => {
      const drafts = [
        { via: "sms", text: texts.sms },
        { via: "sms", text: texts.smsBinding },
        { via: "voice", text: texts.voice },
        { via: "voice", text: texts.voiceBinding },
        { via: "voice", text: texts.voiceSsml },
        { via: "email", text: texts.email, subject: texts.emailSubject },
        { via: "email", text: texts.emailBinding, subject: texts.emailSubject },
      ] as const;
      for (const draft of drafts) {
        for (let codeLength = 3; codeLength <= 12; codeLength += 1) {
          expect(validateTemplate({ locale, ...draft }, { codeLength, maxSegments: 1 })).toEqual([]);
        }
        if (draft.via !== "voice") expect(draft.text.startsWith("${OTPFMT}")).toBe(true);
        if (draft.text !== texts.voiceSsml) expect(draft.text).toContain("${from}");
        expect(draft.text.normalize("NFC")).toBe(draft.text);
        expect(draft.text).not.toMatch(/https?:|www\.|[\u00a0“”’…]/);
      }
      for (const text of [texts.sms, texts.smsBinding, texts.email, texts.emailBinding]) {
        expect(text).toMatch(/\$\{ttlMinutes\} [Mm]in/);
      }
      for (const text of [texts.sms, texts.voice, texts.email]) expect(text).not.toContain("${binding}");
      for (const text of [texts.smsBinding, texts.voiceBinding, texts.emailBinding])
        expect(text).toContain("${binding}");
    });

    it(`${locale}: say the code three times in a call`, () => {
      for (const text of [texts.voice, texts.voiceBinding]) {
        expect(text.split("${OTPFMT}")).toHaveLength(4);
        expect(codeCoverage(parseTemplate(text), 6).whole).toBe(true);
      }
    });

    it(`${locale}: ask for a key without telling the code`, () => {
      expect(parseTemplate(texts.voiceInvitation).filter(({ kind }) => kind !== "text")).toMatchObject([
        { name: "from" },
      ]);
      expect(texts.voiceInvitation).toMatch(/\b1\.$/);
    });

    it(`${locale}: the SSML sample is well-formed`, () => {
      const rendered = renderTemplate(texts.voiceSsml, { ...values, via: "voice" });
      expect(rendered).toContain("1:2:3:4:5:6");
      expect(markupProblem(rendered)).toBeUndefined();
      if (xmllint) expect(spawnSync("xmllint", ["--noout", "-"], { input: rendered }).status).toBe(0);
    });
  }
});
