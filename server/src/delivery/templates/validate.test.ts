import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTemplate } from "./placeholders.ts";
import { previewTemplate, type TemplateDraft } from "./preview.ts";
import { type TemplateProblem, validateTemplate } from "./validate.ts";

const sms: TemplateDraft = { via: "sms", locale: "en", text: "${OTPFMT} is your code" };
const check = (change: Partial<TemplateDraft>, codeLength = 6) =>
  validateTemplate({ ...sms, ...change }, { codeLength });
const codes = (change: Partial<TemplateDraft>, codeLength = 6) =>
  check(change, codeLength).map(({ field, code }) => `${field} ${code}`);

describe("the code in the text", () => {
  it.each(["${OTP}", "${OTPFMT}", "${OTPFMTSSML}", "${OTP} ${OTPFMT}", "${OTP} starts with ${OTPDIGIT[0]}"])(
    "%s is enough",
    (text) => {
      expect(check({ text })).toEqual([]);
    },
  );

  it("takes all digits one by one, for every length", () => {
    for (let length = 4; length <= 12; length += 1) {
      const text = Array.from({ length }, (_, index) => `\${OTPDIGIT[${index}]}`).join("-");
      expect(check({ text }, length)).toEqual([]);
      expect(codes({ text }, length + 1)).toEqual(["/text incomplete_digits"]);
      expect(codes({ text }, length - 1)).toEqual(["/text digit_index_out_of_range"]);
    }
  });

  it("lists the digits that are missing", () => {
    const [problem] = check({ text: "${OTPDIGIT[0]}${OTPDIGIT[2]}${OTPDIGIT[2]}${OTPDIGIT[5]}" });
    expect(problem).toMatchObject({ code: "incomplete_digits", missing: [1, 3, 4] });
    expect(problem?.problem).toContain("${OTPDIGIT[1]}, ${OTPDIGIT[3]}, ${OTPDIGIT[4]}");
  });

  it.each(["", "no code", "${from} ${timestamp}", "$${OTP}", "{OTP}", "${ttlMinutes}", "${binding}"])(
    "%j has none, and the language is named (TPL-04)",
    (text) => {
      const problems = check({ text, locale: "pt_br" });
      expect(problems).toMatchObject([{ field: "/text", code: "missing_code", locale: "pt-BR" }]);
      expect(problems[0]?.problem).toMatch(/^\[pt-BR\] /);
    },
  );

  it.each(["[-1]", "[1e9]", "[i]", "[[0]]", "[]", "[00]", "[0x1]", "[ 0 ]", "[100]"])(
    "${OTPDIGIT%s} is no placeholder (TPL-02)",
    (index) => {
      expect(codes({ text: `\${OTP} \${OTPDIGIT${index}}` })).toEqual(["/text unknown_placeholder"]);
    },
  );
  it("${OTPDIGIT[99]} is out of range (TPL-02)", () => {
    expect(check({ text: "${OTP} ${OTPDIGIT[99]}" })).toMatchObject([
      { code: "digit_index_out_of_range", position: 7 },
    ]);
  });

  it.each([
    "${constructor}",
    "${__proto__}",
    "${process.env.X}",
    "${7*7}",
    "${}",
    "${",
    "${otp}",
    "${OTP",
    "${toString}",
  ])("%s is refused with its position (TPL-01)", (text) => {
    const found = check({ text: `\${OTP} ${text}` });
    expect(found).toMatchObject([{ code: "unknown_placeholder", position: 7 }]);
    expect(found[0]?.problem).toContain("character 8");
  });
  it.each(["{{7*7}}", "<%=7*7%>", "#{7*7}", "$(id)", "`id`", "%s", "$OTP"])(
    "%s is only text (TPL-01)",
    (text) => {
      expect(check({ text: `\${OTP} ${text}` })).toEqual([]);
      expect(previewTemplate({ ...sms, text: `\${OTP} ${text}` }, { codeLength: 6 }).text).toBe(
        `123456 ${text}`,
      );
    },
  );
});

