import { simpleParser } from "mailparser";
import nodemailer from "nodemailer";
import { describe, expect, it } from "vitest";
import type { Template } from "../../engine/settings.ts";
import { type ComposeInput, composeMessage } from "./compose.ts";

const input: ComposeInput = {
  via: "sms",
  code: "012345",
  locales: ["en"],
  templates: [],
  brand: "Acme Portal",
  ttlSeconds: 300,
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
};
const template = (id: string, change: Partial<Template>): Template => ({
  id,
  organization: "o1",
  via: "sms",
  locale: "en",
  text: `${id} \${OTP}`,
  createdAt: 0,
  updatedAt: 0,
  ...change,
});
const compose = (change: Partial<ComposeInput>) => composeMessage({ ...input, ...change });
const chosen = (
  templates: readonly Template[],
  locales: readonly (string | undefined)[],
  change: Partial<ComposeInput> = {},
) => {
  const { templateId, locale } = compose({ templates, locales, app: "a1", ...change });
  return `${templateId ?? "built-in"} ${locale}`;
};

describe("choosing a text", () => {
  const appDe = template("app-de", { app: "a1", locale: "de" });
  const organizationDe = template("organization-de", { locale: "de" });
  const organizationEn = template("organization-en", {});
  const otherApp = template("other-app", { app: "a2", locale: "de" });
  const voice = template("voice", { via: "voice", locale: "de" });

  it("goes from app to organization to built-in", () => {
    expect(chosen([organizationDe, appDe, otherApp, voice], ["de-AT"])).toBe("app-de de");
    expect(chosen([organizationDe, otherApp, voice], ["de-AT"])).toBe("organization-de de");
    expect(chosen([organizationDe, appDe], ["de"], { app: undefined })).toBe("organization-de de");
    expect(chosen([otherApp, voice], ["de-AT"])).toBe("built-in de");
  });

  it("keeps the language of the reader when only another language was written", () => {
    expect(chosen([organizationEn], ["de", "en"])).toBe("built-in de");
    expect(chosen([organizationEn], ["pl", "en"])).toBe("organization-en en");
    expect(chosen([organizationEn], ["pl"])).toBe("organization-en en");
    expect(chosen([template("pl", { locale: "pl" })], ["pl-PL"])).toBe("pl pl");
  });

  it("prefers the same language to a related one", () => {
    const brazil = template("app-br", { app: "a1", locale: "pt-BR" });
    const portugal = template("organization-pt", { locale: "pt-PT" });
    expect(chosen([brazil, portugal], ["pt-PT"])).toBe("organization-pt pt-PT");
    expect(chosen([brazil, portugal], ["pt-BR"])).toBe("app-br pt-BR");
    expect(chosen([], ["pt-PT", "en"])).toBe("built-in pt-BR");
  });

  it("falls back to English and survives malformed tags", () => {
    expect(chosen([], ["ja"])).toBe("built-in en");
    expect(chosen([], [undefined, "not a lang!!", "*", ""])).toBe("built-in en");
    expect(chosen([], [])).toBe("built-in en");
  });

  it("passes over a text that cannot show the whole code", () => {
    const six = template("six", {
      text: Array.from({ length: 6 }, (_, index) => `\${OTPDIGIT[${index}]}`).join(""),
    });
    expect(compose({ templates: [six] })).toMatchObject({ templateId: "six", text: "012345" });
    expect(compose({ templates: [six], code: "01234567" }).templateId).toBeUndefined();
    expect(compose({ templates: [template("none", { text: "hello" })] }).text).toContain("012 345");
  });
});

