import { describe, expect, it } from "vitest";
import { defaultTexts } from "../templates/defaults/catalog.ts";
import { speechOf } from "./speech.ts";

const values = {
  via: "voice" as const,
  code: "408127",
  from: "Acme",
  createdAt: 0,
  ttlSeconds: 300,
};
const invitation = `This is \${from}. Press 1.`;
const digits = { kind: "digits", digits: "408127" };

/** `<code>` and `<from>` stand for their placeholders. */
function said(text: string, more = {}) {
  const template = text.replaceAll("<code>", `\${OTPFMT}`).replaceAll("<from>", `\${from}`);
  return speechOf({ text: template, invitation }, { ...values, ...more });
}

describe("speechOf", () => {
  it("tells words from the code, and the invitation never holds it", () => {
    const speech = said("Your code is: <code>. Again: <code>. Bye.");
    expect(speech.parts).toEqual([
      { kind: "text", text: "Your code is: " },
      digits,
      { kind: "text", text: "Again: " },
      digits,
      { kind: "text", text: "Bye." },
    ]);
    expect(speech.invitation).toBe("This is Acme. Press 1.");
    expect(speech.ssml).toBeUndefined();
  });

  it("says a code that the template says once twice, with a pause between", () => {
    expect(said("Code <code>").parts).toEqual([
      { kind: "text", text: "Code " },
      digits,
      { kind: "pause", seconds: 1 },
      { kind: "text", text: "Code " },
      digits,
    ]);
  });

  it("puts digits that a template names one by one together, and never two codes", () => {
    const singly = Array.from({ length: 6 }, (_, index) => `\${OTPDIGIT[${index}]}`).join(" ");
    const { parts } = said(`${singly} <code> <code>`);
    expect(parts).toEqual([digits, digits, digits]);
  });

  it("keeps every built-in text", () => {
    for (const [locale, texts] of Object.entries(defaultTexts)) {
      const { parts } = speechOf({ text: texts.voice, invitation: texts.voiceInvitation }, values);
      expect([locale, parts.filter(({ kind }) => kind === "digits")]).toEqual([
        locale,
        [digits, digits, digits],
      ]);
    }
  });

  it("takes the words out of SSML for other dialects, and leaves SSML as it stands for its own", () => {
    const speech = speechOf({ text: defaultTexts["de"]!.voiceSsml, invitation }, values);
    expect(speech.parts).toEqual([
      { kind: "text", text: " Ihr Bestätigungscode lautet: " },
      digits,
      { kind: "pause", seconds: 1 },
      { kind: "text", text: " Ihr Bestätigungscode lautet: " },
      digits,
    ]);
    expect(speech.ssml).toContain('loop-info="Ich wiederhole"');
    expect(speech.ssml).toContain("4:0:8:1:2:7");
  });

  it("WHK-11: a name that looks like markup stays text, in SSML too", () => {
    const from = "</Say><Dial>+1900</Dial>&lt;b&gt;";
    const plain = said("From <from>: <code>", { from });
    expect(plain.parts[0]).toEqual({ kind: "text", text: `From ${from}: ` });
    const ssml = said("<voice>From <from> &amp; co: <code></voice>", { from });
    expect(ssml.parts[0]).toEqual({ kind: "text", text: ` From ${from} & co: ` });
    expect(ssml.ssml).toContain("&lt;/Say&gt;&lt;Dial&gt;");
  });

  it("loses no code that stands within a tag", () => {
    const { parts } = said('<say-as value="<code>" note=">"/>');
    expect(parts.filter(({ kind }) => kind === "digits")).toEqual([digits, digits]);
  });
});