describe("everything around the text", () => {
  it("reports all problems of a draft at once", () => {
    expect(
      codes({
        locale: "not a lang!!",
        text: "${nope}\0",
        sender: "far too long a sender",
        subject: "x",
        webOtpDomain: "https://portal.example.com/",
      }),
    ).toEqual([
      "/locale locale_invalid",
      "/text unknown_placeholder",
      "/text missing_code",
      "/text control_character",
      "/subject field_not_applicable",
      "/sender sender_invalid",
      "/webOtpDomain web_otp_domain_invalid",
    ]);
  });

  it.each([
    "\0",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ufeff",
    "\ud800",
  ])("refuses the character %j (TPL-09)", (character) => {
    expect(check({ text: `\${OTP}${character}` })).toMatchObject([
      { code: "control_character", position: 6 },
    ]);
  });

  it.each(["Acme Portals", "Acmé", "A-B", "", " A", "😀", "A\r\nB"])(
    "refuses the SMS sender %j (TPL-09)",
    (sender) => {
      expect(codes({ sender })).toEqual(["/sender sender_invalid"]);
    },
  );

  it.each(["a\r\nBcc: x@evil.example", "a\nb", "a\rb", "a\u2028b", "a\tb", "a\0b"])(
    "refuses line ends in subject and sender name %j (TPL-06)",
    (text) => {
      const email: Partial<TemplateDraft> = { via: "email", subject: text, sender: text };
      expect(codes(email)).toEqual(["/subject control_character", "/sender control_character"]);
    },
  );

  it("keeps the code out of the subject", () => {
    expect(codes({ via: "email", subject: "${OTP}" })).toEqual(["/subject code_in_subject"]);
    expect(codes({ via: "email", subject: "${OTPDIGIT[0]} ${x}" })).toEqual([
      "/subject unknown_placeholder",
      "/subject code_in_subject",
    ]);
    expect(codes({ via: "email", subject: "Your ${from} code" })).toEqual([]);
  });

  it.each(["portal.example.com", "a.b", "xn--bcher-kva.example"])("takes the host %s", (webOtpDomain) => {
    expect(check({ webOtpDomain })).toEqual([]);
  });
  it.each([
    "https://a.example",
    "a.example:443",
    "a.example/x",
    "A.example",
    "bücher.example",
    "127.1",
    "a b.example",
    "a.example\n",
    "",
    "localhost",
    "@a.example",
  ])("refuses the host %j", (webOtpDomain) => {
    expect(codes({ webOtpDomain })).toEqual(["/webOtpDomain web_otp_domain_invalid"]);
  });

  it("counts the parts of an SMS with the longest sender and the WebOTP line (TPL-09)", () => {
    const text = `\${OTP}\${from}${"a".repeat(160 - 6 - 11)}`;
    expect(previewTemplate({ ...sms, text }, { codeLength: 6 }).segments).toMatchObject({
      units: 160,
      segments: 1,
    });
    expect(previewTemplate({ ...sms, text: `${text}a` }, { codeLength: 6 }).segments?.segments).toBe(2);
    expect(previewTemplate({ ...sms, text, webOtpDomain: "a.example" }, { codeLength: 6 })).toMatchObject({
      text: expect.stringMatching(/\n\n@a\.example #123456$/),
      segments: { units: 160 + 2 + 1 + 9 + 2 + 6, segments: 2 },
    });
    expect(codes({ text: `\${OTP}${"a".repeat(301)}` })).toEqual(["/text too_many_segments"]);
    expect(check({ text: `\${OTP}${"a".repeat(80)}😀${"a".repeat(80)}` })[0]?.problem).toMatch(
      /UCS-2 because of “😀”/,
    );
    expect(
      validateTemplate({ ...sms, text: `\${OTP}${"a".repeat(301)}` }, { codeLength: 6, maxSegments: 3 }),
    ).toEqual([]);
  });
});

describe("SSML", () => {
  const voice = (text: string) => codes({ via: "voice", text });
  it("is checked as it would be sent (TPL-10)", () => {
    expect(voice("<p>${OTPFMTSSML} ${from}</p>")).toEqual([]);
    expect(voice("  <p>${OTP}</p> and text")).toEqual([]);
    expect(voice(`<sub alias="\${OTPFMT} \${from}">x</sub>`)).toEqual([]);
    expect(voice("<p>${OTP}")).toEqual(["/text malformed_ssml"]);
    expect(voice("<p>${OTP}</q>")).toEqual(["/text malformed_ssml"]);
    expect(voice("<${from}>${OTP}</${from}>")).toEqual(["/text malformed_ssml"]);
    expect(voice("<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><p>${OTP}&y;</p>")).toEqual([
      "/text malformed_ssml",
    ]);
    expect(voice("${OTP} a < b & c")).toEqual([]);
    expect(codes({ text: "<p>${OTP}" })).toEqual([]);
  });
});

describe("hostile sizes (TPL-11)", () => {
  const bounded = (text: string, via: TemplateDraft["via"] = "email"): readonly TemplateProblem[] =>
    check({ via, text });

  it("answers one million characters and ten thousand placeholders with one problem", () => {
    for (const text of [
      "a".repeat(1_000_000),
      "${OTP}".repeat(10_000),
      "${".repeat(500_000),
      "<a>".repeat(400_000),
    ]) {
      for (const via of ["sms", "voice", "email"] as const) {
        expect(bounded(text, via).map(({ code }) => code)).toEqual(["too_long"]);
      }
    }
  });

  it("splits a million characters into as many parts as it has, and no more work", () => {
    expect(parseTemplate("$".repeat(1_000_000))).toHaveLength(1);
    expect(parseTemplate("${".repeat(250_000))).toHaveLength(250_000);
    expect(parseTemplate("$${".repeat(250_000))).toHaveLength(250_000);
    expect(parseTemplate("${OTPDIGIT[".repeat(50_000))).toHaveLength(100_000);
    expect(parseTemplate("${OTP}".repeat(10_000))).toHaveLength(10_000);
  });

  it("names at most twenty unknown placeholders of a field", () => {
    expect(bounded("${".repeat(9_000)).filter(({ code }) => code === "unknown_placeholder")).toHaveLength(20);
  });

  it("reads repetitive markup to its end", () => {
    const tags = `<a b="1" c='2'>&amp;</a>`.repeat(400);
    expect(bounded(`${tags}\${OTP}`, "voice")).toEqual([]);
    const open = `<${" a=".repeat(3_000)}`;
    expect(bounded(`<p>${open}\${OTP}`, "voice")).toMatchObject([{ code: "malformed_ssml" }]);
    expect(bounded("<p>${OTP}", "voice")).toMatchObject([
      { problem: expect.stringContaining("not well-formed at its end: <p> is not closed") },
    ]);
  });

  it("refuses values that grow beyond what a gateway takes", () => {
    expect(codes({ via: "voice", text: "${OTPFMTSSML}".repeat(700) }, 10)).toEqual(["/text too_long"]);
  });
});

it("never throws, and what it passes can be sent whole", () => {
  const piece = fc.constantFrom(
    "${OTP}",
    "${OTPFMT}",
    "${OTPDIGIT[0]}",
    "${from}",
    "${x}",
    "$",
    "{",
    "<p>",
    "</p>",
    "é",
    "😀",
    "\0",
    "a",
    "\n",
    "&",
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(
      fc.record({
        via: fc.constantFrom("sms" as const, "voice" as const, "email" as const),
        locale: fc.oneof(fc.constantFrom("en", "de-AT", "en_US", "", "*"), fc.string()),
        text,
        sender: fc.option(text, { nil: undefined }),
        subject: fc.option(text, { nil: undefined }),
        webOtpDomain: fc.option(text, { nil: undefined }),
      }),
      fc.integer({ min: 3, max: 12 }),
      (draft, codeLength) => {
        const problems = validateTemplate(draft, { codeLength });
        for (const problem of problems) {
          expect(problem.problem).toMatch(/^\[.+\] .+\.$/s);
          expect(problem.problem).not.toMatch(/[\0\u202e]/);
        }
        if (problems.length === 0) {
          const sent = previewTemplate(draft, { codeLength }).text.replaceAll(/[ :]/g, "");
          expect(sent).toContain("1234567890".repeat(2).slice(0, codeLength));
        }
      },
    ),
    { numRuns: 1000 },
  );
});