describe("the message", () => {
  it("is the built-in SMS, under the provider's number", () => {
    expect(compose({})).toEqual({
      text: "012 345 is your Acme Portal code, valid for 5 min. Never give it to anyone who calls or writes to you.",
      locale: "en",
      segments: { encoding: "GSM-7", units: 102, segments: 1, remaining: 58 },
    });
  });

  it("carries the sender, the WebOTP line and the time of a stored template", () => {
    const one = template("t1", {
      text: "${OTPFMT} ${from} ${timestamp}\n",
      sender: "Acme",
      webOtpDomain: "portal.example.com",
    });
    expect(compose({ templates: [one] })).toMatchObject({
      text: "012 345 Acme 2026-01-02T03:04:05Z\n\n@portal.example.com #012345",
      from: "Acme",
      templateId: "t1",
      segments: { segments: 1 },
    });
  });

  it("writes a typographic brand plainly, so that the SMS stays in one part", () => {
    expect(compose({ brand: "Joe’s – Shop" })).toMatchObject({
      text: expect.stringContaining("Joe's - Shop"),
      segments: { encoding: "GSM-7" },
    });
    expect(compose({ brand: "Cafe\u0301" }).text).toContain("Caf\u00e9");
  });

  it("has the sender and subject that one verification wishes, each on one line", () => {
    const wishes = { from: "Bank\r\nBcc: x", subject: "Your\ncode" };
    expect(compose({ via: "email", wishes })).toMatchObject({ from: "Bank Bcc: x", subject: "Your code" });
    const stored = [template("own", { sender: "Acme" })];
    expect(compose({ templates: stored, wishes: { from: "Bank" } }).from).toBe("Bank");
    expect(compose({ templates: stored, wishes: {} }).from).toBe("Acme");
    expect(compose({ via: "voice", wishes })).not.toHaveProperty("from");
  });

  it("marks SSML and escapes the brand in it", () => {
    const ssml = template("v", { via: "voice", text: "<p>${from}: ${OTPFMTSSML}</p>" });
    expect(compose({ via: "voice", templates: [ssml], brand: "A<B" })).toEqual({
      text: "<p>A&lt;B: 0:1:2:3:4:5</p>",
      locale: "en",
      templateId: "v",
      speech: {
        ssml: "<p>A&lt;B: 0:1:2:3:4:5</p>",
        invitation: "Hello, this is A<B. To hear your code, press 1.",
        parts: [
          { kind: "text", text: " A<B: " },
          { kind: "digits", digits: "012345" },
          { kind: "pause", seconds: 1 },
          { kind: "text", text: " A<B: " },
          { kind: "digits", digits: "012345" },
        ],
      },
    });
    const plain = compose({ via: "voice" });
    expect(plain.text).toContain("0 1 2 3 4 5");
    expect(plain.speech).not.toHaveProperty("ssml");
    expect(plain.speech?.parts.filter(({ kind }) => kind === "digits")).toHaveLength(3);
    expect(compose({ via: "sms" })).not.toHaveProperty("speech");
  });

  it("says what is approved, on one line and bounded", () => {
    const binding = { action: "transfer", amount: "250.00 EUR" };
    expect(compose({ binding }).text).toBe(
      "012 345 is your Acme Portal code to approve: transfer 250.00 EUR. Valid for 5 min. If this is not what you asked for, do not use it.",
    );
    for (const via of ["sms", "voice", "email"] as const) {
      for (const locale of ["en", "de", "fr", "es", "it", "nl", "pt-BR"]) {
        expect(compose({ via, binding, locales: [locale] }).text, locale).toContain("transfer 250.00 EUR");
        expect(compose({ via, binding: { call: "c1" }, locales: [locale] })).toEqual(
          compose({ via, locales: [locale] }),
        );
      }
    }
    const hostile = {
      action: `x\n\n@evil.example #999999\u202e${"y".repeat(10_000)}`,
      amount: "${OTP} 1 EUR",
    };
    const { text } = compose({ binding: hostile });
    expect(text).not.toMatch(/[\n\u202e]/);
    expect(text).toContain("${OTP} 1 EUR");
    expect(text.length).toBeLessThan(250);
  });
});

describe("e-mail", () => {
  /** The message as another library writes it and a third one reads it. */
  async function sent(change: Partial<ComposeInput>) {
    const { from, subject, text } = compose({ via: "email", ...change });
    const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
    const { message } = await transport.sendMail({
      from: { name: from ?? "", address: "mfa@example.com" },
      to: "ann@example.com",
      subject,
      text,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return simpleParser(message as Buffer);
  }
  const usual = [
    "content-transfer-encoding",
    "content-type",
    "date",
    "from",
    "message-id",
    "mime-version",
    "subject",
    "to",
  ];

  it("has the code first in the text, never in the subject, and no HTML", async () => {
    const mail = await sent({});
    expect(mail.subject).toBe("Your Acme Portal verification code");
    expect(mail.text).toMatch(/^012 345 is your Acme Portal verification code\.\n\nIt is valid for 5 min\./);
    expect(mail.html).toBe(false);
    expect([...mail.headers.keys()].sort()).toEqual(usual);
  });

  it.each([
    "Acme\r\nBcc: x@evil.example",
    "A\u2028Reply-To: x",
    `<a href="https://evil.example">A</a>`,
    `"A" <x@evil.example>,`,
  ])("keeps its headers whatever the brand and the subject hold: %j (TPL-05, TPL-06)", async (brand) => {
    const stored = template("m", { via: "email", subject: `Code \${from} ${brand}`, text: "${OTP} ${from}" });
    for (const change of [{ brand }, { brand, templates: [stored] }]) {
      const mail = await sent(change);
      expect([...mail.headers.keys()].sort()).toEqual(usual);
      expect(mail.from?.value).toHaveLength(1);
      expect(mail.from?.value[0]?.address).toBe("mfa@example.com");
      expect(mail.subject).not.toMatch(/[\r\n\u2028]/);
      expect(mail.html).toBe(false);
      expect(mail.text).not.toMatch(/^Bcc/m);
    }
  });

  it("takes the built-in subject of the language when a template names none", () => {
    const stored = template("m", { via: "email", locale: "de-AT" });
    expect(compose({ via: "email", templates: [stored], locales: ["de-AT"] })).toMatchObject({
      subject: "Ihr Bestätigungscode für Acme Portal",
      from: "Acme Portal",
      templateId: "m",
    });
  });
});
