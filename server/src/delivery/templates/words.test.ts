import { describe, expect, it } from "vitest";
import type { Template } from "../../engine/settings.ts";
import { type ComposeInput, composeMessage } from "./compose.ts";
import { defaultLocales, defaultTexts } from "./defaults/catalog.ts";
import { previewTemplate } from "./preview.ts";
import { countSegments } from "./segments.ts";
import { markupProblem } from "./ssml.ts";
import { validateTemplate } from "./validate.ts";

const compose = (change: Partial<ComposeInput>) =>
  composeMessage({
    via: "sms",
    code: "012345",
    locales: ["en"],
    templates: [],
    brand: "Acme Portal",
    ttlSeconds: 300,
    createdAt: 0,
    words: "amber river",
    ...change,
  });
const wished = { wishes: { proofWords: true } } as const;
const template = (change: Partial<Template>): Template => ({
  id: "t",
  organization: "o1",
  via: "sms",
  locale: "en",
  text: "${OTP}",
  createdAt: 0,
  updatedAt: 0,
  ...change,
});

describe("proof words in a message", () => {
  it("stand where the template has them, wished or not", () => {
    const templates = [template({ text: "${OTP} (${words})" })];
    expect(compose({ templates }).text).toBe("012345 (amber river)");
    expect(compose({ templates, ...wished }).text).toBe("012345 (amber river)");
  });

  it("follow a text without them only where they are wished", () => {
    const templates = [template({ webOtpDomain: "portal.example.com" })];
    expect(compose({ templates }).text).toBe("012345\n\n@portal.example.com #012345");
    expect(compose({ templates, ...wished }).text).toBe(
      "012345 Our agent will say: amber river.\n\n@portal.example.com #012345",
    );
    expect(compose({ templates, ...wished, words: undefined }).text).not.toContain("agent");
    expect(compose({}).text).not.toContain("amber");
  });

  it.each(defaultLocales)("follow every built-in text in %s, in one part of an SMS", (locale) => {
    const proof = (defaultTexts[locale]?.proof ?? "").replace("${words}", "amber river");
    expect(proof).toContain("amber river");
    for (const via of ["sms", "voice", "email"] as const) {
      const { text, speech, segments } = compose({ via, locales: [locale], ...wished });
      expect(text.trimEnd().endsWith(proof)).toBe(true);
      if (via === "sms") expect(segments).toMatchObject({ encoding: "GSM-7", segments: 1 });
      if (via === "voice") expect(JSON.stringify(speech?.parts)).toContain(proof);
    }
    expect(countSegments(proof).encoding).toBe("GSM-7");
  });

  it("are words of the language of the text that was chosen", () => {
    const templates = [template({ locale: "pl", text: "${OTP}" })];
    expect(compose({ templates, locales: ["pl"], ...wished }).text).toBe(
      "012345 Our agent will say: amber river.",
    );
    expect(compose({ templates: [template({ locale: "de-AT" })], locales: ["de-AT"], ...wished }).text).toBe(
      "012345 Wir nennen Ihnen: amber river.",
    );
  });

  it("stay inside the markup of a call, and are escaped there", () => {
    const templates = [template({ via: "voice", text: "<voice>${OTPFMT}<break/></voice>\n" })];
    const { speech } = compose({ via: "voice", templates, ...wished, words: "a&b <c>" });
    expect(speech?.ssml).toBe("<voice>0 1 2 3 4 5<break/> Our agent will say: a&amp;b &lt;c&gt;. </voice>\n");
    expect(markupProblem(speech?.ssml ?? "")).toBeUndefined();
    expect(JSON.stringify(speech?.parts)).toContain("a&b <c>");
  });

  it("are a placeholder that validates, counts and previews", () => {
    const draft = { via: "sms", locale: "en", text: "${OTP} ${words}" } as const;
    expect(validateTemplate(draft, { codeLength: 6 })).toEqual([]);
    expect(previewTemplate(draft, { codeLength: 6 }).text).toMatch(/^123456 [a-z]+ [a-z]+$/);
    expect(validateTemplate({ ...draft, text: "${words}" }, { codeLength: 6 })).toMatchObject([
      { code: "missing_code" },
    ]);
    expect(validateTemplate({ ...draft, text: "${OTP} ${Words}" }, { codeLength: 6 })).toMatchObject([
      { code: "unknown_placeholder", position: 7 },
    ]);
  });
});
